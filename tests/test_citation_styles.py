"""Citations as the style manuals want them; expectations written by hand from the manuals.

The Chicago Manual of Style, 18th edition, chapters 13 and 14; APA's Publication Manual, 7th
edition, chapters 8 to 10; MLA Handbook, 9th edition; Pears and Shields, Cite Them Right, 12th
edition; IEEE Reference Guide of 2023; Nature's formatting guide.
"""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from cited_sources import (
    BOOK,
    JOURNAL,
    KINDS,
    NEWSPAPER,
    NOTHING,
    REPORT,
    WEB_PAGE,
    citation,
    source,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.types import Locator
from qa.citing import STYLES as NAMES
from qa.citing import csl
from qa.citing.styles import STYLES, in_text, reference, reference_list
from qa.types import Pinpoint, Source

REFERENCES = {
    "chicago-notes": {
        "book": "Nguyễn, Van Anh, and John Smith. Growing Rice on Hills: A History. 2nd ed. "
        "Oxford University Press, 2019.",
        "journal": "Miller, Ann, Chidi Okafor, and Li Zhao. “Effects of Water on Rice Yields.” "
        "Journal of Rice Research 12, no. 3 (2021): 215–30. https://doi.org/10.1000/xyz123.",
        "newspaper": "Tran, Minh. “Rice Prices Fall.” The Daily Harvest, May 7, 2024. "
        "https://daily.example/rice.",
        "web page": "World Heritage Office. “About Terraces.” Heritage Online, November 2, 2023. "
        "https://heritage.example/terraces.",
        "report": "Food Agency. State of Food 2022. No. 17. Harvest Institute, 2022. "
        "https://food.example/r.pdf.",
        "nothing": "“field notes.txt.” n.d.",
    },
    "chicago-author-date": {
        "book": "Nguyễn, Van Anh, and John Smith. 2019. Growing Rice on Hills: A History. 2nd ed. "
        "Oxford University Press.",
        "journal": "Miller, Ann, Chidi Okafor, and Li Zhao. 2021. “Effects of Water on Rice "
        "Yields.” Journal of Rice Research 12 (3): 215–30. https://doi.org/10.1000/xyz123.",
        "newspaper": "Tran, Minh. 2024. “Rice Prices Fall.” The Daily Harvest, May 7. "
        "https://daily.example/rice.",
        "web page": "World Heritage Office. 2023. “About Terraces.” Heritage Online, November 2. "
        "https://heritage.example/terraces.",
        "report": "Food Agency. 2022. State of Food 2022. No. 17. Harvest Institute. "
        "https://food.example/r.pdf.",
        "nothing": "“field notes.txt.” n.d.",
    },
    "apa": {
        "book": "Nguyễn, V. A., & Smith, J. (2019). Growing rice on hills: A history (2nd ed.). "
        "Oxford University Press.",
        "journal": "Miller, A., Okafor, C., & Zhao, L. (2021). Effects of water on rice yields. "
        "Journal of Rice Research, 12(3), 215–230. https://doi.org/10.1000/xyz123",
        "newspaper": "Tran, M. (2024, May 7). Rice prices fall. The Daily Harvest. "
        "https://daily.example/rice",
        "web page": "World Heritage Office. (2023, November 2). About terraces. Heritage Online. "
        "https://heritage.example/terraces",
        "report": "Food Agency. (2022). State of food 2022 (No. 17). Harvest Institute. "
        "https://food.example/r.pdf",
        "nothing": "field notes.txt. (n.d.).",
    },
    "mla": {
        "book": "Nguyễn, Van Anh, and John Smith. Growing Rice on Hills: A History. 2nd ed., "
        "Oxford University Press, 2019.",
        "journal": "Miller, Ann, et al. “Effects of Water on Rice Yields.” Journal of Rice "
        "Research, vol. 12, no. 3, Apr. 2021, pp. 215–30, https://doi.org/10.1000/xyz123.",
        "newspaper": "Tran, Minh. “Rice Prices Fall.” The Daily Harvest, 7 May 2024, "
        "https://daily.example/rice.",
        "web page": "World Heritage Office. “About Terraces.” Heritage Online, 2 Nov. 2023, "
        "https://heritage.example/terraces.",
        "report": "Food Agency. State of Food 2022. No. 17, Harvest Institute, 2022, "
        "https://food.example/r.pdf.",
        "nothing": "“field notes.txt.”",  # the 9th edition writes no "n.d."
    },
    "harvard": {
        "book": "Nguyễn, V.A. and Smith, J. (2019) Growing rice on hills: A history. 2nd edn. "
        "Oxford University Press.",
        "journal": "Miller, A., Okafor, C. and Zhao, L. (2021) ‘Effects of water on rice yields’, "
        "Journal of Rice Research, 12(3), pp. 215–230. Available at: "
        "https://doi.org/10.1000/xyz123.",
        "newspaper": "Tran, M. (2024) ‘Rice prices fall’, The Daily Harvest, 7 May. Available at: "
        "https://daily.example/rice.",
        "web page": "World Heritage Office (2023) About terraces. Available at: "
        "https://heritage.example/terraces.",
        "report": "Food Agency (2022) State of food 2022. 17. Harvest Institute. Available at: "
        "https://food.example/r.pdf.",
        "nothing": "‘field notes.txt’ (no date).",
    },
    "ieee": {
        "book": "[1] V. A. Nguyễn and J. Smith, Growing rice on hills: A history, 2nd ed. Oxford: "
        "Oxford Univ. Press, 2019.",
        "journal": "[1] A. Miller, C. Okafor, and L. Zhao, “Effects of water on rice yields,” "
        "J. Rice Res., vol. 12, no. 3, pp. 215–230, Apr. 2021, doi: 10.1000/xyz123.",
        "newspaper": "[1] M. Tran, “Rice prices fall,” The Daily Harvest, May 7, 2024. [Online]. "
        "Available: https://daily.example/rice",
        "web page": "[1] World Heritage Office. “About terraces.” Heritage Online. [Online]. "
        "Available: https://heritage.example/terraces",
        "report": "[1] Food Agency, “State of food 2022,” Harvest Institute, Rome, Rep. 17, 2022. "
        "[Online]. Available: https://food.example/r.pdf",
        "nothing": "[1] “field notes.txt.”",
    },
    "nature": {
        "book": "1. Nguyễn, V. A. & Smith, J. Growing Rice on Hills: A History (Oxford Univ. "
        "Press, 2019).",
        "journal": "1. Miller, A., Okafor, C. & Zhao, L. Effects of water on rice yields. J. Rice "
        "Res. 12, 215–230 (2021).",
        "newspaper": "1. Tran, M. Rice prices fall. The Daily Harvest (7 May 2024).",
        "web page": "1. World Heritage Office. About terraces. Heritage Online "
        "https://heritage.example/terraces (2023).",
        "report": "1. Food Agency. State of Food 2022. https://food.example/r.pdf (2022).",
        "nothing": "1. field notes.txt.",
    },
}
"""As the manuals have it, without days of access, which are not known."""

DEPARTURES = {
    ("mla", "report"): ("No. 17", "no. 17"),
    ("harvard", "book"): ("Oxford University", "Oxford: Oxford University"),
    ("harvard", "web page"): ("terraces. Av", "terraces, Heritage Online. Av"),
    ("harvard", "report"): ("Harvest", "Rome: Harvest"),
    ("ieee", "book"): ("Univ.", "University"),
    ("ieee", "journal"): ("J. Rice Res.", "Journal of Rice Research"),
    ("ieee", "newspaper"): ("May 7,", "May 07,"),
    ("ieee", "web page"): ("Office. “About terraces.”", "Office, “About terraces,”"),
    ("ieee", "report"): ("Rep. 17", "17"),
    ("nature", "book"): (
        " (Oxford Univ. Press, 2019)",
        ". (Oxford University Press, Oxford, 2019)",
    ),
    ("nature", "journal"): ("J. Rice Res.", "Journal of Rice Research"),
    ("nature", "newspaper"): ("(7 May 2024)", "(2024)"),
}
"""Where a style of the CSL project gives something else than its manual, and what."""

IN_TEXT = {
    "chicago-notes": {
        "book": "Van Anh Nguyễn and John Smith, Growing Rice on Hills: A History, 2nd ed. (Oxford "
        "University Press, 2019), 12–14.",
        "journal": "Ann Miller et al., “Effects of Water on Rice Yields,” Journal of Rice "
        "Research 12, no. 3 (2021): 12–14, https://doi.org/10.1000/xyz123.",
        "newspaper": "Minh Tran, “Rice Prices Fall,” The Daily Harvest, May 7, 2024, 12–14, "
        "https://daily.example/rice.",
        "web page": "World Heritage Office, “About Terraces,” Heritage Online, November 2, 2023, "
        "12–14, https://heritage.example/terraces.",
        "report": "Food Agency, State of Food 2022, no. 17 (Harvest Institute, 2022), 12–14, "
        "https://food.example/r.pdf.",
        "nothing": "“field notes.txt,” n.d., 12–14.",
    },
    "chicago-author-date": {
        "book": "(Nguyễn and Smith 2019, 12–14)",
        "journal": "(Miller et al. 2021, 12–14)",
        "newspaper": "(Tran 2024, 12–14)",
        "web page": "(World Heritage Office 2023, 12–14)",
        "report": "(Food Agency 2022, 12–14)",
        "nothing": "(“field notes.txt,” n.d., 12–14)",
    },
    "apa": {
        "book": "(Nguyễn & Smith, 2019, pp. 12–14)",
        "journal": "(Miller et al., 2021, pp. 12–14)",
        "newspaper": "(Tran, 2024, pp. 12–14)",
        "web page": "(World Heritage Office, 2023, pp. 12–14)",
        "report": "(Food Agency, 2022, pp. 12–14)",
        "nothing": "(field notes.txt, n.d., pp. 12–14)",
    },
    "mla": {
        "book": "(Nguyễn and Smith 12–14)",
        "journal": "(Miller et al. 12–14)",
        "newspaper": "(Tran 12–14)",
        "web page": "(World Heritage Office 12–14)",
        "report": "(Food Agency 12–14)",
        "nothing": "(“field notes.txt” 12–14)",
    },
    "harvard": {
        "book": "(Nguyễn and Smith, 2019, pp. 12–14)",
        "journal": "(Miller, Okafor and Zhao, 2021, pp. 12–14)",
        "newspaper": "(Tran, 2024, pp. 12–14)",
        "web page": "(World Heritage Office, 2023, pp. 12–14)",
        "report": "(Food Agency, 2022, pp. 12–14)",
        "nothing": "(‘field notes.txt’, no date, pp. 12–14)",
    },
    "ieee": dict.fromkeys(KINDS, "[1, pp. 12–14]"),
    "nature": dict.fromkeys(KINDS, "1"),
}

ALL = [(style, kind) for style in STYLES for kind in KINDS]


def text(style: str, document: Source, pinpoint: Pinpoint | None) -> str:
    return in_text(citation(document, pinpoint=pinpoint), style)


def test_the_styles_are_those_that_are_offered() -> None:
    assert tuple(STYLES) == NAMES


@pytest.mark.parametrize(("style", "kind"), ALL)
def test_an_entry_is_as_the_manual_has_it_or_departs_as_stated(style: str, kind: str) -> None:
    wanted = REFERENCES[style][kind]
    manual, printed = DEPARTURES.get((style, kind), ("", ""))
    assert manual in wanted
    assert reference(citation(KINDS[kind]), style) == wanted.replace(manual, printed, 1)


@pytest.mark.parametrize(("style", "kind"), ALL)
def test_a_citation_in_the_text_is_as_the_manual_has_it(style: str, kind: str) -> None:
    assert in_text(citation(KINDS[kind]), style) == IN_TEXT[style][kind]


@pytest.mark.parametrize(
    ("style", "wanted"),
    [
        ("chicago-author-date", "(Tran 2024, {})"),
        ("apa", "(Tran, 2024, {})"),
        ("mla", "(Tran, {})"),
        ("harvard", "(Tran, 2024, {})"),
        ("ieee", "[1, {}]"),
        (
            "chicago-notes",
            "Minh Tran, “Rice Prices Fall,” The Daily Harvest, May 7, 2024, {}, "
            "https://daily.example/rice.",
        ),
    ],
)
def test_other_places_than_pages_are_named(style: str, wanted: str) -> None:
    assert text(style, NEWSPAPER, Pinpoint("7", "line")) == wanted.format("line 7")
    assert text(style, NEWSPAPER, Pinpoint("7-9", "line")) == wanted.format("lines 7–9")
    on_slide = citation(NEWSPAPER, pinpoint=None, locator=Locator(slide_start=2, slide_end=2))
    assert in_text(on_slide, style) == wanted.format("slide 2")
    in_part = citation(NEWSPAPER, pinpoint=None, locator=Locator(headings=("Well-being",)))
    assert in_text(in_part, style) == wanted.format("§ Well-being")
    paragraph = {"mla": "par. 3", "ieee": "Para. 3"}.get(style, "para. 3")
    assert text(style, NEWSPAPER, Pinpoint("3", "paragraph")) == wanted.format(paragraph)


def test_roman_pages_are_several() -> None:
    assert text("apa", BOOK, Pinpoint("xii-xiv", "page")) == "(Nguyễn & Smith, 2019, pp. xii–xiv)"
    assert text("apa", BOOK, Pinpoint("xii", "page")) == "(Nguyễn & Smith, 2019, p. xii)"


def test_a_range_is_a_number() -> None:
    volumes = replace(BOOK, volume="2-3", edition="Revised")
    assert "Revised. Vols. 2-3. Oxford" in reference(citation(volumes), "chicago-notes")


def test_a_citation_without_a_place_names_none() -> None:
    whole = citation(BOOK, pinpoint=None, locator=Locator())
    assert in_text(whole, "apa") == "(Nguyễn & Smith, 2019)"
    assert in_text(whole, "mla") == "(Nguyễn and Smith)"


def test_marks_in_titles_meet_the_style_s_own() -> None:
    asked = replace(JOURNAL, title="Is “rice” grown on hills?")
    assert "“Is ‘Rice’ Grown on Hills?” Journal" in reference(citation(asked), "chicago-notes")
    assert "“Is ‘Rice’ Grown on Hills?,” Journal" in in_text(citation(asked), "chicago-notes")
    ends = replace(JOURNAL, title="The people of “rice”")
    assert "“The People of ‘Rice.’” Journal" in reference(citation(ends), "chicago-notes")
    dotted = replace(JOURNAL, title="Rice in the U.S.")
    assert "“Rice in the U.S.” Journal" in reference(citation(dotted), "chicago-notes")


def test_titles_in_other_languages_keep_their_capitals() -> None:
    french = replace(BOOK, title="Le riz des montagnes", language="fr")
    assert "Le riz des montagnes." in reference(citation(french), "chicago-notes")


def test_a_file_s_name_keeps_its_capitals_in_every_style() -> None:
    unnamed = source(path="/library/report of a trip v2.pdf")
    for style in STYLES:
        assert "report of a trip v2.pdf" in reference(citation(unnamed), style)


def test_names_that_are_not_western() -> None:
    assert reference(citation(replace(BOOK, author="毛, 泽东")), "apa").startswith("毛泽东. (2019)")
    arabic = reference(citation(replace(BOOK, author="محفوظ, نجيب")), "apa")
    assert arabic.startswith("محفوظ, نجيب. (2019)")


def test_a_suffix_follows_the_name() -> None:
    king = replace(BOOK, author="King, Martin Luther, Jr.")
    assert reference(citation(king), "apa").startswith("King, M. L., Jr. (2019)")


def test_many_authors_are_cut_as_the_style_has_it() -> None:
    many = replace(BOOK, author="; ".join(f"Family{letter}, Given" for letter in "ABCDEFGH"))
    assert in_text(citation(many), "apa").startswith("(FamilyA et al.,")
    assert "FamilyA, Given, Given FamilyB, Given FamilyC, et al." in reference(
        citation(many), "chicago-notes"
    )
    assert "FamilyH" in reference(citation(many), "apa")


def test_a_list_has_each_source_once_in_the_style_s_order() -> None:
    cited = [citation(one) for one in (NEWSPAPER, BOOK, NEWSPAPER, JOURNAL, WEB_PAGE, REPORT)]
    entries = reference_list(cited, "apa")
    assert [entry.split()[0] for entry in entries] == [
        "Food",
        "Miller,",
        "Nguyễn,",
        "Tran,",
        "World",
    ]
    numbered = reference_list(cited, "ieee")  # in order of citation
    assert [entry.split()[:3] for entry in numbered[:2]] == [
        ["[1]", "M.", "Tran,"],
        ["[2]", "V.", "A."],
    ]
    assert len(numbered) == 5
    assert reference_list([], "apa") == []


def test_accents_and_marks_do_not_decide_the_order() -> None:
    named = [
        citation(source(path=f"/{number}.txt", author=author, title=title))
        for number, (author, title) in enumerate(
            [("Zola, Émile", "A"), ("Émile, Jean", "B"), (None, "“Every” word"), ("Eve, Ann", "C")]
        )
    ]
    entries = reference_list(named, "chicago-author-date")
    begun = [entry.split(",")[0].split(".")[0] for entry in entries]
    assert begun == ["Émile", "Eve", "“‘Every’ Word", "Zola"]


def test_markup_is_escaped() -> None:
    odd = replace(BOOK, title="R&D <b>on</b> *rice*", author="Smith & Sons")
    html = reference(citation(odd), "apa", "html")
    assert "Smith &amp; Sons" in html
    assert "<i>R&amp;D &lt;b&gt;on&lt;/b&gt; *rice*</i> (2nd ed.)" in html
    markdown = reference(citation(odd), "apa", "markdown")
    assert r"*R\&D \<b\>on\</b\> \*rice\** (2nd ed.)" in markdown


def test_what_was_written_before_changes_nothing() -> None:
    once = [reference(citation(one), style) for style in STYLES for one in KINDS.values()]
    again = [reference(citation(one), style) for style in STYLES for one in KINDS.values()]
    assert once == again


def test_several_threads_write_at_once() -> None:
    wanted = {kind: reference(citation(one), "apa") for kind, one in KINDS.items()}
    wrong: list[str] = []

    def write() -> None:
        for kind, one in KINDS.items():
            if reference(citation(one), "apa") != wanted[kind]:
                wrong.append(kind)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_nothing_is_printed_meanwhile(capfd: pytest.CaptureFixture[str]) -> None:
    for style in STYLES:
        in_text(citation(REPORT), style)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        ({}, "document"),
        ({"title": "A", "author": "B", "date": "2020"}, "document"),
        ({"url": "https://a.example"}, "webpage"),
        ({"publication": "A", "date": "2024-05-07"}, "article-newspaper"),
        ({"publication": "A", "date": "2024"}, "document"),
        ({"publication": "A", "volume": "1"}, "article-journal"),
        ({"isbn": "0-306-40615-2"}, "book"),
        ({"isbn": "0-306-40615-2", "publication": "A"}, "chapter"),
        ({"type": "thesis", "url": "https://a.example"}, "thesis"),
        ({"type": "no type of CSL"}, "document"),
    ],
)
def test_the_type_is_what_is_stated_or_shows(known: dict[str, str], kind: str) -> None:
    assert csl.item_type(source(**known)) == kind


def test_nothing_that_is_not_known_is_in_an_item() -> None:
    assert csl.item(NOTHING) == {
        "id": "field-notes-abababab",
        "type": "document",
        "title": "field notes.txt",
    }


words = st.text(st.characters(exclude_categories=("Cs", "Cn")), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("title", "author", "publication", "publisher", "volume", "pages", "edition", "url"),
            words,
        )
        | {"type": st.sampled_from(("book", "report", "webpage", "article-journal", "chapter"))},
    ),
    st.sampled_from(list(STYLES)),
)
def test_no_metadata_breaks_a_style(known: dict[str, str], style: str) -> None:
    cited = citation(source(**known))
    assert reference(cited, style)
    assert in_text(cited, style)
