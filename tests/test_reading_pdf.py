from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import matplotlib
import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdfium2 import raw
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from index.errors import FileDamaged, FileEncrypted, FileRefused, LimitExceeded, NoTextLayer
from index.readers.pdf import read
from index.readers.pdf_boxes import Box, boxes_on, on_page
from index.readers.pdf_characters import opened
from index.types import Mark, SourceText

LEFT, RIGHT, LEADING, SIZE = 72.0, 520.0, 13.0, 10.0
FONT = "Helvetica"

Draw = Callable[[Canvas], None]

pdfmetrics.registerFont(
    TTFont("DejaVu", Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf")
)


def pdf(*pages: Draw, **settings_of_canvas: object) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, **settings_of_canvas)
    for draw in pages:
        canvas.setFont(FONT, SIZE)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def read_pdf(data: bytes, name: str = "file.pdf") -> SourceText:
    return read(Path(name), data)


def printed(data: bytes, characters: bytes, start: int, end: int) -> list[tuple[int, Box]]:
    """Where canonical[start:end] is printed, with the pages, from 1."""
    found: list[tuple[int, Box]] = []
    with pypdfium2.PdfDocument(data) as document:
        for number in range(1, len(document) + 1):
            with opened(document, number - 1) as textpage:
                on_it = boxes_on(textpage, on_page(characters, number), start, end)
                found.extend((number, box) for box in on_it)
    return found


def boxes(data: bytes, characters: bytes, start: int, end: int) -> list[Box]:
    return [box for _, box in printed(data, characters, start, end)]


def lines(*written: str, top: float = 700, left: float = LEFT, leading: float = LEADING) -> Draw:
    """Lines under each other. An empty one is a gap of half a line more."""

    def draw(canvas: Canvas) -> None:
        y = top
        for line in written:
            canvas.drawString(left, y, line)
            y -= leading if line else leading / 2

    return draw


def together(*draws: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        for each in draws:
            each(canvas)

    return draw


def cells(y: float, **placed: str) -> Draw:
    """Cells on one baseline: x72="Label", or r300="12" to end there."""

    def draw(canvas: Canvas) -> None:
        for place, text in placed.items():
            write = canvas.drawString if place[0] == "x" else canvas.drawRightString
            write(float(place[1:]), y, text)

    return draw


def text_of(*written: str) -> str:
    return read_pdf(pdf(lines(*written))).text


FULL = "This line of an ordinary paragraph is long enough to reach the right margin of the page"


# Documents as a generator makes them, whose every word's place is known.


@dataclass
class Made:
    data: bytes = b""
    text: str = ""
    page_starts: list[tuple[int, int, str]] = field(default_factory=list)
    headings: list[Mark] = field(default_factory=list)
    words: list[tuple[str, int, float, float, float]] = field(default_factory=list)
    """Word, page, left, right, baseline."""
    words_by_page: list[Counter[str]] = field(default_factory=list)


class Maker:
    """Draws unique words, and keeps what a right reading of them gives."""

    def __init__(self) -> None:
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out)
        self.made = Made()
        self.count = 0
        self.page = 0
        self.y = 0.0

    def word(self, length: int) -> str:
        self.count += 1
        number, letters = self.count, ""
        while number:
            number, digit = divmod(number, 18)
            letters += "abdeghklmnoprstuvw"[digit]
        return f"{letters:x<{length}}z"

    def begin_page(self, label: str) -> None:
        self.page += 1
        self.y = 740.0
        self.canvas.setFont(FONT, 8)
        self.canvas.drawString(LEFT, 800, "Annual Report of the Company")
        self.canvas.drawRightString(RIGHT, 800, "Quarterly Review")
        self.canvas.drawCentredString((LEFT + RIGHT) / 2, 30, f"- {self.page} -")
        self.made.page_starts.append((-1, self.page, label))
        self.made.words_by_page.append(Counter())

    def show(self, x: float, text: str, font: str = FONT, size: float = SIZE) -> float:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.y, text)
        return x + pdfmetrics.stringWidth(text, font, size)

    def place(self, word: str, x: float) -> None:
        right = x + pdfmetrics.stringWidth(word, FONT, SIZE)
        self.made.words.append((word, self.page, x, right, self.y))
        self.made.words_by_page[-1][word] += 1

    def block(self, text: str) -> None:
        if self.made.text:
            self.made.text += "\n\n"
        start, page, label = self.made.page_starts[-1]
        if start < 0:
            self.made.page_starts[-1] = (len(self.made.text), page, label)
        self.made.text += text

    def paragraph(self, lengths: Sequence[int], hyphenate: bool) -> None:
        words = [self.word(length) for length in lengths]
        words[0] = words[0].capitalize()
        words[-1] += "."
        self.block(" ".join(words))
        line = ""
        for at, word in enumerate(words):
            room = RIGHT - pdfmetrics.stringWidth(line, FONT, SIZE) - LEFT
            if pdfmetrics.stringWidth(word, FONT, SIZE) <= room:
                self.place(word.strip("."), RIGHT - room)
                line += word + " "
                continue
            half = len(word) // 2
            part = word[:half] + "-"
            fits = pdfmetrics.stringWidth(part, FONT, SIZE) <= room
            cut = hyphenate and 0 < at < len(words) - 1 and half > 2 and fits
            self.show(LEFT, line + part if cut else line.rstrip())
            self.y -= LEADING
            line = word[half:] + " " if cut else word + " "
            if cut:
                self.made.words_by_page[-1][word] += 1
            else:
                self.place(word.strip("."), LEFT)
        self.show(LEFT, line.rstrip())
        self.y -= 2 * LEADING

    def table(self, rows: int, columns: int) -> None:
        shown = []
        for _ in range(rows):
            label = self.word(5)
            values = [f"{self.count * 37 + column:,}" for column in range(columns)]
            self.place(label, LEFT)
            self.show(LEFT, label)
            for column, value in enumerate(values):
                right = 300 + 60 * column
                self.canvas.drawString(right - 40, self.y, "$")
                self.canvas.drawRightString(right, self.y, value)
            shown.append("\t".join([label, *(f"$ {value}" for value in values)]))
            self.y -= LEADING
        self.block("\n".join(shown))
        self.y -= LEADING

    def heading(self, level: int) -> None:
        title = f"{self.word(4).capitalize()} {self.word(6)}"
        self.block(title)
        start = len(self.made.text) - len(title)
        self.made.headings.append(Mark(start, "heading", level + 1, title))
        key = f"h{self.count}"
        self.canvas.bookmarkHorizontalAbsolute(key, self.y + 15)
        self.canvas.addOutlineEntry(title, key, level)
        self.show(LEFT, title, "Helvetica-Bold", 14)
        for word in title.split():
            self.made.words_by_page[-1][word] += 1
        self.y -= 2 * LEADING

    def finish(self) -> Made:
        self.canvas.save()
        self.made.data = self.out.getvalue()
        return self.made


@st.composite
def documents(draw: st.DrawFn) -> Made:
    maker = Maker()
    pages = draw(st.integers(3, 5))
    roman = draw(st.integers(0, 2))
    maker.canvas.addPageLabel(0, style="ROMAN_LOWER" if roman else "ARABIC", start=1)
    if roman:
        maker.canvas.addPageLabel(roman, style="ARABIC", start=1)
    for page in range(pages):
        maker.begin_page("i" * (page + 1) if page < roman else str(page + 1 - roman))
        if draw(st.booleans()) or page == 0:
            maker.heading(0)
        for _ in range(draw(st.integers(1, 3))):
            lengths = draw(st.lists(st.integers(3, 11), min_size=3, max_size=60))
            maker.paragraph(lengths, draw(st.booleans()))
            if draw(st.booleans()):
                maker.table(draw(st.integers(2, 4)), draw(st.integers(1, 3)))
        maker.canvas.showPage()
    return maker.finish()


@settings(max_examples=25, deadline=None)
@given(documents())
def test_all_of_a_document_is_read_as_it_was_made(made: Made) -> None:
    found = read_pdf(made.data)
    assert found.text == made.text
    pages = [mark for mark in found.marks if mark.kind == "page"]
    assert [(mark.start, mark.number, mark.label) for mark in pages] == made.page_starts
    assert found.breaks == tuple(start for start, _, _ in made.page_starts[1:])
    assert [mark for mark in found.marks if mark.kind == "heading"] == made.headings
    assert [mark.start for mark in found.marks] == sorted(mark.start for mark in found.marks)


@settings(max_examples=15, deadline=None)
@given(documents())
def test_every_word_is_found_where_it_is_printed(made: Made) -> None:
    found = read_pdf(made.data)
    for word, page, left, right, baseline in made.words:
        start = found.text.index(word)
        ((on, box),) = printed(made.data, found.characters, start, start + len(word))
        assert on == page
        assert (box.left, box.right) == pytest.approx((left, right), abs=1.5)
        assert baseline - SIZE < box.bottom < baseline < box.top < baseline + 1.5 * SIZE


@settings(max_examples=15, deadline=None)
@given(documents())
def test_the_map_leads_back_to_the_same_characters(made: Made) -> None:
    found = read_pdf(made.data)
    assert characters_through_map(made.data, found) == found.text


def characters_through_map(data: bytes, found: SourceText) -> str:
    """The canonical text, read again from the pages; what is mapped nowhere must be white."""
    again = [character if character.isspace() else "\0" for character in found.text]
    with pypdfium2.PdfDocument(data) as document:
        pages = [document[index].get_textpage() for index in range(len(document))]
        for start, page, first, length in np.frombuffer(found.characters, "<i4").reshape(-1, 4):
            for step in range(length):
                code = raw.FPDFText_GetUnicode(pages[page].raw, int(first + step))
                again[start + step] = " " if chr(code).isspace() else chr(code)
    return "".join(again).replace("\x02", "-")


@settings(max_examples=15, deadline=None)
@given(documents())
def test_pages_have_the_words_another_library_finds(made: Made) -> None:
    found = read_pdf(made.data)
    starts = [mark.start for mark in found.marks if mark.kind == "page"]
    ends = [*starts[1:], len(found.text)]
    pages = PdfReader(io.BytesIO(made.data)).pages
    for start, end, page, known in zip(starts, ends, pages, made.words_by_page, strict=True):
        ours = Counter(re.findall(r"\w+", found.text[start:end]))
        body = re.sub(r"(?<=\w)-\n(?=[a-z])", "", page.extract_text())
        theirs = Counter(re.findall(r"\w+", body))
        assert not ours - theirs
        left_out = ["Annual", "Report", "of", "the", "Company", "Quarterly", "Review"]
        assert set(theirs - ours) <= {*left_out, str(pages.index(page) + 1)}
        assert not known - ours


# Lines and paragraphs.


def test_wrapped_lines_are_joined_and_gaps_part_paragraphs() -> None:
    assert text_of(FULL, "and goes on here.", "", "Second.") == (
        f"{FULL} and goes on here.\n\nSecond."
    )


def test_an_indented_line_begins_a_paragraph() -> None:
    page = together(
        lines(FULL, f"{FULL}.", top=700),
        lines(FULL[:-9], top=674, left=LEFT + 15),
        lines("ends here.", top=661),
    )
    assert read_pdf(pdf(page)).text == f"{FULL} {FULL}.\n\n{FULL[:-9]} ends here."


def test_hanging_lines_belong_to_the_first() -> None:
    page = together(
        lines(f"[1] {FULL}.", top=700), lines(FULL[:-5], "third line.", top=687, left=100)
    )
    assert read_pdf(pdf(page)).text == f"[1] {FULL}. {FULL[:-5]} third line."


def test_lines_broken_on_purpose_stay_lines() -> None:
    address = ("Ministry of Agriculture", "2 Ngoc Ha", "Ba Dinh", "Hanoi and its surroundings")
    assert text_of(*address) == "\n".join(address)


@pytest.mark.parametrize(("font", "size"), [("Helvetica-Bold", SIZE), (FONT, 14)])
def test_a_line_in_a_larger_or_bold_font_is_a_paragraph(font: str, size: float) -> None:
    def heading(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        canvas.drawString(
            LEFT, 714, "Liquidity and Capital Resources of the Company and its Owners"
        )
        canvas.setFont(FONT, SIZE)

    text = read_pdf(pdf(together(heading, lines(FULL, "is here.")))).text
    assert text == (
        f"Liquidity and Capital Resources of the Company and its Owners\n\n{FULL} is here."
    )


def test_items_of_a_list_are_lines_of_their_own() -> None:
    page = together(
        lines("We make:", top=713),
        cells(700, x72="•", x90=FULL),
        lines("and the rest of it;", top=687, left=90),
        cells(674, x72="•", x90="rice."),
        lines("Then text goes on.", top=650),
    )
    assert read_pdf(pdf(page)).text == (
        f"We make:\n\n• {FULL} and the rest of it;\n• rice.\n\nThen text goes on."
    )


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        (f"{FULL} exam-", "ple of it.", f"{FULL} example of it."),
        (f"{FULL} 2019-", "2020 was cold.", f"{FULL} 2019-2020 was cold."),
        (f"{FULL} non-", "GAAP figures.", f"{FULL} non-GAAP figures."),
        (f"{FULL} short-", "and long-term.", f"{FULL} short- and long-term."),
        (f"{FULL} and/", "or none.", f"{FULL} and/or none."),
    ],
)
def test_hyphens_at_line_ends(above: str, below: str, joined: str) -> None:
    assert text_of(above, below) == joined


def test_a_compound_keeps_its_hyphen_if_the_document_writes_it_so() -> None:
    known = "A well-known case, and a long one."
    assert text_of(f"{FULL} well-", "known man.", "", known) == (
        f"{FULL} well-known man.\n\n{known}"
    )


def test_a_document_that_parts_no_words_keeps_hyphens_between_its_words() -> None:
    known = "The term is long."
    assert text_of(f"{FULL} long-", "term debt.", "", known) == (
        f"{FULL} long-term debt.\n\n{known}"
    )


def test_soft_hyphens_are_no_text() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("DejaVu", SIZE)
        canvas.drawString(LEFT, 700, "The soft\xadhyphen in this rather long line is seen no\xad")
        canvas.drawString(LEFT, 687, "where at all.")

    assert read_pdf(pdf(draw)).text == (
        "The softhyphen in this rather long line is seen nowhere at all."
    )


def test_ligatures_become_letters_with_the_place_of_the_whole() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("DejaVu", SIZE)
        canvas.drawString(LEFT, 700, "o\ufb03cial \ufb01sh \ufb02at di\ufb00er \ufb06op")

    data = pdf(draw)
    found = read_pdf(data)
    assert found.text == "official fish flat differ stop"
    assert characters_through_map(data, found) == found.text
    (whole,) = boxes(data, found.characters, 1, 4)
    assert boxes(data, found.characters, 2, 3) == [replace(whole, start=2, end=3)]


def test_characters_beyond_the_first_plane_are_whole() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("DejaVu", SIZE)
        canvas.drawString(LEFT, 700, "The set \U0001d54f and the rest")

    data = with_unicode(pdf(draw), b"D835DD4F")
    found = read_pdf(data)
    assert found.text == "The set \U0001d54f and the rest"
    (box,) = boxes(data, found.characters, 8, 9)
    assert box.left == pytest.approx(
        LEFT + pdfmetrics.stringWidth("The set ", "DejaVu", SIZE), abs=1
    )


@pytest.mark.parametrize("code", [b"0000", b"D835", b"DD4F", b"0007", b"FFFF"])
def test_what_is_no_character_is_not_read(code: bytes) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("DejaVu", SIZE)
        canvas.drawString(LEFT, 700, "The set \U0001d54f and the rest")

    assert read_pdf(with_unicode(pdf(draw), code)).text == "The set and the rest"


def with_unicode(data: bytes, code: bytes) -> bytes:
    """Say that the last letter drawn before "and" has this code, as UTF-16."""
    writer = PdfWriter(io.BytesIO(data))
    for font in writer.pages[0]["/Resources"]["/Font"].values():
        stream = font.get_object().get("/ToUnicode")
        if stream:
            table = stream.get_object()
            written = table.get_data()
            table.set_data(
                re.sub(rb"<(?:0001)?D835DD4F>|<0?1D54F>|<D54F>", b"<%s>" % code, written)
            )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_what_is_beyond_the_page_is_not_read() -> None:
    page = together(lines("Seen."), lines("Unseen.", left=5000), lines("Neither.", top=-60))
    assert read_pdf(pdf(page)).text == "Seen."


# Tables.


def test_rows_are_whole_with_signs_at_their_numbers() -> None:
    page = together(
        cells(700, x72="Total revenue", x290="$", r340="1,234", x390="$", r440="1,100"),
        cells(687, x72="Net loss", r340="(7", x341=")", r440="—"),
        cells(674, x72="Margin", r340="3.6", x343="%", r440="12.0", x443="%"),
    )
    assert read_pdf(pdf(page)).text == (
        "Total revenue\t$ 1,234\t$ 1,100\nNet loss\t(7)\t—\nMargin\t3.6 %\t12.0 %"
    )


def test_a_sign_near_the_number_before_belongs_to_the_next() -> None:
    page = cells(700, x72="Net sales", x290="$", r340="3,226.8", x344="$", r390="2,729.4")
    assert read_pdf(pdf(page)).text == "Net sales\t$ 3,226.8\t$ 2,729.4"


def test_a_table_written_column_by_column_is_read_by_rows() -> None:
    page = together(
        lines("Revenue", "Cost of goods", "Profit"),
        lines("100", "60", "40", left=300),
        lines("90", "55", "35", left=400),
    )
    assert read_pdf(pdf(page)).text == "Revenue\t100\t90\nCost of goods\t60\t55\nProfit\t40\t35"


def test_cells_of_several_lines_make_one_row() -> None:
    page = together(
        lines("Risk of", "flooding", top=700),
        lines("The river rises", "in autumn", top=700, left=200),
        lines("Dykes", top=700, left=400),
        lines("Drought", top=660),
        lines("No rain", top=660, left=200),
    )
    assert read_pdf(pdf(page)).text == (
        "Risk of flooding\tThe river rises in autumn\tDykes\n\nDrought\tNo rain"
    )


def test_headings_inside_a_table_are_its_lines() -> None:
    page = together(
        cells(700, x72="Cash", r340="1"),
        lines("Current liabilities:", top=687),
        cells(674, x72="Debt", r340="2"),
    )
    assert read_pdf(pdf(page)).text == "Cash\t1\nCurrent liabilities:\nDebt\t2"


def test_numbers_in_the_middle_of_a_high_row_belong_to_its_label() -> None:
    page = together(
        cells(700, x72="Revenue", r340="1"),
        lines("Translation adjustments", top=680),
        cells(675, r340="69", r440="(201)"),
        cells(655, x72="Income", r340="2"),
    )
    assert "Translation adjustments\t69\t(201)" in read_pdf(pdf(page)).text


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    left = [f"left column line {number} has some words" for number in range(10)]
    right = [f"right column line {number} has more words" for number in range(10)]
    page = together(lines(*left), lines(*right, left=320))
    assert read_pdf(pdf(page)).text == " ".join([*left, *right])


def test_turned_text_is_read_too() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        for number, line in enumerate((FULL, "and goes on.")):
            canvas.drawString(100, -200 - LEADING * number, line)

    data = pdf(draw)
    found = read_pdf(data)
    assert found.text == f"{FULL} and goes on."
    (box,) = boxes(data, found.characters, 0, 4)
    assert (box.bottom, box.top) == pytest.approx((100, 119), abs=2)


def test_text_along_the_margin_does_not_tear_the_page() -> None:
    def stamp(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.rotate(90)
        canvas.drawString(300, -30, "Printed in Hanoi")
        canvas.restoreState()

    assert read_pdf(pdf(together(lines(FULL, "goes on."), stamp))).text == (
        f"{FULL} goes on.\n\nPrinted in Hanoi"
    )


# Pages.


@pytest.mark.parametrize(
    ("end", "start", "text", "page_start"),
    [
        ("and the sentence", "goes on here.", "and the sentence goes on here.", 17),
        ("an exam-", "ple of it.", "an example of it.", 7),
        ("It ends.", "Another one.", "It ends.\n\nAnother one.", 10),
        ("It ends.", "iPods came.", "It ends.\n\niPods came.", 10),
        ("A heading", "Another one.", "A heading\n\nAnother one.", 11),
    ],
)
def test_a_sentence_over_the_end_of_a_page_is_whole(
    end: str, start: str, text: str, page_start: int
) -> None:
    found = read_pdf(pdf(lines(end), lines(start)))
    assert found.text == text
    assert found.breaks == (page_start,)
    assert [mark.start for mark in found.marks] == [0, page_start]


def test_rows_are_not_joined_over_the_end_of_a_page() -> None:
    found = read_pdf(pdf(cells(100, x72="revenue", r340="1"), cells(700, x72="cost", r340="2")))
    assert found.text == "revenue\t1\n\ncost\t2"


def test_running_heads_and_page_numbers_are_left_out() -> None:
    def page(number: int) -> Draw:
        head = "Journal of Rice" if number % 2 else "N. V. Huong and others"
        return together(
            lines(head, top=800),
            lines(f"Body of page {'abcdefgh'[number]}.", "", "It ends."),
            lines(f"Page {number + 11} of 19", top=20 + (number == 3)),
        )

    found = read_pdf(pdf(*map(page, range(8))))
    assert found.text == "\n\n".join(f"Body of page {letter}.\n\nIt ends." for letter in "abcdefgh")


def test_what_only_looks_like_a_running_head_is_kept() -> None:
    pages = [
        together(
            lines(f"Exhibit {number * number}", top=800),
            lines(f"Words of the {name} page.", "", "They end."),
        )
        for number, name in enumerate(("first", "second", "third", "fourth"), 1)
    ]
    text = read_pdf(pdf(*pages)).text
    assert [line for line in text.split("\n\n") if line.startswith("Exhibit")] == [
        "Exhibit 1",
        "Exhibit 4",
        "Exhibit 9",
        "Exhibit 16",
    ]


def test_the_head_of_a_table_that_returns_is_kept() -> None:
    pages = [
        together(
            cells(800, x72="in millions", r340="2023", r440="2022"),
            cells(787, x72=label, r340="1", r440="2"),
            lines("It goes on."),
        )
        for label in ("Revenue", "Cost", "Profit")
    ]
    assert read_pdf(pdf(*pages)).text.count("in millions\t2023\t2022") == 3


def test_pages_of_one_line_keep_it() -> None:
    assert read_pdf(pdf(*[lines("Slide", top=800)] * 4)).text == "\n\n".join(["Slide"] * 4)


def test_labels_are_what_the_file_states() -> None:
    found = read_pdf(pdf(lines("One."), lines("Two.")))
    assert [mark.label for mark in found.marks] == ["", ""]


def test_what_was_filled_into_a_form_is_read() -> None:
    def form(canvas: Canvas) -> None:
        lines("Name:")(canvas)
        canvas.acroForm.textfield(name="n", value="Nguyen Van A", x=120, y=690, fontSize=10)

    data = pdf(form)
    found = read_pdf(data)
    assert found.text.split() == ["Name:", "Nguyen", "Van", "A"]
    start = found.text.index("Nguyen")
    (box,) = boxes(data, found.characters, start, start + 6)
    assert box.left == pytest.approx(122, abs=4)


# Outlines.


def test_headings_come_from_the_outline() -> None:
    def page(canvas: Canvas) -> None:
        for level, (title, y) in enumerate((("Part  One", 702.0), ("1.2 Rice", 650.0))):
            canvas.bookmarkHorizontalAbsolute(title, y + 10)
            canvas.addOutlineEntry(title, title, level)
        lines("PART ONE", FULL, "goes on.", top=702)(canvas)
        lines("1.2 Rice", FULL, "and more.", top=650)(canvas)
        canvas.bookmarkPage("x")
        canvas.addOutlineEntry("Nowhere to be seen", "x", 1)

    found = read_pdf(pdf(lines("Cover."), page))
    assert found.text == (f"Cover.\n\nPART ONE\n\n{FULL} goes on.\n\n1.2 Rice\n\n{FULL} and more.")
    assert [mark for mark in found.marks if mark.kind == "heading"] == [
        Mark(8, "heading", 1, "Part One"),
        Mark(8, "heading", 2, "Nowhere to be seen"),
        Mark(found.text.index("1.2 Rice"), "heading", 2, "1.2 Rice"),
    ]


def test_a_heading_of_two_lines_is_found() -> None:
    def page(canvas: Canvas) -> None:
        lines("Before it.", "The Cultivation of", "Rice in Vietnam", "Text.")(canvas)
        canvas.bookmarkPage("x")
        canvas.addOutlineEntry("The Cultivation of Rice in Vietnam", "x", 0)

    found = read_pdf(pdf(page))
    assert found.text == "Before it.\n\nThe Cultivation of Rice in Vietnam\n\nText."
    assert found.marks[1] == Mark(12, "heading", 1, "The Cultivation of Rice in Vietnam")


def test_without_an_outline_there_are_no_headings() -> None:
    assert {mark.kind for mark in read_pdf(pdf(lines("TITLE", "", "Text."))).marks} == {"page"}


# Metadata.


def test_the_information_dictionary_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setTitle("On Rice")
        canvas.setAuthor("Nguyễn Văn A")
        lines("Text.")(canvas)

    stated = read_pdf(pdf(draw, lang="vi-VN")).metadata
    assert (stated.title, stated.author, stated.language) == ("On Rice", "Nguyễn Văn A", "vi")
    assert stated.date is not None
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", stated.date)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("untitled", None),
        ("Microsoft Word - report_final.doc", None),
        ("Microsoft Word - On Rice", "On Rice"),
        ("thesis.tex", None),
        ("Annual_10K", None),
        ("Slide 1", None),
        ("  ", None),
        ("1984 in Hanoi", "1984 in Hanoi"),
    ],
)
def test_titles_that_say_nothing_are_none(written: str, title: str | None) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setTitle(written)
        lines("Text.")(canvas)

    assert read_pdf(pdf(draw), "Annual_10K.pdf").metadata.title == title


XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">
<rdf:Description rdf:about="" prism:publicationName="Journal of Rice"
 prism:aggregationType="journal" prism:volume="12" prism:number="3" prism:startingPage="12"
 prism:endingPage="34" prism:doi="10.1000/xyz" prism:isbn="" prism:edition="">
<dc:publisher><rdf:Bag><rdf:li>Roe &amp; Sons</rdf:li></rdf:Bag></dc:publisher>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">On Rice &amp; Water</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Ana</rdf:li><rdf:li>Bình</rdf:li></rdf:Seq></dc:creator>
<dc:date><rdf:Seq><rdf:li>2019-05-06T10:00:00Z</rdf:li></rdf:Seq></dc:date>
<dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def test_xmp_says_more_than_the_dictionary() -> None:
    writer = PdfWriter(io.BytesIO(pdf(lines("Text."))))
    writer.xmp_metadata = XMP.encode()
    out = io.BytesIO()
    writer.write(out)
    stated = read_pdf(out.getvalue()).metadata
    assert (stated.title, stated.author) == ("On Rice & Water", "Ana; Bình")
    assert (stated.publication, stated.date) == ("Journal of Rice", "2019-05-06")
    assert stated.language == "en"
    assert (stated.type, stated.publisher) == ("article-journal", "Roe & Sons")
    assert (stated.volume, stated.issue, stated.pages) == ("12", "3", "12-34")
    assert (stated.doi, stated.isbn, stated.edition) == ("10.1000/xyz", None, None)


# Refusals.


def a_document() -> bytes:
    return pdf(*[lines(f"Page {name} is here.", FULL, "and so on.") for name in "abcd"])


def test_a_password_is_asked_for() -> None:
    data = pdf(lines("Secret."), encrypt=StandardEncryption("user", "owner"))
    with pytest.raises(FileEncrypted, match="password"):
        read_pdf(data)


def test_what_is_only_locked_against_changes_is_read() -> None:
    locked = StandardEncryption("", "owner", canCopy=0, canModify=0)
    assert read_pdf(pdf(lines("Open."), encrypt=locked)).text == "Open."


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.9, 0.97])
def test_a_file_that_ends_too_early_is_refused(part: float) -> None:
    data = a_document()
    with pytest.raises(FileDamaged):
        read_pdf(data[: int(len(data) * part)])


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.4", b"%PDF-1.4\n%%EOF", b"<html></html>", b"\0" * 99]
)
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(FileDamaged):
        read_pdf(data)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_ends_in_text_or_a_refusal(data: st.DataObject) -> None:
    whole = bytearray(a_document())
    for _ in range(data.draw(st.integers(1, 20))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read_pdf(bytes(whole))
    except FileRefused:
        return
    assert "\0" not in found.text
    found.text.encode()


def picture(canvas: Canvas) -> None:
    from PIL import Image

    canvas.drawImage(ImageReader(Image.new("L", (40, 40), 128)), 0, 0, 500, 700)


def test_a_scan_has_no_text() -> None:
    with pytest.raises(NoTextLayer, match="3 pages") as refused:
        read_pdf(pdf(picture, picture, picture))
    assert "ocrmypdf IN OUT" in refused.value.remedy


def test_pages_without_text_are_counted() -> None:
    found = read_pdf(pdf(picture, lines("Text."), picture))
    assert (found.text, found.pages_without_text) == ("Text.", 2)
    assert found.marks == (Mark(0, "page", 2),)


def by_hand(*objects: bytes) -> bytes:
    """A PDF of these objects, the first being its catalog."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, written in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(out)


def test_too_many_pages_are_refused() -> None:
    count = 10_001
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    tree = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)
    with pytest.raises(LimitExceeded, match="10,001 pages"):
        read_pdf(by_hand(b"<</Type/Catalog/Pages 2 0 R>>", tree, *[page] * count))


@pytest.mark.parametrize("kind", [b"", b"/Subtype/Image"])
def test_a_page_that_unpacks_to_a_thousand_times_its_size_is_refused(kind: bytes) -> None:
    packed = zlib.compress(b" " * 100_000_000)
    stream = b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (
        len(packed),
        kind,
        packed,
    )
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"
    tree = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    with pytest.raises(NoTextLayer if kind else LimitExceeded):
        read_pdf(by_hand(b"<</Type/Catalog/Pages 2 0 R>>", tree, page, stream))


def test_boxes_unite_along_a_line_and_part_at_its_end() -> None:
    data = pdf(lines(FULL, "goes on here."), lines("another page."))
    found = read_pdf(data)
    shown = printed(data, found.characters, 0, len(found.text))
    assert [(page, round(box.left)) for page, box in shown] == [(1, 72), (1, 72), (2, 72)]
    said = [found.text[box.start : box.end].strip() for _, box in shown]
    assert said == [FULL, "goes on here.", "another page."]
    assert boxes(data, found.characters, 5, 5) == []
