"""Quotations in a draft are found where they stand, in every style, and nothing else is."""

from __future__ import annotations

import time
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.checking.drafts.draft import Draft, draft_of, read_draft
from qa.checking.drafts.quotations import find
from qa.checking.types import Quotation


def found(text: str, *, markdown: bool = True, min_words: int = 3) -> list[str]:
    return texts(draft_of(text, markdown=markdown), min_words)


def texts(draft: Draft, min_words: int = 3) -> list[str]:
    return [draft.prose[each.start : each.end] for each in find(draft, min_words)[0]]


def quotations(text: str) -> list[Quotation]:
    return find(draft_of(text, markdown=True))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “the loyal friendship of two”.", ["the loyal friendship of two"]),
        ('He said "the loyal friendship", and left.', ["the loyal friendship"]),
        ("He said ‘the loyal friendship’.", ["the loyal friendship"]),
        ("He said 'the loyal friendship'.", ["the loyal friendship"]),
        (
            "“Rice is a grass,” he said, “and so is maize.”",
            ["Rice is a grass,", "and so is maize."],
        ),
        ("Er sagte: „Reis ist ein Gras“, und ging.", ["Reis ist ein Gras"]),
        ("Er sagte: ‚Reis ist ein Gras‘, und ging.", ["Reis ist ein Gras"]),
        ("Er sagte: »Reis ist ein Gras«, und ging.", ["Reis ist ein Gras"]),
        ("Er sagte: ›Reis ist ein Gras‹, und ging.", ["Reis ist ein Gras"]),
        ("Er sagte » Reis ist ein Gras « und ging.", ["Reis ist ein Gras"]),
        ("Powiedział: „Ryż to jest trawa”.", ["Ryż to jest trawa"]),
        ("Il dit : «\u00a0Le riz est une herbe\u00a0».", ["Le riz est une herbe"]),
        ("Il dit : «\u202fLe riz est une herbe\u202f», puis", ["Le riz est une herbe"]),
        ("Il dit : « Le riz est une herbe ».", ["Le riz est une herbe"]),
        ("Il dit :«Le riz est une herbe».", ["Le riz est une herbe"]),
        ('Il dit : " Le riz est une herbe ".', ["Le riz est une herbe"]),
        ("Han sade: ”Ris är ett gräs”.", ["Ris är ett gräs"]),
        ("彼は「これは米です」と言った。", ["これは米です"]),
        ("書名は『米と人間』です。", ["米と人間"]),
        ("他说“米是一种草”，然后‘再见世界’。", ["米是一种草", "再见世界"]),
        ("เขาพูดว่า‘ข้าวเป็นหญ้า’เมื่อวาน", ["ข้าวเป็นหญ้า"]),
        ("Ông nói: “Lúa là một loài cỏ.”", ["Lúa là một loài cỏ."]),
        ('Ông nói: “Lúa là một loài cỏ."', ["Lúa là một loài cỏ."]),
        ('Ông nói: "Lúa là một loài cỏ.”', ["Lúa là một loài cỏ."]),
        ("(“Rice is a grass”)—“so is maize”", ["Rice is a grass", "so is maize"]),
        ("“[T]he rice ... is a grass”", ["[T]he rice ... is a grass"]),
        ('"...and so is maize"', ["...and so is maize"]),
        ("## On “rice as a grass”", ["rice as a grass"]),
        ("| a |\n|---|\n| “rice as a grass” |", ["rice as a grass"]),
    ],
)
def test_every_style_is_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected
    assert found(text.replace("\n", "\r\n")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Don't say the workers' paper isn't Tom's: it's theirs.",
        "The workers’ paper of the ’90s played rock ’n’ roll; it’s o’clock, goin’ home.",
        "‘90s music and '70s films of the boys' club",
        'He is 5\' 10" tall, she 5’ 9½”, on a 12" disc, 12″ and 6′ long.',
        "An “opening mark that nobody closes.\n\nAnd another paragraph” here.",
        "A closing mark” that nobody opened, and don’t.",
        "> [!NOTE]\n> Mind the gap here.",
        "    “this is code here”\n\n`\"so is this here\"`\n\n```\n'and this is too'\n```",
        'Press `"` and then five more words and `"`.',
        "---\ntitle: “a very long title”\n---\n",
        "<!-- “what is commented out” -->",
        '“”, "", «», ‘’ and “ ”',
        "a “scare” quote, “two words”",
    ],
)
def test_nothing_else_is(text: str) -> None:
    assert found(text) == []


def test_markup_in_a_quotation_is_no_part_of_it() -> None:
    text = "He said “the *loyal* friend**ship**[^1] of [two](http://x.org/“q”)”."
    draft = draft_of(text, markdown=True)
    (quotation,), _ = find(draft)
    assert draft.prose[quotation.start : quotation.end] == "the loyal friendship of two"
    first, last = draft.span(quotation.start, quotation.end)
    assert draft.content.text[first:last] == "the *loyal* friend**ship**[^1] of [two"


def test_quotations_in_quotations_know_what_they_stand_in() -> None:
    text = "“He said ‘she told me "
    text += '"rice is a grass" once’ and left.” „Er sagte ‚Reis ist ein Gras‘ dazu.“'
    nested = quotations(text)
    assert [each.within for each in nested] == [None, 0, 1, None, 3]
    assert [each.marks for each in nested] == ["“”", "‘’", '""', "„“", "‚‘"]
    assert found('"He said "rice is grass" to me," she said.') == [
        'He said "rice is grass" to me,',
        "rice is grass",
    ]
    assert found("“as “eminent leader of all” and “the respected leader” here”") == [
        "as “eminent leader of all” and “the respected leader” here",
        "eminent leader of all",
        "the respected leader",
    ]
    assert found("«\u00a0Il dit ‹ le mot de passe › ».")[1:] == ["le mot de passe"]
    assert found("“‘All of it is quoted,’ he said.”")[1:] == ["All of it is quoted,"]


@pytest.mark.parametrize(
    ("text", "ends", "likeliest"),
    [
        (
            "the slogan ‘power to the workers’ was",
            ["power to the workers"],
            "power to the workers",
        ),
        (
            "wrote ‘the workers’ rights come first’ and",
            ["the workers", "the workers’ rights come first"],
            "the workers’ rights come first",
        ),
        (
            "sang 'we are goin' home tonight.' Then",
            ["we are goin", "we are goin' home tonight."],
            "we are goin",
        ),
        (
            "said ‘for the workers’, and the boys’ club",
            ["for the workers", "for the workers’, and the boys"],
            "for the workers",
        ),
        (
            "'putting the people first,' 'great national unity' and",
            ["putting the people first,"],
            "",
        ),
    ],
)
def test_a_closing_mark_may_be_an_apostrophe(text: str, ends: list[str], likeliest: str) -> None:
    first = quotations(text)[0]
    assert [text[first.start : end] for end in first.ends] == ends
    assert text[first.start : first.end] == likeliest or ends[0]
    assert first.end in first.ends


def test_a_single_mark_crosses_no_quotation_that_closes() -> None:
    assert (
        found("‘He said “don’t call me’ now” then’ it was.")[0]
        == "He said “don’t call me’ now” then"
    )
    assert found("‘by the Lao people as “eminent leader’ it was.") == [
        "by the Lao people as “eminent leader"
    ]

    assert found("‘He said “for the boys’ club here” and left.") == ["for the boys’ club here"]


def test_inches_and_feet_close_nothing() -> None:
    assert found('He wrote "he is 5\' 10" tall" there.') == ["he is 5' 10\" tall"]
    assert found('“the 12" disc is good” he said') == ['the 12" disc is good']


def test_marks_of_another_keyboard_close_only_what_nothing_else_closes() -> None:
    assert found('He said "people” and “the respected leader” for it" then.') == [
        "people” and “the respected leader” for it",
        "the respected leader",
    ]
    assert found('“He said, “In the history of it."” So.') == [
        'He said, “In the history of it."',
        "In the history of it.",
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_quotation_goes_on_where_each_paragraph_opens_it_again(end: str) -> None:
    text = f"He said: “One thing.{end}{end}“Another ‘small little thing’.{end}{end}“The last.” So.{end}"
    assert (
        found(text)[0] == f"One thing.{end}{end}“Another ‘small little thing’.{end}{end}“The last."
    )
    assert found(text)[1:] == ["small little thing"]


def test_a_quotation_runs_over_long_lines() -> None:
    long = ("and so it goes on " * 10).strip()
    assert found(f"He said “a {long}\nrice” here.", markdown=False) == [f"a {long}\nrice"]
    assert found(f"He said “one two three.\n“Rice {long}.” So.", markdown=False) == [
        f"one two three.\n“Rice {long}."
    ]


def test_a_quotation_does_not_go_on_otherwise() -> None:
    assert found("“One thing here.\n\nAnother thing here.”") == []
    assert found("“One thing here.\n\n> “Another thing here.”\n\nEnd.") == ["Another thing here."]
    assert found("“One thing.\n\n“Another thing.\n\nA “third thing is” here.") == ["third thing is"]


def test_block_quotations_and_what_is_quoted_in_them() -> None:
    text = "He said:\n\n> Rice is *a* grass, and “so is maize”.\n>\n> — Doe, “On the Grasses”\n"
    block, inside, title = quotations(text)
    assert (block.kind, block.marks, block.within) == ("block", "", None)
    assert (inside.kind, inside.within) == ("marks", 0)
    assert title.within is None
    assert found(text)[0] == "Rice is a grass, and “so is maize”."


@pytest.mark.parametrize("whose", ["", "\n> — Doe, On Rice", " — Doe", " (Doe 2020)", "[^1]"])
def test_a_block_quotation_in_marks_is_one(whose: str) -> None:
    (block,) = quotations(f"> “Rice is *a* grass.”{whose}\n")
    assert (block.kind, block.marks) == ("block", "“”")
    assert found(f"> “Rice is *a* grass.”{whose}\n") == ["Rice is a grass."]


def test_a_block_quotation_with_marks_at_both_ends_is_no_such_one() -> None:
    text = "> “Rice is grass,” he said, “so is maize.”\n"
    assert [each.kind for each in quotations(text)] == ["block", "marks", "marks"]


def test_short_ones_are_counted() -> None:
    text = "A “scare” quote, “two words”, “now three words”, an empty “”.\n\n> Ibid.\n"
    listed, short = find(draft_of(text, markdown=True))
    assert (len(listed), short) == (1, 3)
    assert len(find(draft_of(text, markdown=True), min_words=1)[0]) == 4


def test_quotations_of_a_word_document(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("He said “rice is ").add_run("a grass").bold = True
    document.paragraphs[0].add_run("” and ‘so is maize’, didn’t he?")
    document.add_paragraph("Wheat is one, too.", style="Quote")
    document.save(str(tmp_path / "draft.docx"))
    assert texts(read_draft(tmp_path / "draft.docx")) == [
        "rice is a grass",
        "so is maize",
        "Wheat is one, too.",
    ]


STYLES = [
    "“ ”",
    '" "',
    "‘ ’",
    "' '",
    "„ “",
    "„ ”",
    "‚ ‘",
    "» «",
    "› ‹",
    "« »",
    "‹ ›",
    "「 」",
    "『 』",
]
STYLES += ['“ "', '" ”', "”\0”".replace("\0", " "), "«\u00a0 \u00a0»", "‹\u202f \u202f›"]
WORDS = [
    "rice",
    "grows",
    "Tom’s",
    "isn't",
    "Việt",
    "Nam",
    "1945–2025",
    "café,",
    "3.5%",
    "(wet)",
    "—",
]
WORDS += ["Straße", "[the]", "...", "don’t;", "O'Neill", "well-kept", "U.S.", "why?", "X:"]
BEFORE = ["The workers’ paper said: ", "In the ’90s it didn't say ", "Rock ’n’ roll, that is ", "("]
BEFORE += ["the boys' club said—", "", "It said “yes”, and "]
AFTER = [
    ".",
    " and that’s all.",
    ", he didn't say.",
    ") of the workers’ paper.",
    "—it’s so.",
    "",
    " (p. 3)",
]

sentence = st.lists(st.sampled_from(WORDS), min_size=4, max_size=12).map(
    lambda words: " ".join(["a", "grass", *words, "end"])
)


@given(
    sentence,
    st.sampled_from(STYLES),
    st.sampled_from(BEFORE),
    st.sampled_from(AFTER),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_any_words_in_any_style_are_found(
    words: str, style: str, before: str, after: str, end: str, markdown: bool
) -> None:
    opening, closing = style.split(" ")
    words = words.replace(" ", end, 1)
    text = (
        f"# It’s “so”{end}{end}{before}{opening}{words}{closing}{after}{end}{end}The workers’ end."
    )
    draft = draft_of(text, markdown=markdown)
    start = text.index(opening + words) + len(opening)
    shown = [draft.span(each.start, final) for each in find(draft)[0] for final in each.ends]
    assert (start, start + len(words)) in shown
    likeliest = [draft.span(each.start, each.end) for each in find(draft)[0]]
    assert likeliest == [(start, start + len(words))]


@given(sentence, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["> ", ">", "    "]))
def test_any_words_in_a_block_are_found(words: str, end: str, prefix: str) -> None:
    wrapped = words.replace(" ", f"{end}{prefix}", 1)
    draft = draft_of(
        f"It’s:{end}{end}{prefix}{wrapped}{end}{end}The workers’ end.", markdown=prefix[0] == ">"
    )
    (quotation,), _ = find(draft)
    assert draft.prose[quotation.start : quotation.end].split() == words.split()
    first, last = draft.span(quotation.start, quotation.end)
    assert draft.content.text[first:last] == wrapped


@given(st.text(alphabet="ab s.,-\n>\t5“”„‟\"«»‹›‘’‚'「」『』`*", max_size=80), st.booleans())
def test_whatever_is_written_what_is_found_is_in_order(text: str, markdown: bool) -> None:
    draft = draft_of(text, markdown=markdown)
    listed, _ = find(draft, 1)
    for place, quotation in enumerate(listed):
        assert 0 <= quotation.start < quotation.end <= len(draft.prose)
        assert list(quotation.ends) == sorted(set(quotation.ends))
        assert quotation.end in quotation.ends
        if quotation.within is not None:
            outer = listed[quotation.within]
            assert quotation.within < place
            assert outer.start <= quotation.start < quotation.end <= outer.end
    assert [each.start for each in listed] == sorted(each.start for each in listed)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", ['"', "“", "”", "'", "’", "»", "‘a ", "workers' ", '“a "b ', "['", "**“", "\n\n“a"]
)
def test_a_long_text_of_nothing_but_marks_takes_seconds(unit: str) -> None:
    """About one; work that grows with the square of the length would take hours."""
    draft = draft_of(unit * (200_000 // len(unit)), markdown=True)
    begun = time.process_time()
    find(draft)
    assert time.process_time() - begun < 30
