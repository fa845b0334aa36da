"""Where in a library a quotation may come from.

Passages that hold all its words in a row come first. Where there are none, a
quotation is altered, or runs over the end of a passage, or leaves something out:
then places are looked for that hold most of its shingles close together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

from index import records
from index.library import Snapshot
from index.types import Document, DocumentId, Filters, Hit, PassageId
from qa.checking.finding.alikeness import Place, most_alike
from qa.checking.finding.neighbourhoods import Anchor, Region, best_together, regions
from qa.checking.finding.shingles import (
    MOST_WHOLE,
    Phrase,
    Shingles,
    fragments,
    phrases,
    rarest,
    shingles,
)

WHOLE_HITS = 64
"""Passages with all of a quotation's words that are looked at: a saying may stand in thousands."""

SHINGLE_HITS = 2_000
"""Passages looked at that hold some of its shingles, those with the rarest first."""

SHORT_PASSAGE = 10
"""Words: what many a heading or line of code has."""

SEARCHERS = 2
"""Threads. Tantivy lets others run while it searches; what is done in Python is the greater part,
so that more would wait for each other."""

WORD_HITS = 8
"""Passages looked at that hold some of its rarest words."""

FEW_PAIRS = 32
"""Neighbours that hold a quotation's beginning and end; where there are more, it is looked for
with its words parted at fewer places at once, until the place is known."""

FEW_PASSAGES = 5_000
"""Asked by name; of more, what may not be looked at is taken out of what is found, which is faster
than telling tantivy."""

MOST_FRAGMENTS = 60
"""Between ellipses, looked for: as many marks as a quotation may have, see `omissions`."""

OMITTED = 20_000
"""Characters an ellipsis may stand for: a long chapter."""

BESIDE = 100
"""Characters beside what may hold a quotation that are held against it, and its own length."""

_BY_WORDS = Shingles((), tuple(range(1, WORD_HITS + 1)))
"""What passages weigh that hold single words only, one bit each."""


class Sources:
    """The documents of one generation, as origins of quotations."""

    def __init__(
        self,
        snapshot: Snapshot,
        filters: Filters | None = None,
        except_documents: Collection[DocumentId] = (),
    ) -> None:
        self._snapshot = snapshot
        self._lexical = snapshot.lexical
        self._within = snapshot.within(filters) if filters and filters != Filters() else None
        left_out = Filters(document_ids=tuple(except_documents))
        self._left_out = snapshot.within(left_out) if except_documents else set()
        self._documents: dict[DocumentId, Document | None] = {}

    def holding(self, quotations: Sequence[str]) -> list[list[Place]]:
        """For each, the passages with all its words in a row, by path and place."""
        return self._read([self._passages(self._whole(text)) for text in quotations])

    def resembling(self, quotations: Sequence[str]) -> list[list[Place]]:
        """For each, the few places that are most like it."""
        with ThreadPoolExecutor(SEARCHERS) as searchers:
            found = list(searchers.map(self._like, quotations))
        places = self._places({id_ for _, held in found for some in held for id_ in some})
        likely = []
        for text, (looked_for, held) in zip(quotations, found, strict=True):
            anchors = [
                Anchor(*places[id_], fragment, bits)
                for fragment, some in enumerate(held)
                for id_, bits in some.items()
                if id_ in places
            ]
            reach = OMITTED if len(fragments(text)) > 1 else len(text)
            likely.append(list(regions(anchors, looked_for, reach, len(text) + BESIDE)))
        read = self._read(likely)
        return [most_alike(text, those) for text, those in zip(quotations, read, strict=True)]

    def _document(self, id_: DocumentId) -> Document | None:
        """A document; None if it was removed since."""
        if id_ not in self._documents:
            with self._snapshot.catalog.snapshot() as connection:
                self._documents[id_] = records.document(connection, id_)
        return self._documents[id_]

    def _whole(self, text: str) -> list[PassageId]:
        languages = self._snapshot.languages
        # With what stands in brackets, and on both sides of dots: they may be the source's own.
        whole = [one for one in phrases(text, languages) if 0 < len(one) <= MOST_WHOLE]
        hits = self._searched(whole, WHOLE_HITS)
        if len(hits) == WHOLE_HITS:  # the first by path must be among them
            hits = self._searched(whole, len(self._lexical))
        return [hit.id for hit in hits]

    def _searched(
        self, some: Collection[Phrase], limit: int, among: Collection[PassageId] | None = None
    ) -> list[Hit]:
        """The best that may be looked at."""
        enough, named = self._asked(limit)
        hits = self._lexical.with_any_phrase(some, enough, named if among is None else among)
        return [hit for hit in hits if self._allowed(hit.id)][:limit]

    def _asked(self, limit: int) -> tuple[int, Collection[PassageId] | None]:
        """How many to ask for, and among which: more where some may not be looked at."""
        if self._within is None:
            return limit + len(self._left_out), None
        few = len(self._within) <= FEW_PASSAGES
        return len(self._lexical), self._within if few else None

    def _allowed(self, id_: PassageId) -> bool:
        return id_ not in self._left_out and (self._within is None or id_ in self._within)

    def _like(self, text: str) -> tuple[list[Shingles], list[dict[PassageId, int]]]:
        """For each fragment its shingles, and passages with the bits of those they hold."""
        languages = self._snapshot.languages
        # Of thousands the longest tell the place as well.
        parts = sorted(fragments(text), key=len, reverse=True)[:MOST_FRAGMENTS]
        looked_for = [shingles(part, languages, self._lexical) for part in parts]
        held = [self._holding(*one) for one in zip(parts, looked_for, strict=True)]
        if len(set().union(*held)) < WORD_HITS:
            terms = rarest(phrases(text, languages), self._lexical)
            hits = self._lexical.search(terms, *self._asked(WORD_HITS))
            allowed = [hit.id for hit in hits if self._allowed(hit.id)][:WORD_HITS]
            looked_for.append(_BY_WORDS)
            held.append({id_: 1 << place for place, id_ in enumerate(reversed(allowed))})
        return looked_for, held

    def _holding(self, fragment: str, looked_for: Shingles) -> dict[PassageId, int]:
        forms = phrases(fragment, self._snapshot.languages)
        enough, named = self._asked(SHINGLE_HITS)
        found = self._lexical.with_phrases(looked_for.forms, enough, named)
        allowed = {id_: held for id_, held in found.items() if self._allowed(id_)}
        reach = 1 + len(forms[0]) // SHORT_PASSAGE
        best = best_together(allowed, looked_for, reach) if allowed else {}
        crossing = {id_ for form in forms for id_ in self._crossing(form)}
        return best | dict.fromkeys(sorted(crossing), looked_for.all_held)

    def _crossing(self, phrase: Phrase) -> set[PassageId]:
        """Passages that hold the beginning of a phrase, or the rest, where the next one holds that.

        Wherever it is parted, one of them holds half of it, so that two searches tell mostly that
        there are none. A document's passages are numbered in their order.
        """
        half = len(phrase) // 2
        found: set[PassageId] = set()
        ranges = [(1, half + 1), (half + 1, len(phrase))]
        while ranges:
            low, high = ranges.pop()
            pairs = self._parted(phrase, low, high) if low < high else set()
            if len(pairs) > FEW_PAIRS and high - low > 1:
                ranges += [(low, (low + high) // 2), ((low + high) // 2, high)]
            else:
                found |= pairs
        return found

    def _parted(self, phrase: Phrase, low: int, high: int) -> set[PassageId]:
        """Neighbours of which one may end with up to `low` to `high` - 1 words of the phrase."""
        before, after = phrase[:low], phrase[high - 1 :]
        longer, shorter, step = (before, after, 1) if low >= len(after) else (after, before, -1)
        ids = {hit.id for hit in self._searched([longer], SHINGLE_HITS)}
        beside = {PassageId(id_ + step) for id_ in ids}
        there = {hit.id for hit in self._searched([shorter], SHINGLE_HITS, beside)}
        return there | {PassageId(id_ - step) for id_ in there}

    def _places(self, ids: Collection[PassageId]) -> dict[PassageId, tuple[DocumentId, int, int]]:
        with self._snapshot.catalog.snapshot() as connection:
            return records.places(connection, sorted(ids))

    def _passages(self, ids: Sequence[PassageId]) -> list[Region]:
        """The first of these by path and place."""
        found = [Region(*place) for place in self._places(ids).values()]
        found.sort(key=lambda one: (self._path(one.document_id), one.start))
        return found[:WHOLE_HITS]

    def _path(self, id_: DocumentId) -> str:
        document = self._document(id_)
        return str(document.path) if document else ""

    def _read(self, regions: Sequence[Sequence[Region]]) -> list[list[Place]]:
        wanted_parts = [(one.document_id, one.start, one.end) for row in regions for one in row]
        with self._snapshot.catalog.snapshot() as connection:
            texts = iter(records.parts(connection, wanted_parts))
        return [
            [
                Place(document, one.start, text)
                for one, text in zip(row, texts, strict=False)
                if (document := self._document(one.document_id))
            ]
            for row in regions
        ]
