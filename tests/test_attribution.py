from __future__ import annotations

import pytest
from conftest import SEEDS
from hypothesis import given
from hypothesis import strategies as st

from index.segment import paragraphs
from index.sentences import SentenceSplitter
from index.types import DocumentId, Span
from qa.checking.attributing.attribution import attributions, named
from qa.checking.attributing.known_sources import KnownSource, Names, written_forms
from qa.checking.attributing.speech import speeches
from qa.types import Source

SPLITTER = SentenceSplitter()

DOCUMENTS = {
    0: ("History of Friendship Cemented in Common Struggle", "Korea-Asia Association", None),
    2: (None, "Vietnam News Agency", None),
    3: (None, "Pathet Lao", "Anna Miller"),
    4: ("Talks in Pyongyang", "Việt Nam News", None),
    5: (None, "Pathet Lao", "Chanda, Nayan"),
}

KNOWN = Names(
    KnownSource(
        DocumentId(number),
        tuple(name for name in (title, publication, f"{number:03}_talks.txt") if name),
        tuple(written_forms(author)) if author else (),
    )
    for number, (title, publication, author) in DOCUMENTS.items()
)

Judged = tuple[str, str, bool | None]


def seed(number: int) -> str:
    (path,) = SEEDS.glob(f"{number:03}_*.txt")
    return path.read_text(encoding="utf-8")


def source(number: int) -> Source:
    title, publication, author = DOCUMENTS[number]
    return Source(
        id=DocumentId(number),
        path=f"{number:03}_talks.txt",
        sha256="0",
        container=None,
        title=title,
        author=author,
        publication=publication,
        date=None,
        language=None,
        url=None,
    )


def sentences_of(text: str) -> list[Span]:
    return [span for part in paragraphs(text) for span in SPLITTER.split(text, part)]


def judged(draft: str, words: str, number: int, text: str | None = None) -> list[Judged]:
    """Kind, name and agreement of what the draft, with words for WORDS, names beside them."""
    draft = draft.replace("WORDS", words)
    text = seed(number) if text is None else text
    start, there = draft.index(words), text.index(words)
    found = attributions(
        draft,
        (start, start + len(words)),
        sentences_of(draft),
        text,
        (there, there + len(words)),
        source(number),
        KNOWN,
    )
    assert all(draft[one.start : one.end] == one.name for one in found)
    assert all(one.reason for one in found)
    return [(one.kind, one.name, one.agrees) for one in found]


@pytest.mark.parametrize(
    ("prose", "speaker"),
    [
        ("President Tô Lâm said", "Tô Lâm"),
        ("said Ambassador Le Ba Vinh.", "Le Ba Vinh"),
        ("Kim, General Secretary of the Party, said", "Kim"),
        ("Kim of North Korea said", "Kim"),
        ("said the Vietnamese ambassador to Laos, Le Ba Vinh", "Le Ba Vinh"),
        ("President Kaysone Phomvihane also once assessed,", "Kaysone Phomvihane"),
        ("according to Mr. Smith", "Smith"),
        ("J. K. Rowling wrote", "J. K. Rowling"),
        ("Ursula von der Leyen told Kim Jong Un", "Ursula von der Leyen"),
        ("Kim Jong Un:", "Kim Jong Un"),
        ("it quoted President Ho Chi Minh's words", "Ho Chi Minh"),
        (", sagte Bundeskanzlerin Angela Merkel", "Angela Merkel"),
        (", so Merkel.", "Merkel"),
        ("Laut Botschafter Vinh", "Vinh"),
        ("a déclaré Emmanuel Macron", "Emmanuel Macron"),
        ("d'après Mme Dupont", "Dupont"),
        ("selon le président Lâm", "Lâm"),
        ("Tổng Bí thư Tô Lâm khẳng định:", "Tô Lâm"),
        ("theo ông Lê Bá Vinh", "Lê Bá Vinh"),
        ("Đại sứ Lê Bá Vinh cho biết", "Lê Bá Vinh"),
        ("He said Kim was there", None),
        ("A spokesman for Kim said", None),
        ("sagte der Mann", None),
        ("dit-il", None),
        ("the ambassador said he believes", None),
        ("Kim went to Laos", None),
    ],
)
def test_a_speaker_is_a_name_beside_a_verb_of_speaking(prose: str, speaker: str | None) -> None:
    found = [one.speaker for one in speeches(prose, 0, len(prose)) if one.speaker]
    assert [prose[one.start : one.end] for one in found] == ([speaker] if speaker else [])


YEARS = "75 years have passed since the Democratic Republic of Vietnam"
MILESTONE = "the visit will be a significant milestone in the development of each nation"
REVOLUTION = "In the history of the world revolution, there have been many clear examples"
LAOS = "helping the people of Laos meant helping Vietnam itself"
READY = "Việt Nam stands ready to share its experiences with the DPRK"
WISHES = "the DPRK wishes to work closely with Việt Nam"


@pytest.mark.parametrize(
    ("draft", "words", "number", "expected"),
    [
        ("Ambassador Vinh said that “WORDS”.", YEARS, 2, ("speaker", "Vinh", True)),
        ("Kim Jong Un said that “WORDS”.", YEARS, 2, ("speaker", "Kim Jong Un", False)),
        ("As Lê Bá Vinh put it, “WORDS”.", MILESTONE, 2, ("speaker", "Lê Bá Vinh", True)),
        ("Tô Lâm stressed: “WORDS”.", MILESTONE, 2, ("speaker", "Tô Lâm", None)),
        ("“WORDS”, said Ho Chi Minh.", LAOS, 3, ("speaker", "Ho Chi Minh", True)),
        ("„WORDS“, sagte Kaysone Phomvihane.", LAOS, 3, ("speaker", "Kaysone Phomvihane", False)),
        ("« WORDS », a déclaré Tô Lâm.", READY, 4, ("speaker", "Tô Lâm", True)),
        ("« WORDS », selon Kim Jong Un.", READY, 4, ("speaker", "Kim Jong Un", False)),
        ("Kim Jong Un cho biết “WORDS”.", WISHES, 4, ("speaker", "Kim Jong Un", True)),
        ("Theo ông Tô Lâm, “WORDS”.", WISHES, 4, ("speaker", "Tô Lâm", False)),
        ("“WORDS”, wrote Anna Miller.", LAOS, 3, ("speaker", "Anna Miller", True)),
        ("“WORDS”, wrote Anna Miller.", YEARS, 2, ("speaker", "Anna Miller", False)),
        ("Lam was asked. “WORDS,” he said.", READY, 4, None),
        (
            "“WORDS”, reports the Vietnam News Agency.",
            YEARS,
            2,
            ("source", "Vietnam News Agency", True),
        ),
        ("“WORDS” (Viet Nam News, 2025).", READY, 4, ("source", "Viet Nam News", True)),
        ("“WORDS” (Viet Nam News, 2025).", YEARS, 2, ("source", "Viet Nam News", False)),
        ("“WORDS.” (Miller, 2024, p. 3)", LAOS, 3, ("source", "Miller", True)),
        ("“WORDS” (Chanda, 2024).", LAOS, 3, ("source", "Chanda", False)),
        ("As Pathet Lao has it, “WORDS”.", LAOS, 3, ("source", "Pathet Lao", True)),
        ("In 004_talks.txt we read “WORDS”.", READY, 4, ("source", "004_talks.txt", True)),
        ("“WORDS”, says the Hanoi Times.", READY, 4, ("source", "Hanoi Times", None)),
    ],
)
def test_what_a_draft_names_is_held_against_the_source(
    draft: str, words: str, number: int, expected: Judged | None
) -> None:
    assert judged(draft, words, number) == ([expected] if expected else [])


def test_each_of_two_quotations_in_a_sentence_has_its_own_speaker() -> None:
    draft = f"“{READY}”, said Lâm, and “{WISHES}”, said Kim."
    assert judged(draft, READY, 4) == [("speaker", "Lâm", True)]
    assert judged(draft, WISHES, 4) == [("speaker", "Kim", True)]


def test_a_block_quotation_is_introduced_by_a_colon_and_followed_by_a_line_with_a_dash() -> None:
    draft = "President Kaysone once said:\n\nWORDS\n\n— Kaysone Phomvihane, Pathet Lao\n\nNext."
    assert judged(draft, REVOLUTION, 3) == [
        ("speaker", "Kaysone", True),
        ("source", "Pathet Lao", True),
    ]
    assert judged("Words:\n\nWORDS\n\n— Ho Chi Minh", REVOLUTION, 3) == [
        ("speaker", "Ho Chi Minh", False)
    ]


def test_a_sentence_of_its_own_is_told_by_the_one_before() -> None:
    assert judged("Lâm spoke of the talks, Kim said. “WORDS.”", WISHES, 4) == [
        ("speaker", "Kim", True)
    ]
    draft = "Lâm said much. The visit showed that “WORDS” all the same."
    assert judged(draft, WISHES, 4) == []


def test_what_is_named_inside_the_marks_is_not_the_drafts() -> None:
    words = "Ambassador Le Ba Vinh said that 75 years have passed"
    assert judged("We read “WORDS”.", words, 2) == []


def test_a_short_name_is_found_as_it_is_written_only() -> None:
    names = Names([KnownSource(DocumentId(1), ("Nature", "The War"))])
    for prose in ("It is nature that says “WORDS”.", "In the war we heard “WORDS”."):
        start = prose.index("WORDS")
        assert named(prose, (start, start + 5), sentences_of(prose), names) == []
    prose = "In Nature it says “WORDS”."
    start = prose.index("WORDS")
    (claim,) = named(prose, (start, start + 5), sentences_of(prose), names)
    assert claim.documents == {1}


def test_the_longest_name_wins_and_a_publication_has_many_documents() -> None:
    names = Names(
        [
            KnownSource(DocumentId(1), ("Việt Nam News",)),
            KnownSource(DocumentId(2), ("Viet Nam News",)),
            KnownSource(DocumentId(3), ("Viet Nam",)),
        ]
    )
    prose = "VIỆT NAM NEWS reported"
    (found,) = names.found(prose, 0, len(prose))
    assert (prose[found.start : found.end], found.documents) == ("VIỆT NAM NEWS", {1, 2})


pieces = st.lists(
    st.sampled_from(
        [
            "Kim ",
            "Tô Lâm ",
            "said ",
            "that ",
            "“",
            "” ",
            ", ",
            ": ",
            ". ",
            "\n\n",
            "— ",
            "(Miller)",
            "a ",
        ]
    )
    | st.text(st.sampled_from("aA .,’'\"é\u0301\r\n-") | st.characters(codec="utf-8"), max_size=8),
    max_size=30,
).map("".join)


@given(pieces, pieces, st.data())
def test_any_text_is_read_and_every_name_stands_at_its_offsets(
    prose: str, text: str, data: st.DataObject
) -> None:
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(prose))] * 2)))
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    spans = sentences_of(prose)
    for one in attributions(prose, (start, end), spans, text, (first, last), source(3), KNOWN):
        assert one.name
        assert prose[one.start : one.end] == one.name


@given(pieces)
def test_a_speakers_name_is_found_where_it_stands(prose: str) -> None:
    for speech in speeches(prose, 0, len(prose)):
        assert 0 <= speech.start < speech.end <= len(prose)
        if speech.speaker:
            assert prose[speech.speaker.start : speech.speaker.end].strip()
