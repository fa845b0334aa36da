from __future__ import annotations

import html
import json
import re
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from index.errors import FileBinary, FileRefused, LimitExceeded
from index.locate import Locations
from index.readers.html import read
from index.types import Metadata, SourceText

PAGE = Path("page.html")


def text_of(page: str | bytes) -> str:
    return read(PAGE, page if isinstance(page, bytes) else page.encode()).text


def metadata_of(head: str, body: str = "<p>Text.") -> Metadata:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return read(PAGE, page.encode()).metadata


def headings_at(content: SourceText, start: int, end: int) -> tuple[str, ...]:
    starts = [0, *(match.end() for match in re.finditer(r"\n+", content.text))]
    return Locations(content, starts).locator(start, end).headings


# What is generated: (kind, level, lines), where the lines of a table are its rows.


@dataclass(frozen=True)
class Part:
    kind: str
    level: int
    lines: tuple[tuple[tuple[str, ...], ...], ...]
    """For each line its cells, and for each cell its words."""

    def written(self) -> str:
        rows = ["\t".join(" ".join(cell) for cell in line) for line in self.lines]
        return "\n".join(("- " if self.kind == "ul" else "") + row for row in rows)


_WORDS = st.lists(
    st.text(
        st.one_of(
            st.sampled_from("abcdefgßéïñčøあ语한Жλ&<>\"'’“”–;#"),
            st.characters(categories=("L", "N", "P", "S")),
        ),
        min_size=1,
        max_size=8,
    ),
    min_size=1,
    max_size=8,
).map(tuple)
_LINE = _WORDS.map(lambda words: (words,))
_ROWS = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.tuples(*[_WORDS] * width), min_size=2, max_size=3).map(tuple)
)
PARTS = st.lists(
    st.one_of(
        st.builds(Part, st.just("h"), st.integers(1, 6), _LINE.map(lambda line: (line,))),
        st.builds(Part, st.just("p"), st.just(0), _LINE.map(lambda line: (line,))),
        st.builds(Part, st.just("ul"), st.just(0), st.lists(_LINE, min_size=1).map(tuple)),
        st.builds(Part, st.just("table"), st.just(0), _ROWS),
    ),
    min_size=1,
    max_size=10,
)


def marked_up(parts: list[Part], inline: str) -> str:
    def words(cell: tuple[str, ...]) -> str:
        first, *others = (
            "".join(
                f"&#x{ord(c):x};" if len(cell) % 3 == 0 and c > "z" else html.escape(c)
                for c in word
            )
            for word in cell
        )
        return " \n".join([f"<{inline}>{first}</{inline}>", *others])

    def one(part: Part) -> str:
        if part.kind in "hp":
            tag = f"h{part.level}" if part.level else "p"
            return f"<{tag}>{words(part.lines[0][0])}</{tag}>"
        if part.kind == "ul":
            return "<ul>" + "\n".join(f"<li>{words(line[0])}</li>" for line in part.lines) + "</ul>"
        rows = ("\n".join(f"<td>{words(cell)}</td>" for cell in line) for line in part.lines)
        return "<table>" + "\n".join(f"<tr>{row}</tr>" for row in rows) + "</table>"

    return "\n".join(map(one, parts))


def check_parts(content: SourceText, parts: list[Part], start: int = 0) -> int:
    """Every part in order, verbatim, under its headings; returns where the last one ends."""
    path: list[tuple[int, str]] = []
    for part in parts:
        written = part.written()
        found = content.text.index(written, start)
        assert content.text[start:found].strip() == ""
        if part.kind == "h":
            path = [above for above in path if above[0] < part.level] + [(part.level, written)]
        start = found + len(written)
        assert headings_at(content, found, start) == tuple(words for _, words in path)
    return start


@given(PARTS, st.sampled_from(["b", "em", "span", "code", "sup"]))
@settings(deadline=None)
def test_every_part_stands_in_order_under_its_headings(parts: list[Part], inline: str) -> None:
    page = f"<!doctype html><html><body>\n{marked_up(parts, inline)}\n</body></html>"
    content = read(PAGE, page.encode())
    assert check_parts(content, parts) == len(content.text)
    independent = Counter(lxml_html.document_fromstring(page).text_content().split())
    bullets = sum(len(part.lines) for part in parts if part.kind == "ul")
    assert Counter(content.text.split()) == independent + Counter({"-": bullets})


SENTENCES = [
    "The council met on Monday evening to talk about the new bridge over the river, as planned.",
    "Nobody had expected so many people to come, and chairs were brought in from the school.",
    "The mayor said that the money would be found, although she did not say where or by whom.",
    "An engineer explained how the old bridge had been built, and why it could not be kept.",
    "In the end the vote was put off until spring, when the ice on the river has gone.",
    "Two members left the hall before the meeting ended, and would not speak to reporters.",
]


@given(
    st.lists(st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=5), min_size=4, max_size=9)
)
@settings(deadline=None, max_examples=20)
def test_nothing_is_lost_from_the_midst_of_an_article(paragraphs: list[list[str]]) -> None:
    texts = [f"{number}. {' '.join(one)}" for number, one in enumerate(paragraphs, 1)]
    texts.insert(3, "No.")
    body = "\n".join(f"<p>{text}</p>" for text in texts)
    content = text_of(NEWSPAPER.replace("<!--body-->", body))
    for before, after in pairwise(texts):
        assert f"{before}\n\n{after}" in content
    assert not any(word in content for word in SURROUNDINGS)


NEWSPAPER = """<!doctype html>
<html lang="en-GB"><head>
<meta charset="utf-8"><title>Bridge vote put off | The River Post</title>
<link rel="canonical" href="https://river.example/news/bridge">
<meta property="og:site_name" content="The River Post">
<meta property="og:title" content="Bridge vote put off | The River Post">
<script type="application/ld+json">
{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Bridge vote put off",
 "datePublished": "2025-10-08T07:30:00+01:00", "dateModified": "2025-10-09",
 "author": [{"@type": "Person", "name": "Ana Roe"}, {"@type": "Person", "name": "Ben Poe"}],
 "publisher": {"@type": "Organization", "name": "River Media Ltd"}}
</script>
<style>p { color: red }</style></head>
<body class="article-page">
<div id="cookie-banner"><p>We use cookies to make this site better. Accept all?</p>
<button>Accept</button></div>
<header><a href="/"><img alt="logo">River Post</a>
<nav><ul><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article>
<h1>Bridge vote put off</h1>
<p class="byline">By Ana Roe and Ben Poe</p>
<figure><img src="bridge.jpg"><figcaption>The old bridge at dawn. Photo: C. Doe</figcaption></figure>
<!--body-->
<aside><h3>Read also</h3><a href="/x">Ferry strike goes on</a></aside>
</article></main>
<section class="related"><h2>Related</h2><ul><li><a href="/1">Ten walks by the sea</a></li>
<li><a href="/2">How to bake bread</a></li></ul></section>
<footer><p>Copyright River Media. <a href="/terms">Terms of use</a></p></footer>
<script>track("visitor")</script>
</body></html>"""
SURROUNDINGS = ("cookies", "Sport", "Ferry", "walks", "Copyright", "track", "Accept")
ARTICLE = "\n".join(f"<p>{one} {two}</p>" for one in SENTENCES for two in SENTENCES[:2])


def test_a_newspaper_page_gives_its_article_and_what_it_states() -> None:
    body = f"""{ARTICLE}
    <h2>What it costs</h2>
    <table><caption>In millions</caption><tr><th>Year</th><th>Plan</th><th>Cost</th></tr>
    <tr><td>2024</td><td>A</td><td></td></tr><tr><td>2025</td><td></td><td>12.5</td></tr></table>
    <blockquote><p>We will build it.</p><footer>The mayor</footer></blockquote>
    <ul><li>Steel</li><li>Wood<ul><li>Oak</li></ul></li></ul>
    <ol start="3"><li>Third</li><li>Fourth</li></ol>"""
    content = read(PAGE, NEWSPAPER.replace("<!--body-->", body).encode())
    assert content.text.startswith(
        "Bridge vote put off\n\nBy Ana Roe and Ben Poe\n\nThe old bridge at dawn. Photo: C. Doe\n\n"
    )
    assert content.text.endswith(
        "What it costs\n\nIn millions\n\nYear\tPlan\tCost\n2024\tA\n2025\t\t12.5\n\n"
        "We will build it.\n\nThe mayor\n\n- Steel\n- Wood\n- Oak\n\n3. Third\n4. Fourth"
    )
    assert not any(word in content.text for word in SURROUNDINGS)
    assert [(mark.number, mark.label) for mark in content.marks] == [
        (1, "Bridge vote put off"),
        (2, "What it costs"),
    ]
    assert content.metadata == Metadata(
        "Bridge vote put off",
        "Ana Roe; Ben Poe",
        "The River Post",
        "2025-10-08",
        "en",
        "https://river.example/news/bridge",
        "article-newspaper",
        "River Media Ltd",
    )


def test_a_page_laid_out_by_tables_is_read_cell_by_cell() -> None:
    menu = "".join(f'<a href="/{name}">{name}</a><br>' for name in ("Home", "Guests", "Links"))
    story = "<p>".join(SENTENCES * 2)
    page = f"""<html><body><table width=600><tr><td class=navbar>{menu}</td><td><h1>My page</h1>
    <p>{story}<table border=1><tr><td>May<td>10<tr><td>June<td>20</table></td></tr></table>"""
    text = text_of(page)
    assert text.startswith("My page\n\n" + SENTENCES[0])
    assert text.endswith("May\t10\nJune\t20")
    assert "Guests" not in text


def test_a_manual_keeps_its_code_and_loses_its_sidebar() -> None:
    links = "".join(f'<li><a href="{n}.html">Chapter {n}</a></li>' for n in range(30))
    page = f"""<html><body><div class="sidebar"><ul>{links}</ul></div><div class="document">
    <h1>Install</h1>{ARTICLE}<h2>From source</h2><p>Run this:</p>
    <pre>git clone <b>repo</b>\n\nmake &amp;&amp; \\\n    make install</pre>
    <p>Use <code>&lt;b&gt;</code> and <code>&amp;amp;</code> for bold.</p></div></body></html>"""
    text = text_of(page)
    assert text.startswith("Install\n\nThe council")
    assert "git clone repo\n\nmake && \\\n    make install\n\n" in text
    assert text.endswith("Use <b> and &amp; for bold.")
    assert "Chapter" not in text


def test_headings_that_unfold_their_text_and_references_are_kept() -> None:
    folded = "".join(
        f"<div><h3><button>Question {number}?</button></h3><div><p>{answer}</p></div></div>"
        for number, answer in enumerate(SENTENCES)
    )
    references = (
        "<h2>References</h2><ol><li><a href=1>Roe, A. (2000). On Rice.</a> Field Press</ol>"
    )
    page = f"<header><a href=/>Home</a></header><main><h1>FAQ</h1>{folded}{references}</main>"
    text = text_of(page + "<footer>Rice Ltd</footer>")
    assert text.startswith(f"FAQ\n\nQuestion 0?\n\n{SENTENCES[0]}\n\nQuestion 1?")
    assert text.endswith("References\n\n1. Roe, A. (2000). On Rice. Field Press")


def test_a_page_of_links_and_a_page_of_nothing_but_navigation_are_read_whole() -> None:
    links = "".join(f'<li><a href="{n}">Place {n}</a></li>' for n in range(5))
    assert text_of(f"<h1>Places</h1><ul>{links}</ul>").count("Place ") == 5
    assert text_of(f"<nav><ul>{links}</ul></nav>").startswith("- Place 0\n- Place 1")


def test_a_short_text_among_much_navigation_is_found() -> None:
    links = "".join(f'<li><a href="{n}">Item {n}</a></li>' for n in range(40))
    page = f"<nav><ul>{links}</ul></nav><div><h1>Closed</h1><p>We open at nine.</p></div>"
    assert text_of(page) == "Closed\n\nWe open at nine."


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>one<br>two", "one\ntwo"),
        ("<p>one<br><br>two<br>", "one\n\ntwo"),
        ("<h2>one<br>two</h2>", "one two"),
        ("<p>a <b>bold</b>word<i>s</i>", "a boldwords"),
        ("<p>x<sup>2</sup> &lt; &nbsp; y&shy;z&#65279;", "x2 < yz"),
        ("<p>a<p hidden>b<p style='display: none'>c<p style='visibility:hidden'>d<p>e", "a\n\ne"),
        ("<body style='visibility: hidden'><p>shown by a script", "shown by a script"),
        ("<p>a<svg><title>t</title><text>s</text></svg>b<p>c", "ab\n\nc"),
        ("<math><mi>x</mi><mo>=</mo><mn>2</mn><annotation>x=2</annotation></math>", "x=2"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字</ruby>", "漢字"),
        ("<p>a<!-- no -->b<script>no</script><template>no</template><noscript>no</noscript>", "ab"),
        ("<dl><dt>one<dd>first<dt>two<dd>second</dl>", "one\nfirst\n\ntwo\nsecond"),
        ("<ul><li><p>a</p><p>b</p><li>c</ul>", "- a\n\nb\n- c"),
        ("<p>unclosed <b>tags <p>go on", "unclosed tags\n\ngo on"),
        ("<table><tr><td>lone cell</table>", "lone cell"),
        ("<table><tr><td>a<br>b<td>c\td</table>", "a b\tc d"),
        ("<pre>one\ntwo\n\n  three\n    four</pre>", "one\ntwo\n\nthree\n  four"),
        ("<pre><div>one</div><div>two</div></pre>", "one\ntwo"),
        ("<textarea>no</textarea><select><option>no</select><p>yes", "yes"),
        ("text without any tag", "text without any tag"),
        ("<frameset><frame src=a></frameset>", ""),
        ("<script>let a = 1</script>", ""),
        ("", ""),
        ("a\0b", "ab"),
    ],
)
def test_what_a_browser_shows_is_read(page: str, text: str) -> None:
    assert text_of(page) == text


@pytest.mark.parametrize(
    "xhtml",
    [
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN"'
        ' "x.dtd"><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{}</body>'
        "</html>",
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><script src="x"/></head><body>{}</body>'
        "</html>",
        '<?xml version="1.0"?><html><head><title/></head><body>{}<b></body></html>',
    ],
)
def test_xhtml_is_read_as_xml_where_it_is(xhtml: str) -> None:
    assert text_of(xhtml.format("<p>a&nbsp;&eacute; &amp;lt;</p><div/><p>b</p>")) == "a é &lt;\n\nb"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8", "<meta charset=iso-8859-1>"),
        ("utf-8-sig", "<meta charset=big5>"),
        ("cp1252", '<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">'),
        ("cp1252", ""),
        ("utf-16", ""),
        ("utf-16-le", "<meta charset=utf-16>"),
        ("utf-16-be", ""),
    ],
)
def test_encodings_are_known_from_the_page(encoding: str, declared: str) -> None:
    words = "Das “schöne” Mädchen – so heißt es – aß Äpfel für fünf Öre und trank Süßes dazu."
    page = f"<html><head>{declared}</head><body><p>{words}</p></body></html>"
    assert text_of(page.encode(encoding)) == words


@pytest.mark.parametrize(
    ("encoding", "label", "words"),
    [
        ("cp932", "Shift_JIS", "今日は雨①が降っています。"),
        ("iso2022_jp", "iso-2022-jp", "今日は雨が降っています。"),
        ("gb18030", "gb2312", "今天下雨了。"),
        ("cp1251", "windows-1251", "Сегодня дождь."),
        ("cp949", "euc-kr", "오늘은 비가 똠방 온다."),
    ],
)
def test_a_declared_encoding_is_believed(encoding: str, label: str, words: str) -> None:
    page = f"<meta charset='{label}'><p>{words}".encode(encoding)
    assert text_of(page) == words


@pytest.mark.parametrize("label", ["rot13", "unicode_escape", "nonsense", "undefined", "utf-8"])
def test_a_wrong_declaration_does_no_harm(label: str) -> None:
    page = f"<meta charset={label}><p>Le café du coin était fermé \\x41, hélas, à midi.".encode(
        "cp1252"
    )
    assert text_of(page) == "Le café du coin était fermé \\x41, hélas, à midi."


def test_one_wrong_byte_spoils_no_page() -> None:
    page = b"<meta charset=utf-8><p>" + "é".encode() * 200 + b"\xc3 end"
    assert text_of(page) == "é" * 200 + "\N{REPLACEMENT CHARACTER} end"


def linked_data(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(fields)}</script>'


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("", Metadata()),
        ("<title> Tea &amp; Rice </title>", Metadata(title="Tea & Rice")),
        (
            "<meta name=author content='Ana Roe'><meta name=date content='2024-05-06T10:00'>",
            Metadata(author="Ana Roe", date="2024-05-06"),
        ),
        (
            "<meta property='og:title' content='Rice &amp;amp; Tea'><title>Shop</title>"
            "<meta property='og:site_name' content='The Post'>"
            "<meta property='article:published_time' content='2024-05-06'>"
            "<meta property='article:author' content='https://social.example/ana'>"
            "<meta property='og:url' content='https://post.example/rice'>",
            Metadata(
                title="Rice & Tea",
                publication="The Post",
                date="2024-05-06",
                url="https://post.example/rice",
            ),
        ),
        (
            "<meta name=citation_title content='On Rice'><meta name=DC.title content='Other'>"
            "<meta name=citation_author content='Roe, Ana'>"
            "<meta name=citation_author content='Poe, Ben'>"
            "<meta name=citation_journal_title content='Journal of Rice'>"
            "<meta name=citation_publication_date content='2020/03/01'>",
            Metadata(
                "On Rice",
                "Roe, Ana; Poe, Ben",
                "Journal of Rice",
                "2020-03-01",
                type="article-journal",
            ),
        ),
        (
            "<meta name=citation_journal_title content='Journal of Rice'>"
            "<meta name=citation_publisher content='Roe &amp; Sons'>"
            "<meta name=citation_volume content=12><meta name=citation_issue content=3>"
            "<meta name=citation_firstpage content=12><meta name=citation_lastpage content=34>"
            "<meta name=citation_doi content='doi:10.1000/xyz'>"
            "<meta name=citation_isbn content='978-0-306-40615-7'>",
            Metadata(
                publication="Journal of Rice",
                type="article-journal",
                publisher="Roe & Sons",
                volume="12",
                issue="3",
                pages="12-34",
                doi="10.1000/xyz",
                isbn="978-0-306-40615-7",
            ),
        ),
        (
            "<meta name=prism.volume content=12><meta name=prism.number content=3>"
            "<meta name=prism.startingPage content=12><meta name=prism.endingPage content=12>"
            "<meta name=dc.identifier content='doi:10.1000/xyz'>",
            Metadata(volume="12", issue="3", pages="12", doi="10.1000/xyz"),
        ),
        (
            "<meta name=citation_technical_report_institution content='Rice Board'>"
            "<meta name=citation_technical_report_number content='TR 7'>",
            Metadata(type="report", publisher="Rice Board", issue="TR 7"),
        ),
        (
            "<meta name=citation_dissertation_institution content='Rice University'>",
            Metadata(type="thesis", publisher="Rice University"),
        ),
        (
            "<meta name=citation_conference_title content='Rice 2020'>",
            Metadata(publication="Rice 2020", type="paper-conference"),
        ),
        (
            "<meta name=DC.publisher content='Roe'><meta name=citation_isbn content=123>"
            "<meta name=citation_lastpage content=34><meta property=og:type content=article>",
            Metadata(publisher="Roe"),
        ),
        ("<link rel=canonical href='/rice'>", Metadata()),
        ("<meta name=author content='By Ana Roe'>", Metadata(author="Ana Roe")),
        (
            linked_data(**{"@type": "Article", "headline": "On Rice"}),
            Metadata("On Rice", type="webpage"),
        ),
        (
            linked_data(
                **{
                    "@graph": [
                        {"@type": "WebPage", "name": "Page", "datePublished": "2001"},
                        {"@type": "Person", "@id": "#ana", "name": "Ana Roe"},
                        {
                            "@type": ["Thing", "BlogPosting"],
                            "headline": "On Rice &amp; Tea",
                            "author": {"@id": "#ana"},
                            "isPartOf": {"@type": "Blog", "name": "Rice Blog"},
                            "inLanguage": "de-AT",
                            "datePublished": "2024-05-06",
                            "url": "https://rice.example/1",
                        },
                    ]
                }
            ),
            Metadata(
                "On Rice & Tea",
                "Ana Roe",
                "Rice Blog",
                "2024-05-06",
                "de",
                "https://rice.example/1",
                "post-weblog",
            ),
        ),
        (
            linked_data(**{"@type": "NewsArticle", "headline": "By JSON", "author": "Ana Roe"})
            + "<meta property='og:title' content='By graph'><meta name=author content='Web Desk'>",
            Metadata("By JSON", "Ana Roe", type="article-newspaper"),
        ),
        (
            "<title>On Rice - The Post</title><meta property='og:site_name' content='The Post'>",
            Metadata(title="On Rice", publication="The Post"),
        ),
        ("<script type='application/ld+json'>{broken</script>", Metadata()),
        (f"<script type='application/ld+json'>{'[' * 100_000}</script>", Metadata()),
        (
            linked_data(**{"@type": ["Article"], "author": [[1], {"name": {}}]}),
            Metadata(type="webpage"),
        ),
        ("<meta name=date content='soon'>", Metadata()),
    ],
)
def test_metadata_is_what_the_head_states(head: str, found: Metadata) -> None:
    assert metadata_of(head) == found


@pytest.mark.parametrize(
    ("described", "kind"),
    [
        ("NewsArticle", "article-newspaper"),
        ("https://schema.org/OpinionNewsArticle", "article-newspaper"),
        ("ScholarlyArticle", "article-journal"),
        ("BlogPosting", "post-weblog"),
        ("DiscussionForumPosting", "post"),
        ("Report", "report"),
        ("Book", "book"),
        ("Chapter", "chapter"),
        ("Thesis", "thesis"),
        ("TechArticle", "webpage"),
        ("WebPage", "webpage"),
        (["Article", "NewsArticle"], "article-newspaper"),
        ("Recipe", None),
        ("Person", None),
    ],
)
def test_what_kind_of_work_a_page_describes(described: object, kind: str | None) -> None:
    assert metadata_of(linked_data(**{"@type": described, "name": "On Rice"})).type == kind


def test_a_book_that_is_described_has_its_numbers() -> None:
    book = {"@type": "Book", "isbn": "9780306406157", "bookEdition": "2", "publisher": "Roe"}
    assert metadata_of(linked_data(**book)) == Metadata(
        type="book", publisher="Roe", edition="2", isbn="9780306406157"
    )


def test_a_journal_is_what_the_issue_s_volume_is_part_of() -> None:
    journal = {"@type": "Periodical", "@id": "#journal", "name": "Journal of Rice"}
    volume = {"@type": "PublicationVolume", "volumeNumber": 12, "isPartOf": {"@id": "#journal"}}
    issue = {"@type": "PublicationIssue", "issueNumber": "3", "name": "Soil", "isPartOf": volume}
    article = {"@type": "ScholarlyArticle", "pagination": "12–34", "isPartOf": issue}
    assert metadata_of(linked_data(**{"@graph": [article, journal]})) == Metadata(
        publication="Journal of Rice",
        type="article-journal",
        volume="12",
        issue="3",
        pages="12-34",
    )


def test_an_article_on_a_page_of_a_site_appeared_on_the_site() -> None:
    page = {
        "@type": "WebPage",
        "@id": "#page",
        "name": "On Rice - The Post",
        "isPartOf": {"@id": "#s"},
    }
    site = {"@type": "WebSite", "@id": "#s", "name": "The Post"}
    article = {"@type": "NewsArticle", "headline": "On Rice", "isPartOf": {"@id": "#page"}}
    graph = linked_data(**{"@graph": [article, page, site]})
    assert metadata_of(graph) == Metadata(
        "On Rice", publication="The Post", type="article-newspaper"
    )
    endless = {"@type": "WebPage", "@id": "#page", "isPartOf": [{"@id": "#page"}] * 9, "name": "A"}
    assert metadata_of(linked_data(**endless)).publication is None


@pytest.mark.parametrize(
    ("body", "date"),
    [
        ("<article><time datetime='2024-05-06T08:00'>Monday</time> Text</article>", "2024-05-06"),
        ("<time datetime='2024-05-06'>in a sidebar</time>", None),
        ("<article><time datetime=2024>a</time></article><article>b</article>", None),
        ("<p>Written on 6 May 2024.", None),
    ],
)
def test_a_date_in_the_text_counts_if_it_is_marked_as_the_article_s(
    body: str, date: str | None
) -> None:
    assert metadata_of("", body).date == date


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title>On Rice | Some Site</title><h1>On Rice</h1>", "On Rice"),
        ("<title>On Rice</title><h1>Some Site</h1>", "On Rice"),
        ("<h1>On Rice</h1><h1>Other</h1>", "On Rice"),
        ("<h2>On Rice</h2>", None),
    ],
)
def test_the_headline_is_the_title_where_the_window_agrees(page: str, title: str | None) -> None:
    assert read(PAGE, page.encode()).metadata.title == title


def test_language_is_the_page_s_own() -> None:
    assert read(PAGE, b"<html lang=pt-BR><p>a").metadata.language == "pt"
    assert read(PAGE, b"<html lang=''><p>a").metadata.language is None


@pytest.mark.parametrize(
    "element", ["<div>", "<b>", "<span>", "<ul><li>", "<blockquote>", "<table><tr><td>", "<svg><g>"]
)
def test_deep_nesting_is_read_or_refused(element: str) -> None:
    started = time.monotonic()
    page = "<nav>n</nav>" + element * 10_000 + "hello"
    with suppress(FileRefused):
        assert text_of(page) in {"hello", "- hello", "n"}
    assert time.monotonic() - started < 10


def test_twenty_thousand_divs_are_read_and_a_hundred_thousand_refused() -> None:
    assert text_of("<div>" * 20_000 + "hello" + "</div>" * 20_000) == "hello"
    with pytest.raises(LimitExceeded, match="nested"):
        text_of("<div>" * 100_000)


def test_five_megabytes_in_one_line_take_seconds() -> None:
    started = time.monotonic()
    page = "<nav><a href=/>Home</a></nav>" + ARTICLE.replace("\n", "") * 2_400
    assert len(page) > 5_000_000
    assert text_of(page).count("spring") == page.count("spring")
    assert time.monotonic() - started < 8


def test_binary_files_are_refused() -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
    for data in (picture, b"\x00\x01\x02" * 50):
        with pytest.raises(FileBinary):
            text_of(data)


@given(
    st.binary(max_size=300) | st.text("<>/!-=\"'&;#[]abiptdrhul \n\0", max_size=300).map(str.encode)
)
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        content = read(PAGE, data)
    except FileRefused:
        return
    assert "\0" not in content.text
    assert all(0 <= mark.start < len(content.text) for mark in content.marks)
