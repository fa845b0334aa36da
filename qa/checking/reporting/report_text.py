"""Reports for a terminal or a pager. Lines are broken to fit; words are shown as they are."""

from __future__ import annotations

from collections.abc import Iterator

from qa.checking.checked import Checked, CheckedStatement, SourceDifference
from qa.checking.reporting import report_words as words
from qa.checking.types import Verdict, Verification, VerifiedQuotation
from qa.rendering import Style, context_told, line, margin, place, styles, terminal_width
from qa.types import Citation


def of_statements(checked: Checked, *, colour: bool) -> str:
    """Each statement with its support, and what sources put differently beside it."""
    width, (bold, dim) = terminal_width(), styles(colour)
    parts = [
        "\n".join(_statement(checked.draft, one, width, bold, dim)) for one in checked.statements
    ]
    return "\n\n".join([*parts, words.counts_of_statements(checked)])


def of_quotations(verification: Verification, *, colour: bool) -> str:
    """Each quotation with its verdict, its source, and what there is to say of it."""
    width, (bold, dim) = terminal_width(), styles(colour)
    parts = [
        "\n".join(_quotation(verification.draft, one, width, bold, dim))
        for one in verification.quotations
    ]
    return "\n\n".join([*parts, words.counts_of_quotations(verification)])


def _statement(
    draft: str, one: CheckedStatement, width: int, bold: Style, dim: Style
) -> Iterator[str]:
    standing = ", ".join(words.standing(one))
    yield f"{bold(f'[{one.number}] {standing}')}  {dim(words.place_in_draft(draft, one))}"
    yield from margin("  | ", line(one.text), width)
    if one.support:
        yield dim(f"    supported best by {place(one.support)}")
        yield from margin("  > ", line(words.source_words(one.support)), width)
    for difference in one.differences:
        yield from _difference(difference, one.support, width, bold, dim)


def _difference(
    one: SourceDifference, support: Citation | None, width: int, bold: Style, dim: Style
) -> Iterator[str]:
    here, there = line(one.words), line(one.source_words)
    yield f"    {bold('differs')} ({one.kind}): draft “{here}”, source “{there}”"
    if support and support.best_sentence == one.citation.best_sentence:
        return  # it stands right above
    yield dim(f"    {place(one.citation)}")
    yield from margin("  > ", line(words.source_words(one.citation)), width)


def _quotation(
    draft: str, one: VerifiedQuotation, width: int, bold: Style, dim: Style
) -> Iterator[str]:
    verdict = words.VERDICTS[one.verdict]
    yield f"{bold(f'[{one.number}] {verdict}')}  {dim(words.place_in_draft(draft, one))}"
    yield from margin("  | ", line(one.text), width)
    if one.citation:
        nearest = "nearest: " if one.verdict is Verdict.NOT_FOUND else ""
        yield dim(f"    {nearest}{place(one.citation)}")
        if one.verdict is not Verdict.EXACT:
            yield from margin("  > ", line(words.source_words(one.citation)), width)
    for note in words.notes(one):
        yield from margin("    ", line(note), width)
    for told in context_told(one.context) if one.context else ():
        yield from margin("    ", line(told), width)
