"""Citations in other programs' formats, read back by public parsers."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import bibtexparser
import jsonschema
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from cited_sources import (
    BOOK,
    JOURNAL,
    KINDS,
    NEWSPAPER,
    NOTHING,
    QUOTE,
    REPORT,
    START,
    WEB_PAGE,
    citation,
    source,
)
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.bibtex import bibtex_entries
from index.csl import csl_entries
from index.works import ITEM_TYPES
from qa.citing import EXPORTS, all_formatted
from qa.citing.exports import (
    FORMATS,
    bibtex,
    bibtex_list,
    csl_json,
    csl_json_list,
    html_blockquote,
    markdown_footnote,
    plain,
    ris,
)
from qa.citing.saved import read_saved
from qa.types import Citation, Pinpoint, Source

SCHEMA = json.loads((Path(__file__).parent / "data" / "csl-data.json").read_text())
ODD = "Rice & {braces} 50% #1 $5 a_b ~^ \\cmd \"q\" -- ``x'' Đà Nẵng 毛 <i>"

often = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def lines(text: str) -> str:
    return " ".join(text.split())


def has_words(text: str) -> bool:
    return any(one.isalnum() for one in text)


characters = st.characters(exclude_categories=("Cs", "Cn", "Cc", "Co"), include_characters="\n\t")
special = st.sampled_from(
    [*"{}%&#$_~^\\\"'`<>@*-=!?[]|:;,.", "--", "``", "-->", "{{", "\r\n", "\n"]
)
odd = st.lists(st.one_of(special, st.text(characters, max_size=6)), max_size=12).map("".join)
odd_words = odd.filter(has_words)
odd_quotes = st.lists(
    st.one_of(
        odd,
        st.sampled_from(
            ["\n\n", "\r\n\r\n", "-->", "<!-- quaere: {", "```\n", "    code", "1. one", "- two",
             "# three", "===", "---", "| a | b |", "[^q]: x", "[a](b)", "![a](b)", "&amp;",
             "> nested", "\\*", "https://a.example/b_c_d", "**bold**", "<b>", "\u2028", "\x0b"]
        ),
    ),
    min_size=1, max_size=8,
).map("".join).filter(has_words)  # fmt: skip


def parsed_bibtex(written: str) -> list[Any]:
    decoding = [LatexDecodingMiddleware()]
    library = bibtexparser.parse_string(written, append_middleware=decoding)
    assert not library.failed_blocks
    return list(library.entries)


def parsed_ris(written: str) -> list[dict[str, Any]]:
    return rispy.loads(written, newline="\r\n")


def test_the_formats_are_those_that_are_offered() -> None:
    assert tuple(FORMATS) == EXPORTS


def test_bibtex_of_a_book() -> None:
    assert bibtex(citation(BOOK)) == (
        "@book{rice-abababab,\n"
        "  author = {Nguyễn, Van Anh and Smith, John},\n"
        "  title = {{Growing rice on hills: A history}},\n"
        "  year = {2019},\n"
        "  publisher = {Oxford University Press},\n"
        "  address = {Oxford},\n"
        "  edition = {2},\n"
        "  isbn = {978-0-19-953556-9},\n"
        "  langid = {english},\n"
        "  annote = {“Rice grows on hills.” (pp. 12–14)},\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("document", "type_", "wanted"),
    [
        (
            JOURNAL,
            "article",
            {"journal": "Journal of Rice Research", "month": "apr", "pages": "215–230"},
        ),
        (NEWSPAPER, "article", {"entrysubtype": "newspaper", "month": "may", "day": "7"}),
        (WEB_PAGE, "misc", {"howpublished": "Heritage Online", "url": WEB_PAGE.url}),
        (
            REPORT,
            "techreport",
            {"institution": "Harvest Institute", "number": "17", "type": "Report"},
        ),
        (NOTHING, "misc", {"title": "field notes.txt"}),
    ],
)
def test_bibtex_of_other_kinds(document: Source, type_: str, wanted: dict[str, str]) -> None:
    (entry,) = parsed_bibtex(bibtex(citation(document)))
    found = {field.key: field.value for field in entry.fields}
    assert (entry.entry_type, {name: found.get(name) for name in wanted}) == (type_, wanted)


def test_bibtex_of_what_is_not_known_has_no_empty_fields() -> None:
    (entry,) = parsed_bibtex(bibtex(citation(NOTHING)))
    assert [field.key for field in entry.fields] == ["title", "annote"]


@often
@given(odd_words, odd_words, odd_quotes)
@example(ODD, ODD, ODD)
@example("{", "}", "}{")
@example("a and b", "others", "@book{x, title = {y}}")
def test_bibtex_gives_back_any_words(title: str, publication: str, quote: str) -> None:
    known = source(title=title, publication=publication, type="article-journal", author=None)
    (entry,) = parsed_bibtex(bibtex(citation(known, quote)))
    # pylatexenc reads \textasciicircum as a modifier letter, which LaTeX does not.
    found = {field.key: lines(field.value).replace("ˆ", "^") for field in entry.fields}
    assert found["title"] == lines(title)
    assert found["journal"] == lines(publication)
    assert found["annote"] == f"“{lines(quote)}” (pp. 12–14)"


@often
@given(odd_words)
@example("{")
@example("}{")
def test_bibtex_has_as_many_braces_open_as_close(title: str) -> None:
    depth = 0
    for one in bibtex(citation(source(title=title))):  # BibTeX counts escaped ones, too
        depth += (one == "{") - (one == "}")
        assert depth >= 0
    assert depth == 0


names = st.text(st.characters(categories=("Lu", "Ll", "Lo"), max_codepoint=0x1FFF), min_size=1)
families = names.filter(lambda name: name.lower() not in {"and", "others"})


@often
@given(st.lists(st.tuples(families, families), min_size=1, max_size=4))
@example([("Smith and Sons", "A")])
@example([("van Gogh", "Vincent"), ("Nguyễn", "Văn A")])
def test_bibtex_gives_back_names(persons: list[tuple[str, str]]) -> None:
    author = "; ".join(f"{family}, {given_}" for family, given_ in persons)
    written = bibtex(citation(source(author=author, title="A")))
    (entry,) = bibtex_entries(Path("a.bib"), written)
    assert entry.metadata().author == author


def test_bibtex_keeps_the_name_of_an_office_whole() -> None:
    written = bibtex(citation(source(author="Rice and Water Office, The, of Rome, Italy")))
    assert "author = {{Rice and Water Office, The, of Rome, Italy}}" in written
    (entry,) = bibtex_entries(Path("a.bib"), written)
    assert entry.metadata().author == "Rice and Water Office, The, of Rome, Italy"


@pytest.mark.parametrize("kind", KINDS)
def test_our_own_reader_finds_the_same_in_bibtex_and_csl(kind: str) -> None:
    known = KINDS[kind]
    (from_bibtex,) = bibtex_entries(Path("a.bib"), bibtex(citation(known)))
    (from_csl,) = csl_entries(Path("a.json"), csl_json(citation(known)))
    for found in (from_bibtex.metadata(), from_csl.metadata()):
        for name in ("author", "date", "volume", "issue", "pages", "edition", "doi", "isbn"):
            assert getattr(found, name) == getattr(known, name), name
        assert found.title == known.title or not known.title
        assert found.type in {known.type, None, "document"}
        assert found.publisher == known.publisher


def test_a_source_cited_twice_is_one_entry() -> None:
    cited = [citation(BOOK), citation(JOURNAL), citation(BOOK, "Hills are high.", None)]
    entries = parsed_bibtex(bibtex_list(cited))
    assert [entry.key for entry in entries] == ["rice-abababab", "water-abababab"]
    assert "Rice grows on hills.” (pp. 12–14) “Hills are high.”" in entries[0]["annote"]
    items = json.loads(csl_json_list(cited))
    assert [item["id"] for item in items] == ["rice-abababab", "water-abababab"]
    assert [one["quote"] for one in items[0]["custom"]["quaere"]] == [QUOTE, "Hills are high."]


def test_ris_of_a_journal_article() -> None:
    assert ris(citation(JOURNAL)).split("\r\n") == [
        "TY  - JOUR",
        "ID  - water-abababab",
        "AU  - Miller, Ann",
        "AU  - Okafor, Chidi",
        "AU  - Zhao, Li",
        "TI  - Effects of water on rice yields",
        "T2  - Journal of Rice Research",
        "IS  - 3",
        "VL  - 12",
        "SP  - 215",
        "EP  - 230",
        "PY  - 2021",
        "DA  - 2021/04//",
        "LA  - en",
        "DO  - 10.1000/xyz123",
        "N1  - “Rice grows on hills.” (pp. 12–14)",
        "ER  - ",
        "",
    ]


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("book", {"type_of_reference": "BOOK", "issn": "978-0-19-953556-9", "edition": "2"}),
        ("newspaper", {"type_of_reference": "NEWS", "year": "2024", "date": "2024/05/07/"}),
        ("web page", {"type_of_reference": "ELEC", "urls": ["https://heritage.example/terraces"]}),
        ("report", {"type_of_reference": "RPRT", "issn": "17", "place_published": "Rome"}),
        ("nothing", {"type_of_reference": "GEN", "title": "field notes.txt", "year": None}),
    ],
)
def test_ris_of_other_kinds(kind: str, wanted: dict[str, Any]) -> None:
    (found,) = parsed_ris(ris(citation(KINDS[kind])))
    assert {name: found.get(name) for name in wanted} == wanted


@often
@given(odd_words, odd_words, odd_quotes)
@example(ODD, "ER  - ", "TY  - JOUR\r\nER  - \r\n")
def test_ris_gives_back_any_words(title: str, publication: str, quote: str) -> None:
    (found,) = parsed_ris(ris(citation(source(title=title, publication=publication), quote)))
    assert (found["title"], found["secondary_title"]) == (lines(title), lines(publication))
    assert found["notes"] == [f"“{lines(quote)}” (pp. 12–14)"]


def test_csl_json_of_a_newspaper_article() -> None:
    (found,) = json.loads(csl_json(citation(NEWSPAPER)))
    custom = found.pop("custom")
    assert found == {
        "id": "prices-abababab",
        "type": "article-newspaper",
        "title": "Rice prices fall",
        "author": [{"family": "Tran", "given": "Minh"}],
        "container-title": "The Daily Harvest",
        "issued": {"date-parts": [[2024, 5, 7]]},
        "URL": "https://daily.example/rice",
        "language": "en",
        "annote": "“Rice grows on hills.” (pp. 12–14)",
    }
    (place,) = custom["quaere"]
    assert (place["quote"], place["locator"], place["label"]) == (QUOTE, "12-14", "page")


metadata = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("title", "author", "publication", "publisher", "place", "volume", "issue", "pages", "doi"),
        odd,
    )
    | {"date": st.sampled_from(["2024", "2024-05", "2024-05-07", "2024-13", "spring", ""])}
    | {"type": st.sampled_from(ITEM_TYPES)},
)


@often
@given(metadata, odd_quotes)
def test_csl_json_keeps_to_the_schema(known: dict[str, str], quote: str) -> None:
    found = json.loads(csl_json(citation(source(**known), quote)))
    jsonschema.validate(found, SCHEMA)
    assert found[0]["custom"]["quaere"][0]["quote"] == quote


def rendered(markdown: str) -> str:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)


class Text(HTMLParser):
    """The words of a page, and its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.elements = "", list[tuple[str, dict[str, str | None]]]()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_markdown_footnote() -> None:
    cited = citation(NEWSPAPER, "Rice grows.\nIt is *cheap*.\n\nPrices fall.")
    label = f"q-{cited.id}"
    quotation, note = markdown_footnote(cited).split("\n\n")
    assert quotation == (f"> Rice grows.\n> It is \\*cheap\\*.\n>\n> Prices fall.[^{label}]")
    shown, _, comment = note.partition(" <!-- quaere: ")
    assert shown == (
        f"[^{label}]: Minh Tran, “Rice prices fall,” *The Daily Harvest*, May 7, 2024, pp. 12–14."
    )
    assert comment.endswith('"prefix":"before ","suffix":" after"} -->\n')
    assert note.count("\n") == 1


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (
            "book",
            "Van Anh Nguyễn and John Smith, “Growing rice on hills: A history,” "
            "*Oxford University Press*, 2019, pp. 12–14.",
        ),
        (
            "journal",
            "Ann Miller, Chidi Okafor, and Li Zhao, “Effects of water on rice yields,” "
            "*Journal of Rice Research*, April 2021, pp. 12–14.",
        ),
        ("nothing", "field notes.txt, n.d., pp. 12–14."),
    ],
)
def test_what_a_note_says(kind: str, wanted: str) -> None:
    assert f"]: {wanted} <!--" in markdown_footnote(citation(KINDS[kind]))


def test_words_out_of_a_passage_have_a_note_of_their_own() -> None:
    part = replace(citation(BOOK), start=START + 5)
    end = START + len(QUOTE)
    assert f"[^q-{part.id}-{START + 5}-{end}]: " in markdown_footnote(part)


@often
@given(odd_quotes, odd_words, st.tuples(odd, odd))
@example("ends --> here\n\n`code` <!-- x", ODD, ("-->", "<!--"))
@example("a---->b", "--", ("\\--", "\\"))
def test_markdown_shows_the_words_and_keeps_them_verbatim(
    tmp_path_factory: pytest.TempPathFactory, quote: str, title: str, around: tuple[str, str]
) -> None:
    cited = citation(source(title=title, publication=title), quote, around=around)
    written = markdown_footnote(cited)
    path = tmp_path_factory.mktemp("saved") / "notes.md"
    path.write_bytes(written.encode())
    (saved,) = read_saved(path)
    assert (saved.quote, saved.prefix, saved.suffix) == (quote, *around)
    assert (saved.id, saved.path, saved.sha256) == (cited.id, cited.document.path, "ab" * 32)
    assert (saved.start, saved.end, saved.damage) == (cited.start, cited.end, None)

    assert written.count("<!--") == 1
    quotation = Text(rendered(written[: written.rindex(f"\n\n[^q-{cited.id}]: ")]))
    shown = quotation.words.strip().removesuffix(f"[^q-{cited.id}]")
    assert lines(shown) == lines(quote)
    assert {tag for tag, _ in quotation.elements} <= {"blockquote", "p"}
    said = Text(rendered(written[written.rindex(f"[^q-{cited.id}]: ") :].partition("]: ")[2]))
    assert lines(title) in lines(said.words) or "“" in title or "”" in title
    assert {tag for tag, _ in said.elements} <= {"p", "em"}


def test_an_html_quotation() -> None:
    assert html_blockquote(citation(NEWSPAPER, "Rice & <water>.\n\nHills.")) == (
        '<blockquote cite="https://daily.example/rice">\n'
        "<p>Rice &amp; &lt;water&gt;.</p>\n<p>Hills.</p>\n"
        "<footer>— Minh Tran, “Rice prices fall,” <i>The Daily Harvest</i>, May 7, 2024, "
        "pp. 12–14.</footer>\n</blockquote>\n"
    )
    assert html_blockquote(citation(NOTHING)).startswith("<blockquote>\n<p>Rice")


@often
@given(odd_quotes, odd_words)
def test_html_shows_the_words(quote: str, title: str) -> None:
    known = source(title=title, author=title, url='https://a.example/?q="<>&')
    page = Text(html_blockquote(citation(known, quote)))
    assert page.elements[0] == ("blockquote", {"cite": known.url})
    assert {tag for tag, _ in page.elements} <= {"blockquote", "p", "footer"}
    assert lines(page.words).startswith(lines(quote))


@pytest.mark.parametrize(
    ("cited", "wanted"),
    [
        (
            citation(NEWSPAPER),
            "“Rice grows on hills.” — Minh Tran, Rice prices fall "
            "(The Daily Harvest, May 7, 2024), pp. 12–14",
        ),
        (
            citation(REPORT, pinpoint=Pinpoint("3", "line")),
            "“Rice grows on hills.” — Food Agency, State of food 2022 "
            "(Harvest Institute, 2022), line 3",
        ),
        (citation(NOTHING), "“Rice grows on hills.” — field notes.txt (n.d.), pp. 12–14"),
    ],
)
def test_plain_text(cited: Citation, wanted: str) -> None:
    assert plain(cited) == wanted


@pytest.mark.parametrize("style", EXPORTS)
def test_several_citations_make_one_file(style: str) -> None:
    written = all_formatted([citation(BOOK), citation(JOURNAL)], style)
    assert written.endswith("\n")
    if style == "bibtex":
        assert len(parsed_bibtex(written)) == 2
    if style == "ris":
        assert len(parsed_ris(written.replace("\r\n", "\n").replace("\n", "\r\n"))) == 2
