"""What a bibliography says, and of which file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import bibtex_types, works
from index.bibliography import Bibliography, read_bibliography
from index.errors import MetadataInvalid
from index.types import Metadata

NOTHING = Metadata()


def bibtex(folder: Path, content: str) -> Bibliography:
    path = folder / "refs.bib"
    path.write_text(content, encoding="utf-8")
    return read_bibliography(path)


def csl(folder: Path, *items: object) -> Bibliography:
    path = folder / "refs.json"
    path.write_text(json.dumps(items), encoding="utf-8")
    return read_bibliography(path)


def title_of(
    bibliography: Bibliography, path: str | Path, stated: Metadata = NOTHING
) -> str | None:
    found = bibliography.find(Path(path), stated)
    return found.title if found else None


RICE = r"""
% Exported.
@comment{not this one}
@string{times = {The Rice Times}}
@article{roe2019,
  title     = {On {R}ice, and how it's {\'e}t{\'{e}} at 5\% & more},
  author    = "Roe, Ana and Johann Wolfgang von G{\"o}the and King, Jr., Martin Luther
               and {World Bank and Friends} and others",
  journal   = times # { Weekly},
  year      = 2019,
  month     = may,
  langid    = {british},
  url       = {https://example.org/a\_b?x=1\&y=2},
  publisher = {Roe \& Sons},
  address   = {M{\"u}nchen},
  volume    = 12,
  number    = {3--4},
  pages     = {12--34},
  edition   = {2nd},
  doi       = {https://doi.org/10.1000/a\_b},
  isbn      = {978-0-306-40615-7 (hardcover)},
}
"""


def test_what_an_entry_of_bibtex_says(tmp_path: Path) -> None:
    assert bibtex(tmp_path, RICE).find(Path("/x/roe2019.pdf"), NOTHING) == Metadata(
        title="On Rice, and how it's été at 5% & more",
        author="Roe, Ana; von Göthe, Johann Wolfgang; King, Martin Luther, Jr.; "
        "World Bank and Friends",
        publication="The Rice Times Weekly",
        date="2019-05",
        language="en",
        url="https://example.org/a_b?x=1&y=2",
        type="article-journal",
        publisher="Roe & Sons",
        place="München",
        volume="12",
        issue="3–4",
        pages="12-34",
        edition="2nd",
        doi="10.1000/a_b",
        isbn="978-0-306-40615-7",
    )


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        ("date = {2019-05-31}", Metadata(date="2019-05-31")),
        ("date = {2019-05-01/2019-05-03}", Metadata(date="2019-05-01")),
        ("date = {2019~}, year = 1999", Metadata(date="2019")),
        ('year = "2019", month = "5"', Metadata(date="2019-05")),
        ("year = 2019, month = {May/June}", Metadata(date="2019-05")),
        ("year = 2019, month = {10-12}", Metadata(date="2019-10")),
        ('year = 2019, month = "7~" # may', Metadata(date="2019-05-07")),
        ('year = 2019, month = may # "~7--9"', Metadata(date="2019-05-07")),
        ("year = 2019, month = 5, day = 7", Metadata(date="2019-05-07")),
        ("year = 2019, month = {Spring}", Metadata(date="2019")),
        ("year = {forthcoming}, month = may", NOTHING),
        ("booktitle = {Rice}, publisher = {Roe}", Metadata(publication="Rice", publisher="Roe")),
        ("journaltitle = {Rice}", Metadata(publication="Rice")),
        ("publisher = {Roe}, school = {Rice University}", Metadata(publisher="Roe")),
        ("school = {Rice University}", Metadata(publisher="Rice University")),
        ("institution = {Rice Board}", Metadata(publisher="Rice Board")),
        ("organization = {Rice Board}", Metadata(publisher="Rice Board")),
        ("address = {Ulm}, location = {Bonn}", Metadata(place="Bonn")),
        ("volume = {XII}, issue = {Lent}, number = 3", Metadata(volume="XII", issue="Lent")),
        ("pages = {7, 41 -- 45, 73---97}", Metadata(pages="7, 41-45, 73-97")),
        ("pages = {12\N{EN DASH}34}", Metadata(pages="12-34")),
        ("pages = {e123}", Metadata(pages="e123")),
        ("pages = {--}", NOTHING),
        ("edition = {Second}", Metadata(edition="Second")),
        ("isbn = {0-306-40615-2, 978-0-306-40615-7}", Metadata(isbn="0-306-40615-2")),
        ("isbn = {080442957x}", Metadata(isbn="080442957X")),
        ("isbn = {978-0-306-40615-8}", NOTHING),
        ("doi = {see there}", NOTHING),
        ("howpublished = {Handed out in the street}", NOTHING),
        ("language = {ngerman}", Metadata(language="de")),
        ("language = {en-US}", Metadata(language="en")),
        ("language = {english and french}", NOTHING),
        (
            "doi = {10.1000/a\\_b}",
            Metadata(url="https://doi.org/10.1000/a_b", doi="10.1000/a_b"),
        ),
        (
            "url = {http://a.org}, doi = {10.1000/a}",
            Metadata(url="http://a.org", doi="10.1000/a"),
        ),
        (
            "url = {https://dx.doi.org/10.1000/a}",
            Metadata(url="https://dx.doi.org/10.1000/a", doi="10.1000/a"),
        ),
        (
            "howpublished = {\\url{http://a.org/~x%20}}",
            Metadata(url="http://a.org/~x%20", type="webpage"),
        ),
        ("url = {see there}", NOTHING),
        ("title = {Rice}, subtitle = {A Study}", Metadata(title="Rice: A Study")),
        ("title = {{{Rice}}}", Metadata(title="Rice")),
        (
            "title = {$\\beta$ -- \\emph{Oryza} \\unknown{sativa}}",
            Metadata(title="β – Oryza sativa"),
        ),
        ("title = {Rice \\begin{x} \\verb}", Metadata(title="Rice \\beginx \\verb")),
        ("TITLE = {Rice}", Metadata(title="Rice")),
        ("title = {Rice}, title = {Maize}", Metadata(title="Rice")),
        ("title = {}, author = { }", NOTHING),
    ],
)
def test_what_fields_of_bibtex_say(tmp_path: Path, fields: str, known: Metadata) -> None:
    assert bibtex(tmp_path, f"@misc{{a,\n{fields}}}").find(Path("/a.pdf"), NOTHING) == known


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("@book{a}", "book"),
        ("@BOOK{a, title = {A}}", "book"),
        ("@article{a, title = {A}}", "article-journal"),
        ("@article{a, entrysubtype = {newspaper}}", "article-newspaper"),
        ("@article{a, entrysubtype = {magazine}}", "article-magazine"),
        ("@inproceedings{a, title = {A}}", "paper-conference"),
        ("@incollection{a, title = {A}}", "chapter"),
        ("@techreport{a, title = {A}}", "report"),
        ("@report{a, title = {A}}", "report"),
        ("@phdthesis{a, title = {A}}", "thesis"),
        ("@online{a, title = {A}}", "webpage"),
        ("@www{a, title = {A}}", "webpage"),
        ("@unpublished{a, title = {A}}", "manuscript"),
        ("@misc{a, title = {A}}", None),
        ("@misc{a, url = {https://a.org}}", "webpage"),
        ("@misc{a, url = {https://doi.org/10.1000/a}}", None),
        ("@misc{a, url = {https://a.org}, doi = {10.1000/a}}", None),
        ("@misc{a, url = {https://arxiv.org/abs/1}, eprint = {1}}", "article"),
        ("@songbook{a, title = {A}}", None),
    ],
)
def test_what_kind_of_work_an_entry_of_bibtex_is(
    tmp_path: Path, entry: str, kind: str | None
) -> None:
    found = bibtex(tmp_path, entry.replace("{a}", "{a, title = {A}}")).find(Path("/a.pdf"), NOTHING)
    assert found is not None
    assert found.type == kind


def test_every_kind_of_work_that_bibtex_names_is_one_of_csl() -> None:
    kinds = {*bibtex_types.ITEM_TYPES.values(), *bibtex_types.ARTICLE_TYPES.values()}
    assert kinds <= set(works.ITEM_TYPES)
    assert set(works.ITEM_TYPES) >= works.NUMBERED


@pytest.mark.parametrize(
    ("kind", "issue"),
    [
        ("article", "7"),
        ("techreport", "7"),
        ("patent", "7"),
        ("book", None),
        ("inproceedings", None),
    ],
)
def test_a_number_of_bibtex_is_an_issue_or_a_report_s_and_not_that_in_a_series(
    tmp_path: Path, kind: str, issue: str | None
) -> None:
    found = bibtex(tmp_path, f"@{kind}{{a, number = 7}}").find(Path("/a.pdf"), NOTHING)
    assert found is not None
    assert found.issue == issue


def test_what_an_entry_of_csl_says(tmp_path: Path) -> None:
    item = {
        "id": "roe2019",
        "type": "article-journal",
        "title": "On <i>Oryza</i>, a < b",
        "author": [
            {"family": "Roe", "given": "Ana"},
            {"family": "Göthe", "given": "Johann", "dropping-particle": "von"},
            {"family": "Beauvoir", "given": "Simone", "non-dropping-particle": "de"},
            {"literal": "World Bank"},
            {"family": "King", "given": "Martin", "suffix": "Jr."},
        ],
        "container-title": "The Rice Times",
        "publisher": "Roe & Sons",
        "issued": {"date-parts": [["2019", 5, 7], [2019, 5, 9]]},
        "language": "en-GB",
        "DOI": "10.1000/rice",
        "publisher-place": "Bonn",
        "volume": 12,
        "issue": "3",
        "page": "12\N{EN DASH}34",
        "edition": "2",
        "ISBN": "978-0-306-40615-7 0-306-40615-2",
    }
    assert csl(tmp_path, item).find(Path("/x/roe2019.pdf"), NOTHING) == Metadata(
        title="On Oryza, a < b",
        author="Roe, Ana; von Göthe, Johann; de Beauvoir, Simone; World Bank; King, Martin, Jr.",
        publication="The Rice Times",
        date="2019-05-07",
        language="en",
        url="https://doi.org/10.1000/rice",
        type="article-journal",
        publisher="Roe & Sons",
        place="Bonn",
        volume="12",
        issue="3",
        pages="12-34",
        edition="2",
        doi="10.1000/rice",
        isbn="978-0-306-40615-7",
    )


@pytest.mark.parametrize(
    ("item", "known"),
    [
        ({"type": "book", "publisher": "Roe"}, Metadata(type="book", publisher="Roe")),
        ({"type": "report", "number": "TR 7"}, Metadata(type="report", issue="TR 7")),
        ({"type": "book", "number": "7"}, Metadata(type="book")),
        ({"type": "journalArticle", "page": ["1"], "DOI": 10, "ISBN": "7"}, NOTHING),
    ],
)
def test_what_some_fields_of_csl_say(
    tmp_path: Path, item: dict[str, object], known: Metadata
) -> None:
    assert csl(tmp_path, {"id": "a", **item}).find(Path("/a.pdf"), NOTHING) == known


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ({"date-parts": [[2019]]}, "2019"),
        ({"date-parts": [[2019, 13]]}, "2019"),
        ({"date-parts": [[]], "raw": "2019-05"}, "2019-05"),
        ({"literal": "May 7, 2019"}, "2019-05-07"),
        ({"literal": "long ago"}, None),
        ({"date-parts": "2019"}, None),
        ("2019-05", "2019-05"),
        ([2019], None),
    ],
)
def test_dates_of_csl(tmp_path: Path, issued: object, date: str | None) -> None:
    found = csl(tmp_path, {"id": 7, "issued": issued}).find(Path("/7.pdf"), NOTHING)
    assert found == Metadata(date=date)


def test_values_of_csl_that_are_no_words_say_nothing(tmp_path: Path) -> None:
    odd = [None, 1.5, True, {}, [[]], "\ud800 \x1b"]
    keys = ("title", "author", "issued", "URL", "file", "type", "page", "DOI", "ISBN")
    items = [dict.fromkeys(keys, one) for one in odd]
    found = [csl(tmp_path, {**item, "id": "a"}).find(Path("/a.x"), NOTHING) for item in items]
    assert found == [*[NOTHING] * 5, Metadata(title="?")]


ENTRIES = r"""
@misc{one, title = {First}, file = {Full Text:files/1/rice.pdf:application/pdf}}
@misc{two, title = {Second}, url = {https://www.Example.org/rice/}}
@misc{THREE, title = {On {R}ice: A {\"U}berblick}, doi = {10.1000/x}}
@misc{four, title = {Fourth}, file = {:/elsewhere/maize.pdf:PDF;:maize notes.html:HTML}}
@misc{four, title = {Fifth}, url = {https://example.org/rice#top}}
"""


@pytest.mark.parametrize(
    ("path", "stated", "title"),
    [
        ("files/1/rice.pdf", NOTHING, "First"),
        ("/elsewhere/maize.pdf", NOTHING, "Fourth"),
        ("/moved/Maize.pdf", NOTHING, "Fourth"),
        ("/moved/maize notes.html", NOTHING, "Fourth"),
        ("/moved/rice.pdf", NOTHING, "First"),
        ("/x/two.txt", NOTHING, "Second"),
        ("/x/three.txt", NOTHING, "On Rice: A Überblick"),
        ("/x/Four.txt", NOTHING, "Fourth"),
        ("/x/a.html", Metadata(url="http://example.org/rice"), "Second"),
        ("/x/a.html", Metadata(url="http://example.org/rice?page=2"), None),
        ("/x/a.html", Metadata(url="https://doi.org/10.1000/x"), "On Rice: A Überblick"),
        ("/x/a.pdf", Metadata(doi="10.1000/x"), "On Rice: A Überblick"),
        ("/x/a.html", Metadata(title="on rice — a ÜBERBLICK"), "On Rice: A Überblick"),
        ("/x/a.html", Metadata(title="Fifth"), "Fifth"),
        ("/x/a.html", Metadata(title="?!"), None),
        ("/x/a.html", Metadata(title="On Rice"), None),
        ("/x/two.txt", Metadata(url="https://doi.org/10.1000/x"), "Second"),
        ("/x/rice.pdf", Metadata(title="Fifth"), "First"),
        ("/x/a.html", Metadata(title="Fifth", url="http://example.org/rice"), "Second"),
    ],
)
def test_which_entry_describes_a_file(
    tmp_path: Path, path: str, stated: Metadata, title: str | None
) -> None:
    assert title_of(bibtex(tmp_path, ENTRIES), tmp_path / path, stated) == title


@pytest.mark.parametrize(
    "written",
    [
        "{rice.pdf}",
        "{sub/rice.pdf}",
        "{:sub/rice.pdf:PDF}",
        "{Full Text:sub/rice.pdf:application/pdf;Page:sub/a.html:text/html}",
        "{Page:sub/a.html:text/html;Full Text:sub/rice.pdf:application/pdf}",
        "{A\\: B\\; C:sub/rice.pdf:PDF}",
        "{C:\\Papers\\rice.pdf}",
        "{Full Text:C\\:\\\\Papers\\\\rice.pdf:application/pdf}",
        "{:C$\\backslash$:/Papers/rice.pdf:pdf}",
        "{:home/ana/rice.pdf:pdf}",
        "{file:///home/ana/rice.pdf}",
        "{rice.pdf:PDF}",
        "{~/papers/rice.pdf}",
        "{~nobody/rice.pdf}",
    ],
)
def test_an_entry_names_a_file_in_any_of_the_usual_ways(tmp_path: Path, written: str) -> None:
    entries = bibtex(tmp_path, f"@misc{{a, title = {{A}}, file = {written}}}")
    assert title_of(entries, tmp_path / "sub" / "rice.pdf") == "A"
    assert title_of(entries, tmp_path / "sub" / "price.pdf") is None


def test_files_of_one_name_are_told_apart_where_they_are_there(tmp_path: Path) -> None:
    for name in ("1", "2", "3"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "document.pdf").write_text(name)
    entries = bibtex(
        tmp_path,
        "@misc{a, title = {A}, file = {1/document.pdf}}\n"
        f"@misc{{b, title = {{B}}, file = {{{tmp_path / '2' / 'document.pdf'}}}}}\n",
    )
    titles = [title_of(entries, tmp_path / name / "document.pdf") for name in ("1", "2", "3")]
    assert titles == ["A", "B", None]


def test_file_names_match_however_their_accents_are_stored(tmp_path: Path) -> None:
    entries = bibtex(tmp_path, "@misc{a, title = {A}, file = {u\u0308ber.pdf}}")
    assert title_of(entries, tmp_path / "\u00fcber.pdf") == "A"


def test_a_broken_entry_does_not_take_the_others_along(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    entries = bibtex(
        tmp_path, "@misc{a, title = {A\n\n@misc{b, title = {B}}\n@misc{c title}\n@misc{d}\n"
    )
    assert [title_of(entries, f"/{key}.pdf") for key in "abcd"] == [None, "B", None, None]
    assert capfd.readouterr() == ("", "")


def test_strings_made_of_each_other_do_not_grow_without_end(tmp_path: Path) -> None:
    doubling = "".join(f"@string{{s{n + 1} = s{n} # s{n}}}\n" for n in range(60))
    entries = bibtex(tmp_path, f'@string{{s0 = "ab"}}\n{doubling}@misc{{a, title = s60}}')
    assert len(title_of(entries, "/a.pdf") or "") == 1000


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.bib", b"", "no entry"),
        ("a.bib", b"just words", "no entry"),
        ("a.bib", b"@comment{x}\n@string{a = {b}}", "no entry"),
        ("a.bib", b"words\n\n@misc{a, title = {A}", "line 3: "),
        ("a.bib", b"@misc{a,\n title = {\xe9}}", "line 2: this is no text in UTF-8"),
        ("a.bib", b"a" * (20 * 2**20 + 1), "20 MB"),
        ("a.json", b"[]", "no entry"),
        ("a.json", b"[\n{},\n]", "line 3: this is no JSON"),
        ("a.json", b"{}", "not a list"),
        ("a.json", b"[1]", "not a list"),
        ("a.json", b"[" * 100_000, "no CSL-JSON"),
        ("a.json", b'[{"id": ' + b"1" * 5000 + b"}]", "no CSL-JSON"),
        ("a.ris", b"TY  - BOOK", "no bibliography"),
    ],
)
def test_what_is_no_bibliography_is_refused(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(MetadataInvalid) as refused:
        read_bibliography(path)
    assert said in refused.value.message
    assert refused.value.path == path


@given(st.text("@{}()\",=#%\\\n\t $~abmisc1:;'", max_size=80))
def test_any_bibtex_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    for whole in (
        content,
        f"@misc{{a, title = {{{content}}}, author = {{{content}}},\n"
        f"file = {{{content}}}, url = {{{content}}}, pages = {{{content}}},\n"
        f"doi = {{{content}}}, isbn = {{{content}}}, month = {content}}}",
    ):
        try:
            entries = bibtex(folder, whole)
        except MetadataInvalid:
            continue
        entries.find(Path("/a.pdf"), Metadata(title="x", url="http://["))
        entries.find(Path("/b.pdf"), Metadata(title="x", url="http://["))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ("id", "title", "author", "issued", "date-parts", "family", "file")
                ),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    for whole in (value, [{"id": "a", "issued": value, "author": value}]):
        path.write_text(json.dumps(whole))
        try:
            read_bibliography(path).find(Path("/a.pdf"), Metadata(title="x"))
        except MetadataInvalid:
            continue
