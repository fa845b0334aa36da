"""Which passages hold which terms: tantivy's inverted index.

Its scores are BM25 with tantivy's constants, k1 = 1.2 and b = 0.75 (Robertson
and Zaragoza, "The Probabilistic Relevance Framework", 2009), and choose the
candidates only: `rescore` orders them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from index.lexical import opening
from index.lexical.terms import folded_words, function_words, stems, written_words
from index.types import Hit, PassageId

if TYPE_CHECKING:
    import tantivy

WRITER_BYTES = 64 * 2**20
"""Memory the writer may fill before it writes a segment."""

PAGE_IDS = 100_000
"""Ids taken out of the index at once."""

MOST_PHRASES = 24
"""Told apart in one search: tantivy's scores have so many binary digits."""

SHORTEST_HALF = 3
"""Letters in each half of a word that is taken apart: of "vietnam" viet and nam, of "into" none."""

FUNCTION_WORD_WEIGHT = 0.3
"""Of "the" or "is" beside other words, whose weight is 1. Rare in a small library, they would
count as much as names; left out, "to be or not to be" could not be found."""


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of a question, and how it may stand in passages."""

    terms: tuple[str, ...]
    """Its stems, one for each language of the library that stems it differently."""
    weight: float
    """1, or less for a word that only serves grammar, or stands in for another."""
    idf: float
    """BM25's inverse document frequency, as tantivy has it, times the weight; 0 where no passage
    holds it."""


@dataclass(frozen=True, slots=True)
class LexicalQuery:
    """What to look for of a question."""

    words: tuple[QueryWord, ...]
    pairs: frozenset[tuple[int, int]]
    """Places in `words` of those that follow one another in the question."""
    forms: frozenset[str]
    """The words as written, accents and endings included."""

    @property
    def weights(self) -> dict[str, float]:
        """Each term's weight."""
        return {term: word.weight for word in self.words for term in word.terms}


PART_MIN_PASSAGES, PART_MAX_PASSAGES = 80, 5_000
"""Between these sizes a part of the library has frequencies of its own."""

FREQUENCIES_REMEMBERED = 50_000
"""Of terms: a question asks for some 200, as each of its words might also be written in two. About
5 MB, three times."""


class _Part:
    """Passages that are asked, and how rare words are among them.

    Asked of one report, a question names the company as it must, and every page of the report
    does. In too small a part a word is rare or frequent by accident, and a large one is like the
    whole: then the whole library's frequencies count.
    """

    def __init__(self, index: LexicalIndex, among: Collection[PassageId] | None) -> None:
        of_its_own = among is not None and PART_MIN_PASSAGES <= len(among) <= PART_MAX_PASSAGES
        self._index = index
        self._among = among if of_its_own else None
        self._total = len(self._among) if self._among is not None else len(index)

    def idf(self, terms: Sequence[str]) -> float:
        """Robertson's and Spärck Jones' weight of a word with these terms; 0 where none is held."""
        count = min(self._total, self._index.holding_any(terms, self._among))
        return math.log(1 + (self._total - count + 0.5) / (count + 0.5)) if count else 0.0


class LexicalIndex:
    """Terms of passages, searchable. Opened on a folder that nothing writes to any more."""

    def __init__(self, folder: Path) -> None:
        """Open the index in `folder`.

        Raises:
            OSError: when there is none, or it is damaged.
        """
        # tantivy would make an empty index here without a word.
        if not (folder / "meta.json").is_file():
            raise OSError(f"{folder}: no tantivy index")
        with opening.damage_found(folder):
            index = opening.opened(folder)
            self._searcher = opening.Searcher(folder, index.searcher())
        self._schema = index.schema
        remembered = lru_cache(FREQUENCIES_REMEMBERED)
        self._frequency = remembered(partial(self._searcher.doc_freq, "terms"))
        self._holding = remembered(self._counted)
        self._together = remembered(self._stand_together)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def ids(self) -> Iterator[PassageId]:
        """Every id it holds, ascending."""
        import tantivy

        query = tantivy.Query.all_query()
        while True:
            page = self._searcher.search(
                query, PAGE_IDS, count=False, order_by_field="id", order=tantivy.Order.Asc
            ).hits
            ids = [PassageId(int(id_)) for id_, _ in page]
            yield from ids
            if len(ids) < PAGE_IDS:
                return
            query = tantivy.Query.range_query(
                self._schema, "id", tantivy.FieldType.Integer, ids[-1], include_lower=False
            )

    def holds(self, id_: PassageId, terms: Sequence[str]) -> bool:
        """Whether a passage is found by its id and all its terms, in their order."""
        import tantivy

        found = [(tantivy.Occur.Must, tantivy.Query.term_query(self._schema, "id", id_))]
        if terms:
            found.append((tantivy.Occur.Must, self._in_order(terms)))
        return bool(self._hits(tantivy.Query.boolean_query(found), 1))

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
        return self._hits(query if among is None else self._kept_to(query, among), limit)

    def query(
        self,
        question: str,
        languages: Collection[str | None],
        among: Collection[PassageId] | None = None,
    ) -> LexicalQuery:
        """What to look for in a library of these languages, among these passages if not all.

        A word is looked for as each language stems it. "Vietnam" also looks for "Viet Nam" where
        that stands somewhere, and "Viet Nam" for "Vietnam"; the parts share the word's weight.
        """
        written = written_words(question)
        folded = folded_words(written)
        grammar = function_words(set(written), languages)
        places: dict[str, int] = {}
        weights: list[float] = []
        order = []
        for word, terms in zip(written, _stemmed(folded, languages), strict=True):
            order.append(next((places[term] for term in terms if term in places), len(weights)))
            if order[-1] == len(weights):
                weights.append(FUNCTION_WORD_WEIGHT if word in grammar else 1.0)
            for term in terms:
                places.setdefault(term, order[-1])
        for spelling in self._other_spellings(folded, languages):
            for term in spelling:
                if term not in places:
                    places[term] = len(weights)
                    weights.append(1 / len(spelling))
        words = self._words(places, weights, _Part(self, among))
        return LexicalQuery(words, frozenset(pairwise(order)), frozenset(written))

    def _words(
        self, places: Mapping[str, int], weights: Sequence[float], part: _Part
    ) -> tuple[QueryWord, ...]:
        terms: list[list[str]] = [[] for _ in weights]
        for term, place in places.items():
            terms[place].append(term)
        return tuple(
            QueryWord(tuple(found), weight, weight * part.idf(found))
            for found, weight in zip(terms, weights, strict=True)
        )

    def holding(self, phrase: Sequence[str], languages: Collection[str | None]) -> set[PassageId]:
        """Passages with these folded words one after another, as some language stems them."""
        found: set[PassageId] = set()
        for language in languages:
            query = self._in_order(stems(phrase, language))
            found.update(hit.id for hit in self._hits(query, max(1, len(self))))
        return found

    def with_any_phrase(
        self,
        phrases: Collection[tuple[str, ...]],
        limit: int,
        among: Collection[PassageId] | None = None,
    ) -> list[Hit]:
        """The best `limit` passages that hold some of these terms one after another, best first.

        A passage scores by how many of the phrases it holds, and how rare their terms are. `among`
        keeps to these passages, as in `search`.
        """
        import tantivy

        if not phrases or (among is not None and not among):
            return []
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._in_order(phrase)) for phrase in phrases]
        )
        return self._hits(query if among is None else self._kept_to(query, among), limit)

    def with_phrases(
        self,
        alternatives: Sequence[Collection[tuple[str, ...]]],
        limit: int,
        among: Collection[PassageId] | None = None,
    ) -> dict[PassageId, int]:
        """Passages that hold some of these phrases, and which: bit n of the value is for the n-th.

        Each may be given in several forms, of which any counts. At most `limit` passages, those
        first that hold the last phrase, then the one before it, and so on. `among` as in `search`.
        """
        import tantivy

        assert len(alternatives) <= MOST_PHRASES
        if not alternatives or (among is not None and not among):
            return {}
        # A sum of different powers of two tells which of them were added.
        scored = [
            tantivy.Query.const_score_query(self._any_in_order(forms), float(1 << place))
            for place, forms in enumerate(alternatives)
        ]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in scored])
        hits = self._hits(query if among is None else self._kept_to(query, among), limit)
        return {hit.id: int(hit.score) for hit in hits}

    def _any_in_order(self, forms: Collection[tuple[str, ...]]) -> tantivy.Query:
        import tantivy

        queries = [self._in_order(form) for form in forms]
        return tantivy.Query.disjunction_max_query(queries) if len(queries) > 1 else queries[0]

    def frequency(self, term: str) -> int:
        """How many passages hold a term."""
        return self._frequency(term)

    def _in_order(self, terms: Sequence[str]) -> tantivy.Query:
        import tantivy

        if len(terms) == 1:
            return tantivy.Query.term_query(self._schema, "terms", terms[0])
        return tantivy.Query.phrase_query(self._schema, "terms", list(terms))

    def _other_spellings(
        self, folded: Sequence[str], languages: Collection[str | None]
    ) -> Iterator[list[str]]:
        """Compounds of the question as they also stand in the library."""
        letters = [word for word in folded if word.isalpha()]
        joined = [first + second for first, second in pairwise(letters)]
        parted = [part for word in letters for n in _cuts(word) for part in (word[:n], word[n:])]
        holding = self._frequency
        for language in languages:
            yield from ([term] for term in stems(joined, language) if holding(term))
            halves = iter(stems(parted, language))
            for first, second in zip(halves, halves, strict=True):
                if holding(first) and holding(second) and self._together(first, second):
                    yield [first, second]

    def _stand_together(self, first: str, second: str) -> bool:
        """Whether some passage has these terms one after the other."""
        import tantivy

        phrase = tantivy.Query.phrase_query(self._schema, "terms", [first, second])
        return bool(self._searcher.search(phrase, 1, count=False).hits)

    def holding_any(self, terms: Sequence[str], among: Collection[PassageId] | None) -> int:
        """How many passages hold one of these terms; counted twice if they hold two."""
        import tantivy

        if among is None:
            return sum(map(self._holding, terms))
        must = [(tantivy.Occur.Must, self._among(among))]
        queries = [
            tantivy.Query.boolean_query(
                [*must, (tantivy.Occur.Must, tantivy.Query.term_query(self._schema, "terms", term))]
            )
            for term in terms
        ]
        return sum(len(self._hits(query, len(among))) for query in queries)

    def _counted(self, term: str) -> int:
        """How many passages hold a term: exactly, while tantivy's frequency counts removed ones too.

        Else scores would differ between two libraries that hold the same.
        """
        import tantivy

        query = tantivy.Query.term_query(self._schema, "terms", term, index_option="basic")
        found = self._searcher.search(query, 1, count=True)
        return int(found.count)  # type: ignore[attr-defined] # their stub leaves it out

    def _kept_to(self, query: tantivy.Query, among: Collection[PassageId]) -> tantivy.Query:
        import tantivy

        unscored = tantivy.Query.const_score_query(self._among(among), 0.0)
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, query), (tantivy.Occur.Must, unscored)]
        )

    def _among(self, ids: Collection[PassageId]) -> tantivy.Query:
        import tantivy

        return tantivy.Query.term_set_query(self._schema, "id", sorted(ids))

    def _hits(self, query: tantivy.Query, limit: int) -> list[Hit]:
        found = self._searcher.search(query, limit, count=False).hits
        ids = self._searcher.fast_field_values("id", [address for _, address in found])
        return [
            Hit(PassageId(int(id_)), score)
            for id_, (score, _) in zip(ids, found, strict=True)
            if id_ is not None
        ]

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

    with opening.damage_found(folder):
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


def _stemmed(folded: Sequence[str], languages: Collection[str | None]) -> Iterator[tuple[str, ...]]:
    """For each word its stems, one for each language that stems it differently."""
    by_language = [stems(folded, language) for language in languages]
    return (tuple(dict.fromkeys(column)) for column in zip(*by_language, strict=True))


def _cuts(word: str) -> range:
    return range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1)


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    # Not unsigned: tantivy-py's delete_documents_by_term matches no unsigned field, silently.
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="position")
    return builder.build()
