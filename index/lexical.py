"""Words: the one door to tantivy, and the one place that turns text into terms.

Terms are folded (case, accents), parted and stemmed here, in the same way for
passages and questions; tantivy sees only finished terms. Its own accent
folding fails on decomposed text, and its query parser on raw questions.

Scores are BM25 with tantivy's constants, k1 = 1.2 and b = 0.75 (Robertson and
Zaragoza, "The Probabilistic Relevance Framework", 2009): higher is better, no
match is 0.
"""

from __future__ import annotations

import functools
import math
import re
import struct
import unicodedata
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from index.types import Hit, PassageId

if TYPE_CHECKING:
    import tantivy

    from index.types import Float32

K1 = 1.2
B = 0.75

WRITER_BYTES = 64 * 2**20
"""Memory the writer may fill before it writes a segment."""

# Letters that Unicode does not take apart into a base and a mark.
_FOLDED_LETTERS = str.maketrans(
    {
        "đ": "d",
        "ł": "l",
        "ø": "o",
        "ħ": "h",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ð": "d",
    }
)


_WORD = re.compile(r"[^\W_]+")

SHORTEST_HALF = 3
"""Letters in each half of a word that is taken apart: of "vietnam" viet and nam, of "into" none."""


def fold(text: str) -> str:
    """Lower case without accents.

    >>> fold("Tô Lâm met HỒ in Đà Nẵng, Łódź and Straße")
    'to lam met ho in da nang, lodz and strasse'
    """
    if text.isascii():
        return text.lower()
    # Marks go twice: some letters come apart only once their case is folded.
    return _bare(_bare(text).casefold()).translate(_FOLDED_LETTERS)


def analyze(text: str) -> list[str]:
    """The terms of a text, in order.

    >>> analyze("Việt Nam's leaders visited")
    ['viet', 'nam', 's', 'leader', 'visit']
    """
    terms: list[str] = _analyzer().analyze(fold(text))
    return terms


class LexicalIndex:
    """Terms of passages, searchable. Opened on a folder that nothing writes to any more."""

    def __init__(self, folder: Path) -> None:
        """Open the index in `folder`.

        Raises:
            OSError: when there is none, or it is damaged.
        """
        import tantivy

        # tantivy would make an empty index here without a word.
        if not (folder / "meta.json").is_file():
            raise OSError(f"{folder}: no tantivy index")
        try:
            self._index = tantivy.Index.open(str(folder))
            self._searcher = self._index.searcher()
        except ValueError as error:
            raise OSError(f"{folder}: {error}") from error
        self._schema = self._index.schema

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self, terms: Mapping[str, float], limit: int, among: Collection[PassageId] | None = None
    ) -> list[Hit]:
        """The best `limit` passages that hold any of the weighted terms, best first.

        `among` keeps to these passages; an empty one matches nothing, None does not filter.
        """
        import tantivy

        if not terms or (among is not None and not among):
            return []
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._term(*term)) for term in sorted(terms.items())]
        )
        if among is not None:
            ids = tantivy.Query.term_set_query(self._schema, "id", sorted(among))
            unscored = tantivy.Query.const_score_query(ids, 0.0)
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Must, unscored)]
            )
        found = self._searcher.search(query, limit, count=False).hits
        ids_found = self._searcher.fast_field_values("id", [address for _, address in found])
        return [
            Hit(PassageId(int(id_)), score)
            for id_, (score, _) in zip(ids_found, found, strict=True)
            if id_ is not None
        ]

    def terms_of(self, question: str) -> dict[str, float]:
        """The terms of a question with their weights, compounds also as this library spells them.

        "Vietnam" also looks for "Viet Nam" where that stands somewhere, and "Viet Nam" for
        "Vietnam". The parts of one word share its weight.
        """
        weights = dict.fromkeys(analyze(question), 1.0)
        words = _WORD.findall(fold(question))
        spellings = [analyze(first + second) for first, second in pairwise(words)]
        spellings += [analyze(f"{w[:n]} {w[n:]}") for w in words for n in _cuts(w)]
        for spelling in spellings:
            if self._stands(spelling):
                for term in spelling:
                    weights.setdefault(term, 1 / len(spelling))
        return weights

    def _stands(self, terms: list[str]) -> bool:
        """Whether some passage has these terms one after another."""
        import tantivy

        if not all(self._searcher.doc_freq("terms", term) for term in terms):
            return False
        if len(terms) == 1:
            return True
        phrase = tantivy.Query.phrase_query(self._schema, "terms", list(terms))
        return bool(self._searcher.search(phrase, 1, count=False).hits)

    def idf(self, terms: Mapping[str, float]) -> dict[str, float]:
        """BM25's inverse document frequency of each term, as tantivy has it, times its weight."""
        total = len(self)
        frequency = {term: self._searcher.doc_freq("terms", term) for term in terms}
        return {
            term: terms[term] * math.log(1 + (total - count + 0.5) / (count + 0.5))
            for term, count in frequency.items()
        }

    def _term(self, term: str, weight: float) -> tantivy.Query:
        import tantivy

        query = tantivy.Query.term_query(self._schema, "terms", term, index_option="freq")
        return tantivy.Query.boost_query(query, weight)


def update(
    folder: Path, removed: Sequence[PassageId], added: Iterable[tuple[PassageId, str]]
) -> None:
    """Change the index in `folder`, or make one there, in a single tantivy commit.

    Raises:
        OSError: when it cannot be written.
    """
    import tantivy

    try:
        index = tantivy.Index(_schema(), path=str(folder))
        with index.writer(WRITER_BYTES, num_threads=1) as writer:
            for id_ in removed:
                writer.delete_documents_by_term("id", id_)
            for id_, terms in added:
                document = tantivy.Document()
                document.add_integer("id", id_)
                document.add_text("terms", terms)
                writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()
    except ValueError as error:
        raise OSError(f"{folder}: {error}") from error


def hash_terms(passage_terms: str) -> bytes:
    """A passage's terms, given a line per sentence, as numbers for `best_sentence_bm25`.

    Little-endian uint32: each term's CRC-32, and 0 after each sentence.
    """
    hashes = [
        number
        for line in passage_terms.split("\n")
        for number in (*(_hash(term) for term in line.split()), 0)
    ]
    return struct.pack(f"<{len(hashes)}I", *hashes)


def best_sentence_bm25(hashed: Sequence[bytes], idf: Mapping[str, float]) -> Float32:
    r"""For each passage [n] the highest BM25 of its sentences; tantivy scores whole passages only.

    `hashed` comes from `hash_terms`. A sentence's length is held against the mean of all here.

    >>> passages = [hash_terms("no\nrice rice"), hash_terms("none here")]
    >>> [round(score, 2) for score in best_sentence_bm25(passages, {"rice": 2.0}).tolist()]
    [2.6, 0.0]
    """
    import numpy as np

    tokens = np.frombuffer(b"".join(hashed), dtype="<u4")
    ends = tokens == 0
    sentence_of = np.cumsum(ends) - ends
    lengths = np.bincount(sentence_of) - 1
    norms = K1 * (1 - B + B * lengths / max(1.0, float(lengths.mean())))
    scores = np.zeros(len(lengths), dtype=np.float32)
    for term, weight in idf.items():
        frequency = np.bincount(sentence_of[tokens == _hash(term)], minlength=len(lengths))
        scores += weight * frequency * (K1 + 1) / (frequency + norms)
    first_tokens = np.cumsum([0, *(len(blob) // 4 for blob in hashed[:-1])])
    best: Float32 = np.maximum.reduceat(scores, sentence_of[first_tokens])
    return best


def _hash(term: str) -> int:
    return zlib.crc32(term.encode()) or 1  # 0 ends a sentence


def _cuts(word: str) -> range:
    return range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1)


def _bare(text: str) -> str:
    """The text without accents, its case kept."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@functools.cache
def _analyzer() -> tantivy.TextAnalyzer:
    import tantivy

    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.stemmer("English"))
        .build()
    )


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    # Not unsigned: tantivy-py's delete_documents_by_term matches no unsigned field, silently.
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="position")
    return builder.build()
