from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import FileDamaged, FileEncrypted, FileRefused, LimitExceeded, NoTextLayer
from index.locate import Locations
from index.readers.epub import read
from index.types import Mark, Metadata, SourceText

BOOK = Path("book.epub")
CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>"""
STATED = """<dc:title>On Rice</dc:title><dc:creator>Ana Roe</dc:creator>"""


def page(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns='
        '"http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title/></head><body>{body}</body></html>"
    )


def package_document(stated: str, items: Sequence[str], spine: Sequence[str]) -> str:
    return f"""<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">
    <metadata xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:opf="http://www.idpf.org/2007/opf">{stated}</metadata>
    <manifest>{"".join(items)}</manifest><spine>{"".join(spine)}</spine></package>"""


def item(identity: str, name: str, kind: str = "application/xhtml+xml", more: str = "") -> str:
    return f'<item id="{identity}" href="{html.escape(name)}" media-type="{kind}" {more}/>'


def navigation(entries: Mapping[str, str]) -> str:
    links = "".join(f'<li><a href="{name}">{title}</a></li>' for name, title in entries.items())
    return page(
        '<nav epub:type="landmarks"><a href="1.xhtml">Wrong</a></nav>'
        f'<nav epub:type="toc"><ol>{links}</ol></nav>'
    )


def archive(files: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/epub+zip")
        for name, content in files.items():
            file.writestr(name, content)
    return packed.getvalue()


def epub(
    chapters: Sequence[str],
    stated: str = STATED,
    titles: Mapping[str, str] | None = None,
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A book whose chapters are OEBPS/1.xhtml, OEBPS/2.xhtml ..., with these bodies."""
    names = [f"{number}.xhtml" for number in range(1, len(chapters) + 1)]
    items = [item(f"c{name}", name) for name in names]
    spine = [f'<itemref idref="c{name}"/>' for name in names]
    nav = item("nav", "nav.xhtml", more='properties="nav"')
    return archive(
        {
            "META-INF/container.xml": CONTAINER,
            "OEBPS/content.opf": package_document(
                stated, [nav, *items], ['<itemref idref="nav"/>', *spine]
            ),
            "OEBPS/nav.xhtml": navigation(titles or {}),
            **{f"OEBPS/{name}": page(body) for name, body in zip(names, chapters, strict=True)},
            **(more or {}),
        }
    )


def headings_at(content: SourceText, words: str) -> tuple[str, ...]:
    start = content.text.index(words)
    starts = [0, *(match.end() for match in re.finditer(r"\n+", content.text))]
    return Locations(content, starts).locator(start, start + len(words)).headings


def test_chapters_are_read_in_the_order_of_the_spine() -> None:
    content = read(BOOK, epub(["<h1>One</h1><p>First.</p>", "<h1>Two</h1><p>Second.</p>"]))
    assert content.text == "One\n\nFirst.\n\nTwo\n\nSecond."
    assert content.breaks == (content.text.index("Two"),)
    assert content.marks == (Mark(0, "heading", 1, "One"), Mark(13, "heading", 1, "Two"))
    assert content.metadata == Metadata(title="On Rice", author="Ana Roe", type="book")


_SENTENCE = st.lists(
    st.text("abcdéßøñ语한Ж&<>\"'’“–", min_size=1, max_size=7), min_size=1, max_size=9
).map(" ".join)
_CHAPTERS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.tuples(st.integers(1, 4), _SENTENCE)),
        st.one_of(st.none(), _SENTENCE),
        st.lists(_SENTENCE, min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=5,
)


@given(_CHAPTERS)
@settings(deadline=None)
def test_each_paragraph_stands_in_its_chapter(
    chapters: list[tuple[tuple[int, str] | None, str | None, list[str]]],
) -> None:
    """Of a chapter there may be a heading, a title in the table of contents, both or neither."""
    bodies = []
    titles = {}
    for number, (heading, title, paragraphs) in enumerate(chapters, 1):
        level, words = heading or (0, "")
        head = f"<h{level}>{html.escape(words)}</h{level}>" if heading else ""
        bodies.append(head + "".join(f"<p>{html.escape(one)}</p>" for one in paragraphs))
        if title:
            titles[f"{number}.xhtml"] = html.escape(title)
    content = read(BOOK, epub(bodies, titles=titles))
    starts = [0, *(match.end() for match in re.finditer(r"\n+", content.text))]
    locations = Locations(content, starts)
    at = 0
    path: list[tuple[int, str, bool]] = []
    for heading, title, paragraphs in chapters:
        if (heading or title) and path and path[0][2]:
            path = []
        if heading:
            path = [above for above in path if above[0] < heading[0]] + [(*heading, False)]
            at = content.text.index(heading[1], at) + len(heading[1])
        elif title:
            path = [(1, title, True)]
        for one in paragraphs:
            start = content.text.index(one, at)
            assert content.text[at:start].strip() == ""
            at = start + len(one)
            expected = tuple(words for _, words, _ in path)
            assert locations.locator(start, at).headings == expected
    assert at == len(content.text)
    assert len(content.breaks) == len(chapters) - 1


def test_a_chapter_without_heading_stands_under_its_title_in_the_contents() -> None:
    titles = {"1.xhtml": "Title page", "2.xhtml#top": "Chapter <b>One</b>", "4.xhtml": "End"}
    chapters = ["<p>On Rice</p>", "<p>First.</p>", "<p>Second.</p>", "<h2>Notes</h2><p>Third.</p>"]
    content = read(BOOK, epub(chapters, titles=titles))
    assert content.text.strip() == "On Rice\n\nFirst.\n\nSecond.\n\nNotes\n\nThird."
    assert headings_at(content, "On Rice") == ("Title page",)
    assert headings_at(content, "First.") == ("Chapter One",)
    assert headings_at(content, "Second.") == ("Chapter One",)  # a chapter in two files
    assert headings_at(content, "Third.") == ("Notes",)


def test_what_stands_before_a_chapter_s_heading_belongs_to_the_chapter() -> None:
    chapters = ["<h2>One</h2><p>First.</p>", "<p>A motto.</p><h2>Two</h2><p>Second.</p>"]
    content = read(BOOK, epub(chapters, titles={"2.xhtml": "Two: the sea"}))
    assert headings_at(content, "A motto.") == ("Two: the sea",)
    assert headings_at(content, "Second.") == ("Two",)


def test_parts_hold_the_chapters_in_their_own_files() -> None:
    content = read(BOOK, epub(["<h1>Part I</h1>", "<h2>One</h2><p>First.</p>"]))
    assert headings_at(content, "First.") == ("Part I", "One")


def test_nothing_is_left_out_as_boilerplate() -> None:
    body = "<header>Head</header><aside>Box</aside><p>Text</p><footer>Note</footer>"
    assert read(BOOK, epub([body])).text == "Head\n\nBox\n\nText\n\nNote"


def test_titles_come_from_the_old_table_of_contents_too() -> None:
    contents = """<?xml version="1.0"?><!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "x.dtd">
    <ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel>
    <text>Preface</text></navLabel><content src="text/a%20b.html#x"/></navPoint></navMap></ncx>"""
    files = {
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": package_document(
            STATED,
            [
                item("n", "toc.ncx", "application/x-dtbncx+xml"),
                item("a", "text/a%20b.html", "text/html"),
            ],
            ['<itemref idref="a"/>'],
        ),
        "OEBPS/toc.ncx": contents,
        "OEBPS/text/a b.html": "<p>Dear reader<br>of mine",
    }
    content = read(BOOK, archive(files))
    assert content.text.strip() == "Dear reader\nof mine"
    assert headings_at(content, "Dear") == ("Preface",)


def test_what_stands_beside_the_text_comes_last() -> None:
    items = [item(name, f"{name}.xhtml") for name in "abc"]
    spine = ['<itemref idref="a" linear="no"/>', '<itemref idref="b"/>', '<itemref idref="c"/>']
    files = {f"OEBPS/{name}.xhtml": page(f"<p>{name}</p>") for name in "abc"}
    content = read(
        BOOK,
        archive(
            {
                "META-INF/container.xml": CONTAINER,
                "OEBPS/content.opf": package_document(STATED, items, spine),
                **files,
            }
        ),
    )
    assert content.text == "b\n\nc\n\na"


def test_all_that_a_book_states_is_kept() -> None:
    stated = """<dc:title>On Rice</dc:title><dc:creator id="a">Ana Roe</dc:creator>
    <meta refines="#a" property="role">aut</meta>
    <meta refines="#a" property="file-as">Roe, Ana</meta>
    <dc:creator opf:role="aut">Ben Poe</dc:creator><dc:creator opf:role="trl">C. Doe</dc:creator>
    <dc:publisher>Field Press</dc:publisher><dc:language>en-GB</dc:language>
    <dc:date opf:event="modification">2024-01-01</dc:date>
    <dc:date opf:event="publication">1999-05</dc:date>
    <dc:identifier>urn:isbn:123</dc:identifier>
    <dc:identifier>urn:uuid:00000000-0000-0000-0000-000000000000</dc:identifier>
    <dc:identifier opf:scheme="ISBN">978-0-306-40615-7</dc:identifier>
    <dc:identifier>doi:10.1000/xyz</dc:identifier>
    <dc:identifier>https://books.example/1</dc:identifier>"""
    assert read(BOOK, epub(["<p>a</p>"], stated)).metadata == Metadata(
        "On Rice",
        "Roe, Ana; Ben Poe",
        None,
        "1999-05",
        "en",
        "https://books.example/1",
        type="book",
        publisher="Field Press",
        doi="10.1000/xyz",
        isbn="978-0-306-40615-7",
    )
    assert read(BOOK, epub(["<p>a</p>"], "")).metadata == Metadata(type="book")


@pytest.mark.parametrize(
    ("chapter", "text"),
    [
        (page("<p>a&nbsp;b &eacute;&mdash;</p>"), "a b é—"),
        (page("<p>a <b>b</p>"), "a b"),  # no XML
        (page("<a id='x'/><div/><p>a<![CDATA[ <b> ]]>c</p>"), "a <b> c"),
        ('<!DOCTYPE html [<!ENTITY o "ö">]><html><body><p>sch&o;n</p></body></html>', "schön"),
        (page("<p>ä</p>").replace("utf-8", "iso-8859-1").encode("latin-1"), "ä"),
        (page("<p>ä</p>").encode("utf-16"), "ä"),
        (
            page(
                '<svg:svg xmlns:svg="http://www.w3.org/2000/svg"><svg:text>no</svg:text></svg:svg>y'
            ),
            "y",
        ),
    ],
)
def test_xhtml_of_any_care_is_read(chapter: str | bytes, text: str) -> None:
    assert read(BOOK, epub([""], more={"OEBPS/1.xhtml": chapter})).text == text


def test_entities_that_swell_do_no_harm() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE html [<!ENTITY l0 "ha">{laughs}]><html><body>&l9;</body></html>'
    assert len(read(BOOK, epub([""], more={"OEBPS/1.xhtml": bomb})).text) < 10_000


def test_names_lead_nowhere_outside_of_the_book() -> None:
    document = package_document(
        STATED, [item("a", "../../../../etc/passwd")], ['<itemref idref="a"/>']
    )
    files = {"META-INF/container.xml": CONTAINER, "OEBPS/content.opf": document}
    with pytest.raises(FileDamaged, match="missing"):
        read(BOOK, archive(files))


def encryption(algorithm: str, name: str) -> str:
    return f"""<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
    xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>
    <enc:EncryptionMethod Algorithm="{algorithm}"/><enc:CipherData>
    <enc:CipherReference URI="{name}"/></enc:CipherData></enc:EncryptedData></encryption>"""


def test_locked_chapters_are_refused_and_scrambled_fonts_are_not() -> None:
    aes = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
    name = "META-INF/encryption.xml"
    with pytest.raises(FileEncrypted, match="DRM"):
        read(BOOK, epub(["<p>a</p>"], more={name: encryption(aes, "OEBPS/1.xhtml")}))
    for algorithm, locked in (
        ("http://www.idpf.org/2008/embedding", "OEBPS/font.otf"),
        (aes, "OEBPS/film.mp4"),
    ):
        assert read(BOOK, epub(["<p>a</p>"], more={name: encryption(algorithm, locked)})).text


@pytest.mark.parametrize(
    "missing", ["META-INF/container.xml", "OEBPS/content.opf", "OEBPS/1.xhtml", "the spine"]
)
def test_a_book_that_is_not_whole_is_refused(missing: str) -> None:
    files: dict[str, str] = {
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": package_document(
            "", [item("a", "1.xhtml")], [] if missing == "the spine" else ['<itemref idref="a"/>']
        ),
        "OEBPS/1.xhtml": page("<p>a</p>"),
    }
    files.pop(missing, None)
    with pytest.raises(FileDamaged):
        read(BOOK, archive(files))


def test_a_book_of_pictures_has_no_text() -> None:
    chapter = '<img src="1.jpg" alt=""/>'
    with pytest.raises(NoTextLayer):
        read(BOOK, epub([chapter], more={"OEBPS/1.jpg": b"\xff\xd8"}))


def test_a_broken_table_of_contents_costs_only_the_titles() -> None:
    contents = {"OEBPS/nav.xhtml": b"\x00\x01\x02" * 100}
    with pytest.raises(FileRefused):
        read(BOOK, epub(["<p>a</p>"], more={"OEBPS/1.xhtml": contents["OEBPS/nav.xhtml"]}))
    assert read(BOOK, epub(["<p>a</p>"], more=contents)).text == "a"


def test_a_chapter_nested_too_deep_is_refused() -> None:
    with pytest.raises(LimitExceeded):
        read(BOOK, epub(["<div>" * 30_000]))


@given(st.data())
@settings(deadline=None)
def test_damage_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(epub(["<h1>One</h1><p>First.</p>"] * 2, titles={"1.xhtml": "One"}))
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.one_of(st.just(len(whole)), st.integers(0, len(whole))))
    with suppress(FileRefused):
        read(BOOK, bytes(whole[:end]))


@given(st.sampled_from(["content.opf", "nav.xhtml", "1.xhtml"]), st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_in_a_part_are_read_or_refused(name: str, content: bytes) -> None:
    with suppress(FileRefused):
        read(BOOK, epub(["<p>a</p>"], more={f"OEBPS/{name}": content}))
