"""What supports a draft's statements, and where the seeds put something differently."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from conftest import SEEDS, MakeEngine, add, write

from qa.checking.check import check
from qa.checking.checked import Checked
from qa.checking.drafts.draft import draft_of, read_draft
from qa.engine import Engine
from qa.question import MAX_QUESTION_CHARACTERS
from qa.types import Answer

SAID = """\
The 50th anniversary of diplomatic relations between Vietnam and the DPRK falls in 2025.
Kim Il Sung first met Kaysone Phomvihane on 28 October 1965.
Choummaly Sayasone travelled to North Korea in September 2011 and met Kim Jong Il.
Laos and Vietnam have had diplomatic relations since 1962.
Vietnam opened an embassy in the North Korean capital in 1955.
Ho Chi Minh visited the DPRK in 1957.
To Lam held talks with Kim Jong Un in Pyongyang.
The DPRK supported Vietnam during its struggle for national liberation.
Vietnam sent tens of thousands of tonnes of rice as humanitarian aid to North Korea.
Both sides want to cooperate in culture, sports, tourism, education and health.
Kim Il Sung went to China in September 1982.
In 1984 Kim Il Sung toured the Soviet Union and Eastern Europe.
Stalin praised Kim Il Sung at a banquet.
Vietnamese volunteers fought alongside Lao soldiers against the French and the Americans.
Vietnam is one of the biggest investors in Laos.
Thongloun Sisoulith made his first foreign trip as party leader to Vietnam.
Vietnam helped Laos during the COVID-19 pandemic with experts and medical equipment.
The Workers' Party of Korea celebrates 80 years since its founding.
The ambassador expects the visit to be a milestone in the friendship of the two countries.
Vietnam is preparing for its 14th Party Congress.
The DPRK was among the first countries to recognise the Democratic Republic of Vietnam.
Kaysone Phomvihane returned to the DPRK in 1970 and 1977.
To Lam asked the DPRK to respect the UN Convention on the Law of the Sea.
Laos gave its highest orders to Kim Il Sung and Kim Jong Il.
The Laotian newspaper Pasaxon praised the alliance between Laos and Vietnam."""
"""Each stands in the seeds in other words."""

INVENTED = """\
The French president opened a new bridge over the Seine on Tuesday.
Coffee exports from Ethiopia fell by twelve percent last year.
The museum will reopen after three years of renovation.
Kim Jong Un owns a collection of vintage motorcycles.
Vietnam won the football match against Laos by three goals to one.
The ambassador was born in a small village and studied chemistry in Leipzig.
A new airline will fly between Hanoi and Pyongyang three times a week.
The soup was served cold and everyone complained.
Laos has the largest hydroelectric dam in the region.
Ho Chi Minh wrote poems in prison.
The Korean War began in June 1950 when troops crossed the 38th parallel.
Inflation in the euro area rose to 2.4 percent in October.
Bees communicate the direction of flowers by dancing.
The embassy in Hanoi was painted yellow in the nineties.
Tourists praise the beaches near Wonsan for their clean sand.
The treaty was signed in a hotel by the lake, with the press locked out.
Nobody at the ministry answered our calls.
My grandmother kept every letter he ever sent her.
Chinese exports of steel to Vietnam doubled within two years.
The Soviet Union launched the first satellite in 1957.
The delegation spent the evening at a concert of classical music.
Rice prices in Pyongyang have tripled since the summer.
Lao weavers are known for their silk.
The party congress elected a new politburo of nineteen members.
Researchers found a new species of frog in the Mekong delta."""
"""None stands there; some have the seeds' names and subjects."""

DRAFT = """# The 50th anniversary of diplomatic ties between Vietnam and the DPRK

The year 2025 marks the *50th anniversary* of diplomatic ties between Vietnam and the
DPRK (1950–2025). Was it so? Vietnam opened its embassy in Pyongyang in **1956**.

> Vietnam opened its embassy in Pyongyang in 1957.

    Vietnam opened its embassy in Pyongyang in 1958.

“Agriculture remains a highlight of bilateral cooperation.” Not so.
The ambassador called the visit “a significant milestone” for both nations.
"""


def checked(engine: Engine, text: str) -> Checked:
    return check(draft_of(text, markdown=True), partial(engine.ask, explain=True))


def test_what_states_something_is_checked_in_order(seed_engine: Engine) -> None:
    found = checked(seed_engine, DRAFT)
    told = [" ".join(one.text.split())[:30] for one in found.statements]
    assert told == [
        "The year 2025 marks the 50th a",
        "Vietnam opened its embassy in ",
        "The ambassador called the visi",
    ]
    assert [one.number for one in found.statements] == [1, 2, 3]
    assert [one.holds_quotation for one in found.statements] == [False, False, True]
    assert found.left_out == 3  # the question, the quotation, "Not so."
    assert found.generation == seed_engine.snapshot().generation


def test_a_statement_supported_by_one_source_differs_from_another(seed_engine: Engine) -> None:
    statement = checked(seed_engine, DRAFT).statements[0]
    assert statement.support
    assert Path(statement.support.document.path).name.startswith("004")
    (difference,) = statement.differences
    assert (difference.kind, difference.words) == ("number", "50th anniversary")
    assert difference.source_words == "75 years"
    assert Path(difference.citation.document.path).name.startswith("002")


def test_both_sides_of_a_difference_stand_at_their_offsets(seed_engine: Engine) -> None:
    for statement in checked(seed_engine, DRAFT).statements[:2]:
        for one in statement.differences:
            end = one.at + len(one.words)
            canonical = seed_engine.text(one.citation.document.id)
            best = one.citation.best_sentence
            assert statement.text[one.at : end] == one.words
            assert DRAFT[one.start : one.end].strip("*") == one.words
            assert canonical[one.source_start : one.source_end] == one.source_words
            assert best
            assert canonical[best.start : best.end] == best.quote
            assert best.start <= one.source_start < one.source_end <= best.end


def test_statements_stand_at_their_offsets_and_lines(seed_engine: Engine) -> None:
    found = checked(seed_engine, DRAFT).statements
    assert DRAFT[found[0].start : found[0].end].startswith("The year 2025 marks the *50th")
    assert (found[0].locator.line_start, found[0].locator.line_end) == (3, 4)
    assert found[1].locator.line_start == 4


def test_seeds_are_supported_and_differ_only_where_they_do(seed_engine: Engine) -> None:
    """Every sentence of every seed as a statement: one pair differs, and comes up from both."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    found = [
        one
        for text in texts
        for one in check(
            draft_of(text, markdown=False), partial(seed_engine.ask, explain=True)
        ).statements
    ]
    pairs = {(each.words, each.source_words) for one in found for each in one.differences}
    assert len(found) > 90
    assert pairs <= {("50th anniversary", "75 years"), ("75 years", "50th anniversary")}
    assert ("50th anniversary", "75 years") in pairs
    assert sum(one.support is None for one in found) <= 1


def test_support_is_told_from_invention(seed_engine: Engine) -> None:
    """Measured here: all 25 statements are supported, of 25 inventions none is."""
    said = checked(seed_engine, SAID.replace("\n", "\n\n")).statements
    invented = checked(seed_engine, INVENTED.replace("\n", "\n\n")).statements
    assert len(said) == len(invented) == 25
    assert sum(one.support is not None for one in said) >= 24
    assert sum(one.support is not None for one in invented) <= 1
    assert not any(one.differences for one in invented)


@pytest.mark.parametrize(
    ("statement", "kind", "here", "there"),
    [
        ("Kim Il Sung visited the People’s Republic of China in September 1983.", "date", "September 1983", "September 1982"),
        ("Kim Il Sung first met Kaysone Phomvihane on October 28, 1966.", "date", "October 28, 1966", "October 28, 1965"),
        ("Over the past 49 years since the two countries officially established diplomatic relations, the political relations have achieved good results.", "number", "49 years", "59 years"),
        ("Vietnam opened its embassy in Beijing in 1955.", "name", "Beijing", "Pyongyang"),
        ("Ambassador Tran Van Nam said that 75 years have passed since the DPRK and the Democratic Republic of Vietnam officially established diplomatic relations.", "name", "Tran Van Nam", "Le Ba Vinh"),
    ],
)  # fmt: skip
def test_changed_facts_differ(
    seed_engine: Engine, statement: str, kind: str, here: str, there: str
) -> None:
    (found,) = checked(seed_engine, statement).statements
    told = [(each.kind, each.words, each.source_words) for each in found.differences]
    assert (kind, here, there) in told


def test_the_draft_itself_is_no_source(make_engine: MakeEngine, tmp_path: Path) -> None:
    folder = write(tmp_path / "texts", draft="The old bridge is 300 metres long and made of stone.")
    engine = make_engine(tmp_path / "library")
    add(engine, folder)
    found = check(read_draft(folder / "draft.txt"), partial(engine.ask, explain=True))
    (statement,) = found.statements
    assert statement.support is None
    assert not statement.differences


def test_a_sentence_longer_than_a_question_is_cut(seed_engine: Engine) -> None:
    asked: list[str] = []

    def ask(question: str) -> Answer:
        asked.append(question)
        return seed_engine.ask(question, explain=True)

    text = "Vietnam opened its embassy in Pyongyang and " + "went on and on " * 300 + "in 1955."
    (statement,) = check(draft_of(text, markdown=False), ask).statements
    assert statement.text == text
    assert len(asked[0]) <= MAX_QUESTION_CHARACTERS


def test_a_draft_without_statements_asks_nothing(seed_engine: Engine) -> None:
    found = checked(seed_engine, "# A heading\n\nWhy?\n")
    assert found.statements == ()
    assert found.left_out == 1


def test_the_sample_draft_differs_where_its_figures_are_wrong(seed_engine: Engine) -> None:
    found = check(read_draft(SEEDS / "draft.md"), partial(seed_engine.ask, explain=True))
    told = {(each.words, each.source_words) for one in found.statements for each in one.differences}
    assert told == {
        ("50th anniversary", "75 years"),
        ("75 years", "50th anniversary"),
        ("four", "three"),
        ("October 28, 1956", "October 28, 1965"),
        ("September 5, 1963", "September 5, 1962"),
    }
