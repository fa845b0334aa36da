"""What a check comes to, for scripts: an error with an exit status, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import CitationsChanged, QuotationsAltered, QuotationsNotFound, StatementsDiffer
from qa.checking.types import Verdict, Verification

if TYPE_CHECKING:
    from qa.checking.auditing.audit import Audited
    from qa.checking.checked import Checked


def raise_for_quotations(found: Verification) -> None:
    """Nothing where every quotation is exact or normalised.

    Raises:
        QuotationsAltered: where one is altered, whatever the others are.
        QuotationsNotFound: where one is not found, and none altered.
    """
    counts = Counter(one.verdict for one in found.quotations)
    altered, missing = counts[Verdict.ALTERED], counts[Verdict.NOT_FOUND]
    told = f"{found.draft}: of {len(found.quotations):,} quotations {altered:,} are altered, "
    told += f"{missing:,} not found."
    if altered:
        raise QuotationsAltered(told, "Put right what the report shows, then verify again.")
    if missing:
        raise QuotationsNotFound(
            told, "Add their sources to the library, or put right where they are from."
        )


def raise_for_citations(path: Path, found: Sequence[Audited]) -> None:
    """Nothing where all words still stand somewhere.

    Raises:
        CitationsChanged: where some are changed or gone, or cannot be read any more.
    """
    counts = Counter(str(one.verdict) for one in found)
    changed, gone, unreadable = (counts[kind] for kind in ("changed", "gone", "unreadable"))
    if changed or gone or unreadable:
        raise CitationsChanged(
            f"{path}: of {len(found):,} citations {changed:,} are changed, {gone:,} gone, "
            f"{unreadable:,} unreadable.",
            "Compare them with what the report shows; bring the library in step with: qa add",
        )


def raise_for_statements(found: Checked) -> None:
    """Nothing where no source says something else.

    Raises:
        StatementsDiffer: where one does.
    """
    differing = sum(bool(one.differences) for one in found.statements)
    if differing:
        raise StatementsDiffer(
            f"{found.draft}: of {len(found.statements):,} statements {differing:,} differ from "
            "a source.",
            "Judge each pair in the report, and put right what is wrong.",
        )
