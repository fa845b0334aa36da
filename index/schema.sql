-- The catalog: the one source of truth. Everything else in a library is derived from it.

-- generation, encoder identity, segmenter version, what Punkt learned.
CREATE TABLE library (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE documents (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,   -- never reused
    path   TEXT NOT NULL UNIQUE,                -- real and absolute
    sha256 TEXT NOT NULL,                       -- of the file's bytes, hex
    length INTEGER NOT NULL,                    -- of the text, code points
    title  TEXT,
    date   TEXT,                                -- ISO 8601
    language TEXT,                              -- ISO 639; null where it is not clear
    text   TEXT NOT NULL                        -- canonical; last, so that reading the others
                                                -- need not pass over it
) STRICT;

CREATE INDEX documents_by_sha256 ON documents (sha256);

CREATE TABLE passages (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused; the same in FAISS and tantivy
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    start       INTEGER NOT NULL,                   -- code points into documents.text, half-open
    "end"       INTEGER NOT NULL,
    line_start  INTEGER NOT NULL,                   -- from 1
    line_end    INTEGER NOT NULL,                   -- the last line, included
    quote       TEXT NOT NULL,                      -- text[start:end]; here so that reading a
                                                    -- passage never loads a whole document
    sentences   BLOB NOT NULL,                      -- little-endian int32 pairs, from the start
    terms       TEXT NOT NULL,                      -- lexical terms, parted by spaces
    hashes      BLOB NOT NULL,                      -- terms and words as numbers, for rescoring
    digest      BLOB NOT NULL,                      -- of what was embedded
    vectors     BLOB NOT NULL                       -- float16 [1 + sentences, dimension]
) STRICT;

CREATE INDEX passages_by_document ON passages (document_id, start);
CREATE INDEX passages_by_digest ON passages (digest);

-- Files that could not be indexed, until they are mended or removed.
CREATE TABLE failures (
    path    TEXT PRIMARY KEY,
    code    TEXT NOT NULL,
    message TEXT NOT NULL,
    remedy  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
