"""Audits of saved citations as text for people and as JSON for programs."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from qa.checking.auditing.audit import Audited, AuditVerdict
from qa.checking.types import Change
from qa.rendering import display_path, place, printable, shortened, terminal_width


def shown(audited: Sequence[Audited], as_: str) -> str:
    """The audit as "json" or "text"."""
    return as_json(audited) if as_ == "json" else as_text(audited)


def as_json(audited: Sequence[Audited]) -> str:
    """A list: each saved citation, its verdict, the citation as it is now, and what changed.

    The citations in it can be audited in their turn.
    """
    listed = [
        {
            "verdict": str(one.verdict),
            "saved": {"place": one.saved.place} | asdict(one.saved),
            "citation": asdict(one.citation) if one.citation else None,
            "changes": [asdict(change) for change in one.changes],
            "notice": one.notice,
            "file_differs": one.file_differs,
        }
        for one in audited
    ]
    return json.dumps(listed, ensure_ascii=False, indent=2)


def as_text(audited: Sequence[Audited]) -> str:
    """What is not as it was with its words; what is intact on a line each; the counts."""
    width = terminal_width()
    parts = ["\n".join(_lines(number, one, width)) for number, one in enumerate(audited, start=1)]
    return "\n".join([*parts, "", _counts(audited)])


def _lines(number: int, one: Audited, width: int) -> Iterator[str]:
    yield f"[{number}] {one.verdict}  {printable(one.saved.place)}{_where(one)}"
    if one.verdict is not AuditVerdict.INTACT and one.saved.quote:
        yield from _wrapped(f"“{shortened(one.saved.quote)}”", "  | ", width)
    for change in one.changes:
        yield from _wrapped(_told(change), "  * ", width)
    if one.notice:
        yield from _wrapped(printable(one.notice), "    ", width)


def _where(one: Audited) -> str:
    """Where the words stood, and where they are now if that is another place."""
    was = f"{display_path(one.saved.path)}, characters {one.saved.start}-{one.saved.end}"
    if one.verdict is AuditVerdict.UNREADABLE:
        return ""
    if one.citation is None or one.verdict is AuditVerdict.INTACT:
        return f"  {was if one.citation is None else place(one.citation)}"
    return f"  {was} → {place(one.citation)}, characters {one.citation.start}-{one.citation.end}"


def _told(change: Change) -> str:
    if not change.draft:
        return f"now also “{shortened(change.source)}”"
    if not change.source:
        return f"no longer “{shortened(change.draft)}”"
    return f"“{shortened(change.draft)}” is now “{shortened(change.source)}”"


def _wrapped(text: str, margin: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=margin,
        subsequent_indent=" " * len(margin),
        break_on_hyphens=False,
        break_long_words=False,
    )


def _counts(audited: Sequence[Audited]) -> str:
    counts = Counter(one.verdict for one in audited)
    said = ", ".join(
        f"{counts[verdict]:,} {verdict}" for verdict in AuditVerdict if counts[verdict]
    )
    differing = sum(one.file_differs for one in audited)
    stale = f" Of {differing:,} the file has changed since it was indexed." if differing else ""
    return f"{len(audited):,} citations: {said}.{stale}"
