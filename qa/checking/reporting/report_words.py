"""What reports say of what was found, the same on the terminal and on the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from qa.checking.checked import Checked, CheckedStatement
from qa.checking.types import (
    Attribution,
    Change,
    Insertion,
    Omission,
    Verdict,
    Verification,
    VerifiedQuotation,
)
from qa.rendering import line, place, place_in
from qa.types import Citation

VERDICTS = {
    Verdict.EXACT: "exact",
    Verdict.NORMALISED: "normalised",
    Verdict.ALTERED: "altered",
    Verdict.NOT_FOUND: "not found",
}

NO_SUPPORT = "no support found"


def place_in_draft(path: str, item: CheckedStatement | VerifiedQuotation) -> str:
    """Where a draft's words stand."""
    return place_in(path or "draft", item.locator)


def known(cited: Citation) -> str:
    """Title, author, publication and date of a source, as far as they are known."""
    source = cited.document
    said = (source.title, source.author, source.publication, source.date)
    return line(" · ".join(value for value in said if value))


def source_words(cited: Citation) -> str:
    """The best sentence, or all that is cited."""
    return cited.best_sentence.quote if cited.best_sentence else cited.quote


def standing(statement: CheckedStatement) -> list[str]:
    """What is to be said of a statement: "supported", "differs", both, or that nothing is near."""
    said = ["supported" if statement.support else NO_SUPPORT]
    return [*said, "differs"] if statement.differences else said


def change_told(change: Change) -> str:
    """A change in words.

    >>> change_told(Change(0, 5, "often", 0, 6, "seldom"))
    'the draft has “often”, the source “seldom”'
    """
    draft, source = line(change.draft), line(change.source)
    if not change.draft:
        return f"the draft leaves out “{source}”"
    if not change.source:
        return f"the draft adds “{draft}”"
    return f"the draft has “{draft}”, the source “{source}”"


def omission_told(omission: Omission) -> str:
    """What an ellipsis stands for."""
    what = f"leaves out “{line(omission.omitted)}”" if omission.omitted else "leaves out nothing"
    return f"ellipsis: {what}{_honestly(omission)}"


def insertion_told(insertion: Insertion) -> str:
    """What words in brackets stand for."""
    replaced = f" for “{line(insertion.replaced)}”" if insertion.replaced else ""
    return f"brackets: “{line(insertion.inserted)}”{replaced}{_honestly(insertion)}"


def _honestly(mark: Omission | Insertion) -> str:
    if mark.honest:
        return ""
    return f" - not honest: {line(mark.reason)}" if mark.reason else " - not honest"


def attribution_told(attribution: Attribution) -> str:
    """Whether the passage is from whom the draft names."""
    agrees = {True: "agrees", False: "does not agree", None: "cannot be told"}
    told = f"attributed to {line(attribution.name)}: {agrees[attribution.agrees]}"
    return f"{told} ({line(attribution.reason)})" if attribution.reason else told


def notes(quotation: VerifiedQuotation) -> Iterator[str]:
    """Everything to be said of a quotation beside its words and its verdict."""
    if quotation.rules:
        yield f"the same but for: {', '.join(line(rule) for rule in quotation.rules)}"
    if quotation.verdict is Verdict.ALTERED:
        yield from (change_told(change) for change in quotation.changes)
    yield from (omission_told(one) for one in quotation.omissions)
    yield from (insertion_told(one) for one in quotation.insertions)
    yield from (attribution_told(one) for one in quotation.attributions)
    yield from (f"also at {place(one)}" for one in quotation.elsewhere)


def counts_of_statements(checked: Checked) -> str:
    """How many statements there are, and what was found.

    >>> counts_of_statements(Checked("", 0, (), 2))
    '0 statements: 0 supported, 0 no support found, 0 differ; 2 sentences state nothing'
    """
    supported = sum(one.support is not None for one in checked.statements)
    differ = sum(bool(one.differences) for one in checked.statements)
    total = len(checked.statements)
    told = f"{_counted(total, 'statement')}: {supported:,} supported, {total - supported:,} "
    told += f"{NO_SUPPORT}, {differ:,} differ"
    left = checked.left_out
    verb = "states" if left == 1 else "state"
    return f"{told}; {_counted(left, 'sentence')} {verb} nothing" if left else told


def counts_of_quotations(verification: Verification) -> str:
    """How many quotations have which verdict."""
    counts = Counter(one.verdict for one in verification.quotations)
    said = ", ".join(f"{counts[verdict]:,} {word}" for verdict, word in VERDICTS.items())
    told = f"{_counted(len(verification.quotations), 'quotation')}: {said}"
    return f"{told}; {verification.short:,} too short to look for" if verification.short else told


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
