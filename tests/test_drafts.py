"""A draft is read as its reader sees it, and every character is known by its place in the file."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import docx
import pytest
from conftest import SEEDS
from docx.shared import Inches
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from odf.opendocument import OpenDocumentText
from odf.style import Style
from odf.text import P

from index.errors import FileDamaged, FileEmpty, FormatUnknown, PathMissing
from index.types import Locator
from qa.checking.drafts.draft import Draft, draft_of, read_draft


def seen(text: str) -> str:
    return draft_of(text, markdown=True).prose


def blocks(draft: Draft) -> list[str]:
    return [draft.prose[start:end] for start, end in draft.blocks]


def paragraphs(draft: Draft) -> list[tuple[str, str]]:
    return [(each.kind, draft.prose[each.start : each.end]) for each in draft.paragraphs]


def source(draft: Draft, words: str) -> str:
    start = draft.prose.index(words)
    first, last = draft.span(start, start + len(words))
    return draft.content.text[first:last]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("“the *loyal* friendship[^1]”", "“the loyal friendship”"),
        ("**bold**, __bold__, ***both*** and _it_", "bold, bold, both and it"),
        ("snake_case_word and 5 * 3 * 2", "snake_case_word and 5 * 3 * 2"),
        ("it ~~was~~ is", "it  is"),
        ("did ~~*n*ot & [so](x) `a` &amp;~~ sign", "did  sign"),
        ("did <del>not</del> sign, <S>nor</S> read", "did  sign,  read"),
        ("did <span hidden>not</span> <i style='display: none'>so</i> sign", "did   sign"),
        ("did <template>not</template><script>so</script> sign", "did  sign"),
        ("it <del>was and <s/>is, ~not~ <b hiddenly>so</b> ~~5", "it was and is, ~not~ so ~~5"),
        ('a [link](https://x.org/a_(b) "t") and ![art](<b c.png>)', "a link and art"),
        ("[a [b](x) c](y)", "[a b c](y)"),
        ("*one**two*", "one**two"),
        ("see [this][r], [r][] and [r]\n\n[r]: https://x.org", "see this, r and r"),
        ("“[T]he ambassador [sic] said” [@doe]", "“[T]he ambassador [sic] said” [@doe]"),
        ("`code *x*` and ``a ` b``", "code *x* and a ` b"),
        (r"\*not\* \“it\” C:\dir", r"*not* \“it\” C:\dir"),
        ("a<br>b <b>bold</b><!-- “x” --> <https://x.org>", "a\nb bold https://x.org"),
        ("R&amp;D &quot;so&quot; &mdash; &nosuch;", 'R&D "so" — &nosuch;'),
        ("one  \ntwo\\\nthree", "one\ntwo\nthree"),
        ("# Title #\n\nUnder\n===", "Title\n\nUnder"),
        ("## Rice {#rice}", "Rice"),
        ("---\ntitle: “x”\n---\nText", "Text"),
        ("- one\n- two\n\n1. three", "one\ntwo\n\nthree"),
        ("> one\nlazy\n> two", "one\nlazy\ntwo"),
        ("[^1]: A note.\n[^2]: Another.", "A note.\nAnother."),
    ],
)
def test_markup_is_not_seen(written: str, shown: str) -> None:
    assert seen(written).strip() == shown


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_what_is_seen_is_known_by_its_place(line_end: str) -> None:
    text = line_end.join(["# On *rice*", "", "> The **loyal", "> friend**ship &amp; [more](x)", ""])
    draft = draft_of(text, markdown=True)
    assert draft.prose.split() == ["On", "rice", "The", "loyal", "friendship", "&", "more"]
    assert source(draft, "friendship") == "friend**ship"
    assert source(draft, "& more") == "&amp; [more"
    assert source(draft, "&") == "&amp;"
    assert source(draft_of("`R&amp;D` and", markdown=True), "R&") == "R&"


def test_paragraphs_say_what_they_are() -> None:
    text = "# Head\n\nText.\n\n- item\n\n> quote\n>\n> - in it\n\n    code\n\n```\nmore\n```\n\n[^1]: Note.\n\n    Goes on.\n"
    assert paragraphs(draft_of(text, markdown=True)) == [
        ("heading", "Head"),
        ("text", "Text."),
        ("item", "item"),
        ("quote", "quote"),
        ("quote", "in it"),
        ("code", "code"),
        ("code", "more"),
        ("text", "Note."),
        ("text", "Goes on."),
    ]


def test_cells_of_a_table_are_paragraphs() -> None:
    draft = draft_of("| a | b |\n|---|---|\n| “x *y* z” | p \\| q |\n", markdown=True)
    assert [words for _, words in paragraphs(draft)] == ["a", "b", "“x y z”", "p | q"]
    assert source(draft, "“x y z”") == "“x *y* z”"


def test_block_quotations_of_markdown() -> None:
    text = "He said:\n\n> One.\n>\n> Two\nlazy.\n> > Deep.\n\n- item\n  > In a list.\n\n> [!NOTE]\n> Mind the gap.\n"
    assert blocks(draft_of(text, markdown=True)) == [
        "One.\n\nTwo\nlazy.\nDeep.",
        "Deep.",
        "In a list.",
    ]


def test_a_block_quotation_in_html() -> None:
    text = '<blockquote cite="x">\n<p>One &amp; <i>two</i>.</p>\n</blockquote>\n'
    assert blocks(draft_of(text, markdown=True)) == ["One & two."]


@pytest.mark.parametrize(
    "whose",
    [
        "\n> — Lê Bá Vinh, *Nhân Dân*",
        "\n>\n> -- the ambassador",
        " (Doe, 2020, p. 3)",
        " (p. 3)",
        " [@doe2020, p. 3]",
        "[^1]",
    ],
)
def test_whose_a_quotation_is_is_no_part_of_it(whose: str) -> None:
    assert blocks(draft_of(f"> Rice is a grass.{whose}\n", markdown=True)) == ["Rice is a grass."]


@pytest.mark.parametrize(
    "text",
    [
        "Rice is a\n– in all its forms – grass",
        "Rice is a grass (and so is maize)",
        "Rice is a grass of 1950 (grown since 1945)",
        "Rice is\n— or was — a grass",
    ],
)
def test_what_only_looks_like_it_is(text: str) -> None:
    marked = "> " + text.replace("\n", "\n> ")
    assert blocks(draft_of(marked, markdown=True)) == [text]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_block_quotations_of_plain_text(line_end: str) -> None:
    lines = [
        "He said:",
        "> One",
        "> and two.",
        "Then:",
        "",
        "    Set off",
        "    by spaces.",
        "",
        "End.",
    ]
    draft = draft_of(line_end.join(lines), markdown=False)
    assert blocks(draft) == [f"One{line_end}and two.", f"Set off{line_end}by spaces."]
    assert source(draft, "Set off") == "Set off"
    assert ("text", "He said:") in paragraphs(draft)


def test_whose_a_quotation_is_in_plain_text() -> None:
    text = "He said:\n\n> Rice is a grass.\n> - Doe, 2020\n\n    — Doe\n\nEnd."
    assert blocks(draft_of(text, markdown=False)) == ["Rice is a grass."]


def test_a_text_that_is_indented_throughout_quotes_nothing() -> None:
    assert not draft_of("    One.\n\n    Two.\n\nThree.", markdown=False).blocks
    assert not draft_of("One.\n\n    - item\n\n    - item\n\nEnd.\n\nEnd.", markdown=False).blocks


def test_places_in_a_draft_are_lines_and_headings() -> None:
    draft = draft_of("# Rice\n\nIt grows.\n\nIt is\n*a grass*.\n", markdown=True)
    start = draft.prose.index("a grass")
    assert draft.locator(start, start + 7) == Locator(
        headings=("Rice",), paragraph_start=2, paragraph_end=2, line_start=6, line_end=6
    )


def test_line_ends_of_windows_part_no_paragraphs() -> None:
    text = "Rice is\r\na grass.\r\n\r\nIt\r\ngrows."
    for markdown in (True, False):
        draft = draft_of(text, markdown=markdown)
        assert [words for _, words in paragraphs(draft)] == ["Rice is\r\na grass.", "It\r\ngrows."]
        start = draft.prose.index("grows")
        found = draft.locator(start, start + 5)
        assert (found.paragraph_start, found.line_start) == (2, 5)


def test_sentences_are_those_of_the_prose() -> None:
    draft = draft_of("# Head\n\nIt *grows*. Mr. Doe saw\nit.\n\n> It does.\n", markdown=True)
    assert [draft.prose[a:b] for a, b in draft.sentences()] == [
        "Head",
        "It grows.",
        "Mr. Doe saw\nit.",
        "It does.",
    ]
    text = [each for each in draft.paragraphs if each.kind == "text"]
    assert len(draft.sentences(text)) == 2


def test_a_seed_is_read_as_it_is() -> None:
    for seed in SEEDS.glob("*.txt"):
        draft = read_draft(seed)
        data = seed.read_bytes()
        assert draft.sha256 == hashlib.sha256(data).hexdigest()
        assert draft.content.text == data.decode()
        assert "".join(draft.content.text[place] for place in draft.places[:-1]) == draft.prose


def test_a_file_of_markdown_keeps_its_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_bytes("---\ntitle: X\n---\r\n“It *grows*\r\nwell”".encode())
    draft = read_draft(path)
    assert (draft.path, draft.prose) == (path.resolve(), "“It grows\r\nwell”")
    assert source(draft, "grows\r\nwell") == "grows*\r\nwell"


def test_quotations_of_a_word_document_by_style_and_by_indent(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Rice", 1)
    document.add_paragraph("He said:")
    document.add_paragraph("Rice is a grass.", style="Quote")
    document.add_paragraph("So is maize.", style="Quote")
    document.add_paragraph("— Doe, On Rice", style="Quote")
    document.add_paragraph("Then “he went on to say” this:")
    document.add_paragraph("Wheat is one too.").paragraph_format.left_indent = Inches(0.5)
    document.add_paragraph("An item", style="List Bullet")
    document.add_paragraph("Oats are too.", style="Intense Quote")
    path = tmp_path / "draft.docx"
    document.save(str(path))
    draft = read_draft(path)
    assert blocks(draft) == [
        "Rice is a grass.\n\nSo is maize.",
        "Wheat is one too.",
        "Oats are too.",
    ]
    assert paragraphs(draft)[0] == ("heading", "Rice")
    assert ("item", "- An item") in paragraphs(draft)
    start = draft.prose.index("Wheat")
    assert draft.locator(start, start + 5).headings == ("Rice",)


def test_quotations_of_an_open_document_by_style(tmp_path: Path) -> None:
    document = OpenDocumentText()
    styles = {name: Style(name=name, family="paragraph") for name in ("Quotations", "P1")}
    styles["P1"].setAttribute("parentstylename", "Quotations")
    document.styles.addElement(styles["Quotations"])
    document.automaticstyles.addElement(styles["P1"])
    document.text.addElement(P(text="He said:"))
    document.text.addElement(P(stylename="Quotations", text="Rice is a grass."))
    document.text.addElement(P(text="And:"))
    document.text.addElement(P(stylename="P1", text="So is maize."))
    path = tmp_path / "draft.odt"
    document.save(str(path))
    assert blocks(read_draft(path)) == ["Rice is a grass.", "So is maize."]


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(PathMissing):
        read_draft(tmp_path / "none.md")
    (tmp_path / "empty.md").write_text(" \n")
    with pytest.raises(FileEmpty) as empty:
        read_draft(tmp_path / "empty.md")
    assert empty.value.message == f"{tmp_path.resolve() / 'empty.md'}: the file holds no text."
    (tmp_path / "draft.xyz").write_text("words")
    with pytest.raises(FormatUnknown):
        read_draft(tmp_path / "draft.xyz")
    (tmp_path / "draft.docx").write_bytes(b"PK\3\4 broken")
    with pytest.raises(FileDamaged):
        read_draft(tmp_path / "draft.docx")


def test_nothing_is_a_draft_too() -> None:
    for markdown in (True, False):
        draft = draft_of("", markdown=markdown)
        assert (draft.prose, draft.paragraphs, draft.sentences()) == ("", (), [])


def test_deep_nesting_loses_nothing() -> None:
    assert seen("> " * 60 + "deep") == "deep"
    assert seen("[" * 5000 + "x" + "](y)" * 5000).count("x") == 1


PIECES = [
    "a",
    "b ",
    "foo",
    " ",
    "\n",
    "*",
    "**",
    "***",
    "_",
    "__",
    "`",
    "``",
    "[",
    "]",
    "(x)",
    "](y)",
]
PIECES += ["![", "\\", "“", "”", '"', "<b>", "</b>", "<http://a.b>", "&amp;", "&quot;", "!", "."]
PIECES += [
    "[r]",
    "[r][]",
    "5 * 3",
    "<!-- c -->",
    "'",
    "x@y.z",
    "<br>",
    '(y "t")',
    "<",
    "&",
    "#",
    "é",
]


# To markdown-it "[r][![]]" is no link, since it takes what has brackets in it for a label. By
# CommonMark 0.31, section 6.3, a label has none; its reference parsers make "[r]" a link.
NO_LABEL = re.compile(r"\]\[(?:[^\[\]\\]|\\.)*\[", re.DOTALL)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_words_are_those_that_a_parser_of_commonmark_shows(written: str) -> None:
    assume(not NO_LABEL.search(written))
    lines = [line.strip() for line in f"x{written}x".split("\n")]
    text = "\nq".join(filter(None, lines)) + "\n\n[r]: http://x\n"
    shown: list[str] = []
    waiting = MarkdownIt("commonmark").parse(text)
    while waiting:
        token = waiting.pop(0)
        if token.children:
            waiting[:0] = token.children
        elif token.type in {"text", "code_inline"}:
            shown.append(token.content)
    assert "".join("".join(shown).split()) == "".join(seen(text).split())


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60), st.booleans())
def test_any_text_is_read_and_places_ascend(text: str, markdown: bool) -> None:
    draft = draft_of(text, markdown=markdown)
    places = draft.places.tolist()
    assert places == sorted(places)
    assert len(places) == len(draft.prose) + 1
    spans = [(each.start, each.end) for each in draft.paragraphs]
    assert all(0 <= start < end <= len(draft.prose) for start, end in [*spans, *draft.blocks])
    assert spans == sorted(spans)
    if not markdown:
        assert "".join(draft.content.text[place] for place in places[:-1]) == draft.prose
