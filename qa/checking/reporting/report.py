"""What a check found, as text for people, as JSON for programs, as a page to keep."""

from __future__ import annotations

import json
from dataclasses import asdict

from qa.checking.checked import Checked
from qa.checking.types import Verification

Report = Checked | Verification


def shown(report: Report, as_: str, *, colour: bool = False) -> str:
    """The report as "json", "html" or "text"; `colour` is for text on a terminal."""
    if as_ == "json":
        return as_json(report)
    return as_html(report) if as_ == "html" else as_text(report, colour=colour)


def as_json(report: Report) -> str:
    """Everything that is known, with all offsets."""
    return json.dumps(asdict(report), ensure_ascii=False, indent=2)


def as_text(report: Report, *, colour: bool = False) -> str:
    """For a terminal or a pager: what was found in the draft's order, then the counts."""
    from qa.checking.reporting import report_text

    if isinstance(report, Checked):
        return report_text.of_statements(report, colour=colour)
    return report_text.of_quotations(report, colour=colour)


def as_html(report: Report) -> str:
    """One page that needs nothing else: no network, no script, no other file."""
    from qa.checking.reporting import report_page

    if isinstance(report, Checked):
        return report_page.of_statements(report)
    return report_page.of_quotations(report)
