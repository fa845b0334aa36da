"""What a check of seeds/draft.md must find, worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

SEEDS = Path(__file__).parent.parent / "seeds"
DRAFT = SEEDS / "draft.md"

Verdict = Literal["exact", "normalised", "altered", "not_found"]


@dataclass(frozen=True, slots=True)
class Expected:
    """A quotation of the draft, with a space where the draft has a line end."""

    text: str
    verdict: Verdict
    seed: str | None = None
    """The number its file begins with."""
    words: str | None = None
    """In the source, verbatim; of an altered quotation what it was taken from."""
    rules: tuple[str, ...] = ()
    changes: tuple[tuple[str, str], ...] = ()
    """Words in the draft and in the source; one side may be empty."""
    omitted: str | None = None
    inserted: str | None = None
    names: tuple[tuple[str, bool | None], ...] = ()
    """Speakers the draft names, and whether the source bears it out."""
    block: bool = False
    nested: bool = False

    @property
    def path(self) -> Path | None:
        """Of the source."""
        return seed_path(self.seed) if self.seed else None

    @property
    def span(self) -> tuple[int, int] | None:
        """In the source's canonical text, which is the file's."""
        if self.seed is None or self.words is None:
            return None
        text = seed_text(self.seed)
        assert text.count(self.words) == 1
        start = text.index(self.words)
        return start, start + len(self.words)


@dataclass(frozen=True, slots=True)
class ExpectedDifference:
    """A statement of the draft's own prose, and what a seed says of the same thing."""

    sentence: str
    """Of the draft, without line ends."""
    kind: Literal["number", "date"]
    draft: str
    """Within the sentence."""
    seed: str
    source: str
    """Within `passage`."""
    passage: str
    """Words of the seed, which stand there once."""


@cache
def seed_path(number: str) -> Path:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return path


@cache
def seed_text(number: str) -> str:
    return seed_path(number).read_text(encoding="utf-8")


YEARS = (
    "75 years have passed since the Democratic Republic of Vietnam (now the Socialist Republic of "
    "Vietnam) and the DPRK officially established diplomatic relations on January 31, 1950."
)
SUPPORT = "It provided significant political and material support"
BLOCK = (
    "In addition, cooperation in culture, sports, and people-to-people exchanges has also been "
    "fostered, helping deepen the two peoples' understanding of the traditional friendship."
)
BOTH_SIDES = (
    "both sides agreed to continue promoting high-level contacts and visits between their Parties, "
    "States, and peoples"
)
READY = "Việt Nam stands ready to share its experiences with the DPRK on economic renovation"
CORNERSTONE = "thus having laid valuable cornerstone of bilateral relations of friendship"
WALK = "Laos - Vietnam walk together on the path of development"
LEADERS = (
    "He met with many party and state leaders and delegates from socialist countries on their "
    "visit to the Democratic People’s Republic of Korea and clarified his views on developing the "
    "socialist movement."
)

QUOTATIONS = (
    Expected(YEARS, "exact", "002", YEARS, names=(("Le Ba Vinh", True),)),
    Expected(
        SUPPORT.replace("It ", "It [the DPRK] "), "exact", "002", SUPPORT, inserted="the DPRK"
    ),
    Expected(
        "humanitarian assistance to the DPRK on multiple occasions, including many tens of "
        "thousands of tonnes of rice",
        "altered",
        "002",
        "humanitarian assistance to the DPRK on multiple occasions, including tens of thousands of "
        "tonnes of rice",
        changes=(("many", ""),),
    ),
    Expected("Rice was worth more to us than any promise that winter.", "not_found"),
    Expected(BLOCK, "exact", "002", BLOCK, names=(("Le Ba Vinh", True),), block=True),
    Expected(
        "the Vietnam–DPRK relationship will continue to grow and thrive",
        "normalised",
        "002",
        "the Vietnam – DPRK relationship will continue to grow and thrive",
        rules=("dashes",),
    ),
    Expected(
        BOTH_SIDES.replace("both", "Both"),
        "normalised",
        "002",
        BOTH_SIDES,
        rules=("first-letter",),
    ),
    # The source gives these words to Lâm.
    Expected(READY, "exact", "004", READY, names=(("Kim Jong Un", False),)),
    Expected(
        "the DPRK wishes to work with Việt Nam in Party building and national development",
        "altered",
        "004",
        "the DPRK wishes to work closely with Việt Nam in Party building and national development",
        changes=(("", "closely"),),
        names=(("Kim", True),),
    ),
    Expected("Nobody in the hall dared to applaud before the interpreter did.", "not_found"),
    Expected(CORNERSTONE, "exact", "000", CORNERSTONE),
    Expected(
        "gave secret instruction with regard to the anti-U.S. struggle of Laos",
        "altered",
        "000",
        "gave valuable instruction with regard to the anti-U.S. struggle of Laos",
        changes=(("secret", "valuable"),),
    ),
    Expected(
        f"featured the article ‘{WALK}’ which hailed the Laos – Vietnam fighting alliance as a "
        "symbol of strong will and determination",
        "normalised",
        "003",
        f'featured the article "{WALK}" which hailed the Laos – Vietnam fighting alliance as a '
        "symbol of strong will and determination",
        rules=("quote-marks",),
    ),
    Expected(WALK, "exact", "003", WALK, nested=True),
    Expected(
        "gaining victory in two resistance wars against the American colonialists and the French "
        "imperialists",
        "altered",
        "003",
        "gaining victory in two resistance wars against the French colonialists and the American "
        "imperialists",
        changes=(("American", "French"), ("French", "American")),
    ),
    Expected("We shared one blanket, one lamp and no common tongue.", "not_found"),
    Expected(
        LEADERS.replace("and delegates", "…"), "exact", "001", LEADERS, omitted="and delegates"
    ),
    Expected("stole the world limelight", "exact", "001", "stole the world limelight"),
)
"""In the order in which they begin in the draft."""

DIFFERENCES = (
    ExpectedDifference(
        "Việt Nam and the DPRK mark the 50th anniversary of their diplomatic ties (1950–2025).",
        "number",
        "50th anniversary",
        "002",
        "75 years",
        "75 years have passed since the Democratic Republic of Vietnam",
    ),
    ExpectedDifference(
        "The DPRK is one of the first four countries to recognise and establish diplomatic ties "
        "with the Democratic Republic of Vietnam in early 1950.",
        "number",
        "four",
        "002",
        "three",
        "the DPRK is one of the first three countries",
    ),
    ExpectedDifference(
        "President Kim Il Sung had his first meeting with Comrade Kaysone Phomvihane on October "
        "28, 1956.",
        "date",
        "October 28, 1956",
        "000",
        "October 28, 1965",
        "On October 28, 1965 – 55 years ago – great President Kim Il Sung had the first meeting",
    ),
    ExpectedDifference(
        "Laos and Vietnam officially established diplomatic relations on September 5, 1963.",
        "date",
        "September 5, 1963",
        "003",
        "September 5, 1962",
        "officially established diplomatic relations on September 5, 1962",
    ),
)
"""Each sentence stands in the draft's own prose. The seeds disagree on the first: 004 has it as in
the draft, "the 50th anniversary of diplomatic ties between Việt Nam and the DPRK (1950–2025)"."""
