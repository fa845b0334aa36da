-- The catalog: the one source of truth. Everything else in a library is derived from it.

-- generation, encoder identity, segmenter version, what Punkt learned, bibliographies.
CREATE TABLE library (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE documents (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,   -- never reused
    path   TEXT NOT NULL UNIQUE,                -- real and absolute
    sha256 TEXT NOT NULL,                       -- of the file's bytes, hex; empty: to be read again
    container TEXT,                             -- path of the file it lies inside; null for files
    length INTEGER NOT NULL,                    -- of the text, code points
    pages_without_text INTEGER NOT NULL,
    title  TEXT,                                -- from here to isbn: what holds of the
    author TEXT,                                -- three below, stated, given and edited
    publication TEXT,
    date   TEXT,                                -- ISO 8601: a day, a month or a year
    language TEXT,                              -- ISO 639; null where it is not clear
    url    TEXT,
    type   TEXT,                                -- an item type of the Citation Style Language
    publisher TEXT,
    place  TEXT,
    volume TEXT,
    issue  TEXT,
    pages  TEXT,
    edition TEXT,
    doi    TEXT,                                -- bare
    isbn   TEXT,
    stated TEXT NOT NULL,                       -- JSON: by the file itself
    given  TEXT NOT NULL,                       -- JSON: by a sidecar or a bibliography
    edited TEXT NOT NULL,                       -- JSON: by the user
    text   TEXT NOT NULL                        -- canonical; last, so that reading the others
                                                -- need not pass over it
) STRICT;

CREATE INDEX documents_by_sha256 ON documents (sha256);
CREATE INDEX documents_by_container ON documents (container) WHERE container IS NOT NULL;

-- Where the parts of a text stand in its file.
CREATE TABLE layouts (
    document_id INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    marks       TEXT NOT NULL,                      -- JSON: [start, kind, number, label], ...
    characters  BLOB NOT NULL                       -- of PDFs, see index.readers.pdf_characters
) STRICT;

CREATE TABLE passages (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused; the same in FAISS and tantivy
    public_id   TEXT NOT NULL,                      -- from the file's SHA-256 and the offsets
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    start       INTEGER NOT NULL,                   -- code points into documents.text, half-open
    "end"       INTEGER NOT NULL,
    locator     TEXT NOT NULL,                      -- JSON: page, heading, paragraph, line, ...
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
CREATE INDEX passages_by_public_id ON passages (public_id);

-- Vectors of a document too large for one batch, until all of it is embedded and stored.
CREATE TABLE spare_vectors (
    digest  BLOB PRIMARY KEY,
    vectors BLOB NOT NULL
) STRICT;

-- Files that could not be indexed, until they are mended or removed.
CREATE TABLE failures (
    path    TEXT PRIMARY KEY,
    code    TEXT NOT NULL,
    message TEXT NOT NULL,
    remedy  TEXT NOT NULL,
    sha256  TEXT                                -- of what failed; null: it could not be read
) STRICT, WITHOUT ROWID;

-- Files as they were when last hashed, so that what looks the same need not be read again.
CREATE TABLE files (
    path      TEXT PRIMARY KEY,
    sha256    TEXT NOT NULL,
    bytes     INTEGER NOT NULL,
    mtime_ns  INTEGER NOT NULL,
    ctime_ns  INTEGER NOT NULL,
    inode     INTEGER NOT NULL,
    hashed_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
