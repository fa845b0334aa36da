"""Citations saved to a file are read back, whatever has happened to the file since."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.errors import CitationsInvalid
from qa.citing import saved as saved_module
from qa.citing.exports import markdown_footnote
from qa.citing.saved import SavedCitation, read_saved
from qa.engine import Engine
from qa.rendering import answer_as_json

SHA256 = "ab" * 32

in_place = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
prose = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@st.composite
def fields(draw: st.DrawFn) -> dict[str, Any]:
    """What identifies a citation, as it stands in the comment of a note."""
    start = draw(st.integers(0, 10_000))
    return {
        "id": draw(texts),
        "path": draw(texts.filter(str.strip)),
        "sha256": SHA256,
        "start": start,
        "end": start + draw(st.integers(1, 500)),
        "quote": draw(texts.filter(str.strip)),
        "prefix": draw(texts),
        "suffix": draw(texts),
    }


def citation(**fields: Any) -> dict[str, Any]:
    """A citation as our JSON has it, with what does not matter here left out."""
    known = {"id": "931c04eb13e0c20c", "start": 4, "end": 8, "quote": "rain"} | fields
    source = {"id": 1, "path": known.pop("path", "/a.txt"), "sha256": known.pop("sha256", SHA256)}
    around = {name: known.pop(name, "") for name in ("prefix", "suffix")}
    quoted = {"type": "TextQuoteSelector", "exact": known["quote"]} | around
    places = {"type": "TextPositionSelector", "start": known["start"], "end": known["end"]}
    return known | {"document": source, "selectors": [quoted, places]}


def note(fields: dict[str, Any]) -> str:
    """The comment that a Markdown note ends with, as `qa.citing.exports` writes it."""
    written = json.dumps(fields, ensure_ascii=False)
    for text, escaped in {"<": r"\u003c", ">": r"\u003e", "--": r"\u002d\u002d"}.items():
        written = written.replace(text, escaped)
    return f"<!-- quaere: {written} -->"


def saved_as(folder: Path, text: str, name: str = "saved") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def read(folder: Path, value: object) -> list[SavedCitation]:
    return read_saved(saved_as(folder, json.dumps(value)))


def bare(saved: SavedCitation) -> dict[str, Any]:
    kept = asdict(saved)
    return {name: kept[name] for name in kept if name not in {"line", "pointer", "damage"}}


def test_an_answer_as_ask_prints_it_gives_every_citation(
    seed_engine: Engine, tmp_path: Path
) -> None:
    answer = seed_engine.ask("Who visited Pyongyang?")
    cited = [c for p in answer.passages for c in (p.citation, *p.also_at)]
    found = read_saved(saved_as(tmp_path, answer_as_json(answer), "answer.json"))
    assert [(s.id, s.path, s.sha256, s.start, s.end, s.quote) for s in found] == [
        (c.id, c.document.path, c.document.sha256, c.start, c.end, c.quote) for c in cited
    ]
    assert [(s.prefix, s.suffix) for s in found] == [
        (c.selectors[0].prefix, c.selectors[0].suffix) for c in cited
    ]
    assert found[0].pointer == "/passages/0/citation"
    assert not any(s.damage for s in found)


def test_markdown_notes_that_we_write_give_the_same_citations(
    seed_engine: Engine, tmp_path: Path
) -> None:
    answer = seed_engine.ask("Who visited Pyongyang?")
    notes = [markdown_footnote(found.citation) for found in answer.passages]
    draft = saved_as(tmp_path, "# Draft\r\n\r\n" + "\n".join(notes).replace("\n", "\r\n"), "a.md")
    by_json = read_saved(
        saved_as(tmp_path, json.dumps([asdict(p.citation) for p in answer.passages]))
    )
    assert [bare(s) for s in read_saved(draft)] == [bare(s) for s in by_json]


@pytest.mark.parametrize(
    ("pattern", "pointers"),
    [
        ("ONE", [""]),
        ("[ONE, TWO]", ["/0", "/1"]),
        (
            '{"quotations": [{"citation": ONE, "elsewhere": [TWO]}]}',
            ["/quotations/0/citation", "/quotations/0/elsewhere/0"],
        ),
        ('{"a/b": {"~": ONE}, "z": TWO}', ["/a~1b/~0", "/z"]),
    ],
)
def test_citations_are_found_wherever_they_stand_in_json(
    pattern: str, pointers: list[str], tmp_path: Path
) -> None:
    one, two = json.dumps(citation()), json.dumps(citation(start=9, end=13))
    found = read_saved(saved_as(tmp_path, pattern.replace("ONE", one).replace("TWO", two)))
    assert [s.start for s in found] == [4, 9][: len(pointers)]
    assert [s.pointer for s in found] == pointers


def test_json_lines_name_the_line(tmp_path: Path) -> None:
    # U+2028 parts lines for some programs, and stands as it is in strings of JSON.
    lines = [citation(quote="ra\u2028in"), {"passages": [{"citation": citation()}]}, "cut short"]
    written = "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines)[:-3]
    found = read_saved(saved_as(tmp_path, written, "saved.jsonl"))
    assert [(s.line, s.pointer) for s in found] == [
        (1, ""),
        (3, "/passages/0/citation"),
        (5, None),
    ]
    assert found[0].quote == "ra\u2028in"
    assert found[2].damage == "the line is no JSON"


def test_a_citation_from_before_there_were_selectors_is_read(tmp_path: Path) -> None:
    old = citation()
    del old["selectors"]
    (found,) = read(tmp_path, old)
    assert (found.prefix, found.suffix, found.damage) == ("", "", None)


@in_place
@given(st.lists(fields(), min_size=1, max_size=4), prose, st.sampled_from(["\n", "\r\n"]))
def test_notes_are_read_from_markdown_edited_around_them(
    tmp_path: Path, known: list[dict[str, Any]], around: str, newline: str
) -> None:
    around = around.replace("<", "").replace(">", "").lstrip("[{ \n")
    text = newline.join(f"{around}[^{n}]: {note(one)} {around}" for n, one in enumerate(known))
    found = read_saved(saved_as(tmp_path, f"# Mine{newline}{text}", "draft.md"))
    assert [bare(s) for s in found] == known
    assert found[0].damage is None
    assert found[0].line == 2 + around.count("\n")


@in_place
@given(st.lists(fields(), min_size=1, max_size=4))
def test_json_gives_back_what_was_saved(tmp_path: Path, known: list[dict[str, Any]]) -> None:
    assert [bare(s) for s in read(tmp_path, [citation(**one) for one in known])] == known


def test_what_an_editor_does_to_a_comment_is_undone_or_told(tmp_path: Path) -> None:
    whole = bare(read(tmp_path, citation(quote="rain fell in Busan", end=22))[0])
    good = note(whole)
    undone = [
        good.replace("rain fell", "rain\n> fell"),
        good.replace("rain fell", "rain  \r\n\tfell"),
        good.replace("-->", "—>"),
        good.replace("<!-- quaere", "<!—\nquaere"),
        good.replace("<!--", r"\<!--"),
    ]
    told = [
        good.replace('"quote"', "“quote”"),
        good[:60] + good[-4:],
        good[:60],
        good.replace("<", "&lt;").replace('"', "&quot;"),
        good.replace("{", r"\{"),
        "<!-- quaere: -->",
        note({**whole, "quote": ""}),
        note({name: whole[name] for name in whole if name != "sha256"}),
    ]
    text = "[A link](b) before.\n\n" + "\n\n".join([*undone, *told, good, "The end -->"])
    found = read_saved(saved_as(tmp_path, text, "draft.md"))
    assert [bool(s.damage) for s in found] == [False] * 5 + [True] * 8 + [False]
    assert all(bare(s) == whole for s in found if not s.damage)
    assert found[5].line == text[: text.index("“quote”")].count("\n") + 1
    assert found[-2].damage == '"sha256" is missing'


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_that_windows_wrote_is_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(json.dumps(citation(quote="Regen für Köln")).encode(encoding))
    assert read_saved(path)[0].quote == "Regen für Köln"


WRONG = [
    {"start": -1},
    {"end": 3},
    {"start": 4, "end": 4},
    {"start": True},
    {"start": 4.0},
    {"start": "4"},
    {"end": 10**30},
    {"end": None},
    {"sha256": "ab12"},
    {"sha256": None},
    {"path": ["/a.txt"]},
    {"path": ""},
    {"quote": 7},
    {"quote": " \n"},
    {"quote": "half \ud83d"},
    {"quote": "a" * 20_001},
    {"prefix": {}},
    {"suffix": "\udcff"},
    {"id": 3},
]


@pytest.mark.parametrize("fields", WRONG, ids=lambda fields: repr(fields)[:30])
def test_a_citation_with_a_wrong_value_is_told(fields: dict[str, Any], tmp_path: Path) -> None:
    good, damaged = read(tmp_path, [citation(), citation(**fields)])
    assert good.damage is None
    assert damaged.damage
    assert damaged.place == "/1"
    assert 0 <= damaged.start <= saved_module.MAX_OFFSET
    asdict(damaged)["quote"].encode()


@pytest.mark.parametrize("name", ["id", "start", "end"])
def test_a_citation_with_a_value_missing_is_told(name: str, tmp_path: Path) -> None:
    less = citation()
    del less[name]
    assert read(tmp_path, [citation(), less])[1].damage == f'"{name}" is missing'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no citation is in it"),
        (b"A letter.", "no citation is in it"),
        (b"{}", "no citation is in it"),
        (b'["quote", "document"]', "no citation is in it"),
        (b'{"passages": [\n {"quote": 1,\n', r"saved:3: this is no JSON"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"start": ' + b"9" * 5000 + b"}", "this is no JSON"),
        (b"\x00\x01 quaere", "binary"),
        (b"<!-- quaere: {} -->", r'line 1: "id" is missing'),
        (b'[{"quote": 1, "document": 2}]', r'/0: "id" is missing'),
    ],
)
def test_a_file_without_a_citation_says_what_to_do(
    content: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "saved"
    path.write_bytes(content)
    with pytest.raises(CitationsInvalid, match=said) as raised:
        read_saved(path)
    assert raised.value.exit_status == 66
    assert raised.value.remedy


def test_a_file_that_cannot_be_read_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CitationsInvalid, match="not there"):
        read_saved(tmp_path / "none.json")
    with pytest.raises(CitationsInvalid, match="not a regular file"):
        read_saved(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CitationsInvalid, match="not a regular file"):
        read_saved(tmp_path / "pipe")
    monkeypatch.setattr(saved_module, "MAX_BYTES", 100)
    with pytest.raises(CitationsInvalid, match="larger"):
        read_saved(saved_as(tmp_path, " " * 101))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["quote", "document", "start", "end", "selectors", "path", "type", "id"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@in_place
@given(json_values)
def test_no_json_crashes_the_reading(tmp_path: Path, value: object) -> None:
    found = read(tmp_path, [citation(), {"quote": value, "document": value}, value])
    assert found[0].damage is None
    assert all(one.damage for one in found[1:])


PIECES = ["<!--", "quaere:", " ", "\n", "{", "}", "-->", '"', "\\{", '{"quote": "a"}', "[", ","]


@in_place
@example(["<!-- quaere: "] * 50_000)
@example(["<!-- quaere: {", '"'] * 20_000)
@example(["[{"] * 400)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_text_crashes_the_reading(tmp_path: Path, pieces: list[str]) -> None:
    with pytest.raises(CitationsInvalid):
        read_saved(saved_as(tmp_path, "".join(pieces)))
    text = f"Begun. {note(bare(read(tmp_path, citation())[0]))}\n{''.join(pieces)}"
    assert read_saved(saved_as(tmp_path, text))[0].damage is None
