"""Reports of checks: as text, as JSON, as a page that needs nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial

import pytest
from lxml import html

from index.types import Locator
from qa.checking.check import check
from qa.checking.checked import Checked, CheckedStatement
from qa.checking.drafts.draft import draft_of
from qa.checking.reporting import report
from qa.checking.types import (
    Attribution,
    Change,
    Insertion,
    Omission,
    Verdict,
    Verification,
    VerifiedQuotation,
)
from qa.engine import Engine
from qa.types import Citation, Context, Reason, Sentence

HOSTILE = "<script>alert(1)</script> & \x1b[2J\x9b31m <img src=x onerror=alert(1)> {{ 7 * 7 }}"

DRAFT = (
    "The year 2025 marks the 50th anniversary of diplomatic ties between Vietnam and the DPRK. "
    "Vietnam opened its embassy in Pyongyang in 1956. Bees dance in front of their hives."
)


@pytest.fixture(scope="module")
def checked(seed_engine: Engine) -> Checked:
    return check(draft_of(DRAFT, markdown=True), partial(seed_engine.ask, explain=True))


@pytest.fixture(scope="module")
def cited(checked: Checked) -> Citation:
    support = checked.statements[0].support
    assert support
    return support


@pytest.fixture(scope="module")
def verification(cited: Citation) -> Verification:
    exact = VerifiedQuotation(
        number=1,
        text="a significant milestone",
        start=10,
        end=33,
        locator=Locator(line_start=1, line_end=2),
        verdict=Verdict.EXACT,
        similarity=1.0,
        rules=(),
        changes=(),
        omissions=(),
        insertions=(),
        citation=cited,
        elsewhere=(),
        attributions=(),
        context=None,
    )
    altered = replace(
        exact,
        number=2,
        verdict=Verdict.ALTERED,
        changes=(Change(2, 13, "significant", 5, 14, "important"),),
        omissions=(Omission(0, 1, "not", honest=False, reason="leaves out “not”"),),
        insertions=(Insertion(0, 1, "the visit", "it", honest=True, reason=None),),
        attributions=(Attribution(0, 4, "Vinh", "speaker", agrees=True, reason="said so"),),
        context=Context(
            Sentence(0, 4, "Some doubt it."), None, (Reason("hedge", "before", "doubt"),)
        ),
    )
    normalised = replace(
        exact, number=3, verdict=Verdict.NORMALISED, rules=("quote-marks",), elsewhere=(cited,)
    )
    missing = replace(exact, number=4, verdict=Verdict.NOT_FOUND, citation=None)
    return Verification("draft.md", 7, (exact, altered, normalised, missing), short=2)


def hostile(text: str, cited: Citation) -> Verification:
    """Everything that a draft or a source may say, said by an enemy."""
    document = replace(cited.document, path=f"/{text}", title=text, author=text)
    source = replace(cited, quote=text, best_sentence=None, document=document)
    quotation = VerifiedQuotation(
        number=1,
        text=text,
        start=0,
        end=len(text),
        locator=Locator(headings=(text,)),
        verdict=Verdict.ALTERED,
        similarity=0.5,
        rules=(text,),
        changes=(Change(0, 3, text, 0, 3, text),),
        omissions=(Omission(0, 1, text, honest=False, reason=text),),
        insertions=(Insertion(0, 1, text, text, honest=False, reason=text),),
        citation=source,
        elsewhere=(source,),
        attributions=(Attribution(0, 1, text, "source", agrees=None, reason=text),),
        context=Context(Sentence(0, 1, text), None, (Reason("cut", "before", text),)),
    )
    return Verification(text, 1, (quotation,), 0)


def hostile_statements(text: str, checked: Checked) -> Checked:
    statement = checked.statements[0]
    (difference,) = statement.differences
    best = Sentence(0, len(text), text)
    source = replace(difference.citation, quote=text, best_sentence=best)
    changed: CheckedStatement = replace(
        statement,
        text=text,
        support=source,
        differences=(
            replace(
                difference,
                at=0,
                words=text[:8],
                source_start=0,
                source_end=8,
                source_words=text[:8],
                citation=source,
            ),
        ),
    )
    return Checked(text, 1, (changed,), 0)


def words(page: str) -> str:
    text = html.fromstring(page).xpath("string(//body)")
    return " ".join(str(text).split())


def test_text_shows_both_sides_and_says_differs(checked: Checked) -> None:
    text = report.as_text(checked)
    assert "differs (number): draft “50th anniversary”, source “75 years”" in text
    assert "differs (date): draft “1956”, source “1955”" in text
    assert "[3] no support found" in text
    assert text.endswith("3 statements: 2 supported, 1 no support found, 2 differ")
    assert "false" not in text.lower()
    assert "contradict" not in text.lower()


def test_text_has_colour_only_where_asked(checked: Checked, verification: Verification) -> None:
    for one in (checked, verification):
        assert "\x1b[1m" in report.as_text(one, colour=True)
        assert "\x1b" not in report.as_text(one, colour=False)


def test_text_tells_what_became_of_quotations(verification: Verification) -> None:
    text = report.as_text(verification)
    assert "[2] altered" in text
    assert "the draft has “significant”, the source “important”" in text
    assert "the same but for: quote-marks" in text
    assert (
        "not honest (leaves out “not”)" in text
        or "not honest - leaves out" in text
        or ("- not honest: leaves out “not”" in text)
    )
    assert "attributed to Vinh: agrees (said so)" in text
    assert "before: hedged" in text
    assert text.endswith(
        "4 quotations: 1 exact, 1 normalised, 1 altered, 1 not found; 2 too short to look for"
    )


def test_json_has_everything(checked: Checked, verification: Verification) -> None:
    found = json.loads(report.as_json(checked))
    assert found["statements"][0]["differences"][0]["source_words"] == "75 years"
    assert json.loads(report.as_json(verification))["quotations"][1]["verdict"] == "altered"


def test_the_page_has_sentences_in_order_with_their_sources(checked: Checked) -> None:
    page = html.fromstring(report.as_html(checked))
    drafts = page.xpath("//article/div/figure[@class='draft']/blockquote")
    assert " ".join(draft.text_content() for draft in drafts) == DRAFT
    (pair, _) = page.xpath("//section[@class='differs-pair']")
    assert pair.xpath("string(.//strong)") == "differs"
    assert pair.xpath(".//mark/text()") == ["50th anniversary", "75 years"]
    assert "75 years have passed" in pair.text_content()
    labels = [each.xpath("./text()") for each in page.xpath("//h2")]
    assert len(labels) == 3
    assert page.xpath("//article[3]//h2/span/text()") == ["no support found"]


def test_the_page_marks_what_was_altered(verification: Verification) -> None:
    page = html.fromstring(report.as_html(verification))
    (compared,) = page.xpath("//p[@class='compared']")
    assert compared.xpath("./del/text()") == ["important"]
    assert compared.xpath("./ins/text()") == ["significant"]
    assert compared.text_content() == "a important significant milestone"
    labels = page.xpath("//h2/span/text()")
    assert labels == ["exact", "altered", "normalised", "not found"]


def test_the_page_needs_nothing_else(checked: Checked, verification: Verification) -> None:
    for one in (checked, verification):
        page = report.as_html(one)
        tree = html.fromstring(page)
        assert not tree.xpath(
            "//script | //link | //img | //iframe | //object | //*[@src] | //base"
        )
        assert not [value for value in tree.xpath("//@href") if not value.startswith("#")]
        styles = "".join(tree.xpath("//style/text()"))
        assert not re.search(r"url\(|@import|https?:|//", styles)
        assert "default-src 'none'" in page
        for kind in ("prefers-color-scheme: dark", "@media print"):
            assert kind in styles


def test_hostile_words_are_words_on_the_page(checked: Checked, cited: Citation) -> None:
    for one in (hostile(HOSTILE, cited), hostile_statements(HOSTILE, checked)):
        page = report.as_html(one)
        tree = html.fromstring(page)
        assert not tree.xpath("//script | //img | //@onerror")
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", page)
        assert "<script>alert(1)</script> &" in words(page)
        assert "{{ 7 * 7 }}" in words(page)


def test_control_characters_never_reach_a_terminal(checked: Checked, cited: Citation) -> None:
    for one in (hostile(HOSTILE, cited), hostile_statements(HOSTILE, checked)):
        text = report.as_text(one)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
        assert "␛[2J" in text


def test_formats_are_chosen_by_name(checked: Checked) -> None:
    assert report.shown(checked, "json") == report.as_json(checked)
    assert report.shown(checked, "html").startswith("<!doctype html>")
    assert report.shown(checked, "text") == report.as_text(checked)


def test_a_report_of_nothing_says_so() -> None:
    assert "0 statements" in report.as_text(Checked("", 0, (), 0))
    assert "nothing in the draft" in report.as_html(Checked("", 0, (), 0))
    assert "0 quotations" in report.as_text(Verification("", 0, (), 0))
