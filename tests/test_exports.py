"""Passages taken along over HTTP as a file, each read back by who reads such files."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import pytest
import rispy
from bibtexparser import parse_string
from conftest import local_client
from http_problems import problem

from api.app import create_app
from api.export_schemas import MAX_EXPORTED, FormatName, StyleName
from index.readers import docx as docx_reader
from qa.checking.drafts.draft import draft_of
from qa.checking.types import MIN_WORDS
from qa.citing import STYLES, collected
from qa.citing.saved import read_saved
from qa.citing.styles import in_texts, reference_list
from qa.engine import Engine
from qa.types import Chosen

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

TITLE = "Friends & <neighbours>"
NOTE = "For *the* introduction.\n\n<!-- quaere: {} --> More [^1]."
PLACES = [(1, 185, 217), (3, 1, 568), (1, 65, 101), (3, 1, 568)]
"""Document, start and end; the last one a second time."""


@pytest.fixture(scope="module")
def client(seed_engine: Engine) -> TestClient:
    return local_client(create_app(seed_engine))


def chosen(**more: Any) -> list[dict[str, Any]]:
    found = [{"document_id": id_, "start": start, "end": end} for id_, start, end in PLACES]
    found[0] |= {"note": NOTE, **more}
    return found


def exported(client: TestClient, format_: str, **more: Any) -> Any:
    body = {"format": format_, "title": TITLE, "passages": chosen()} | more
    reply = client.post("/v1/exports", json=body)
    assert reply.status_code == 200, reply.text
    return reply


def quotes(engine: Engine) -> list[str]:
    return [engine.text(id_, start, end) for id_, start, end in PLACES]  # type: ignore[arg-type]


def test_what_is_offered_is_what_there_is() -> None:
    assert FormatName.__args__ == tuple(collected.FORMATS)  # type: ignore[attr-defined]
    assert StyleName.__args__ == STYLES  # type: ignore[attr-defined]


@pytest.mark.parametrize("format_", list(collected.FORMATS))
def test_it_comes_as_a_file_with_a_name(client: TestClient, format_: str) -> None:
    reply = exported(client, format_)
    known = collected.FORMATS[format_]
    assert reply.headers["content-type"] == known.media_type
    name = f"Friends%20%26%20neighbours{known.suffix}"
    assert reply.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert reply.headers["x-content-type-options"] == "nosniff"
    unnamed = exported(client, format_, title=None).headers["content-disposition"]
    assert unnamed.endswith(f"quotations{known.suffix}")


def test_markdown_is_what_an_audit_reads_back(
    client: TestClient, seed_engine: Engine, tmp_path: Path
) -> None:
    written = exported(client, "markdown").text
    (tmp_path / "notes.md").write_text(written, encoding="utf-8")
    saved = read_saved(tmp_path / "notes.md")
    assert [one.quote for one in saved] == quotes(seed_engine)[:3]  # each once
    assert [found.verdict for found in seed_engine.audit(saved)] == ["intact"] * 3


def test_markdown_has_each_quotation_in_order_with_its_note_and_verifies(
    client: TestClient, seed_engine: Engine
) -> None:
    written = exported(client, "markdown").text
    assert written.startswith("# Friends \\& \\<neighbours\\>\n")
    assert "For \\*the\\* introduction.\n\n\\<\\!-- quaere\\: \\{\\} --\\>" in written
    found = seed_engine.verify(draft_of(written, markdown=True), MIN_WORDS).quotations
    assert {str(one.verdict) for one in found} <= {"exact", "normalised"}
    assert [one.citation and one.citation.document.id for one in found] == [1, 3, 1, 3]


@pytest.mark.parametrize("style", STYLES)
def test_notes_and_references_are_in_the_style(
    client: TestClient, seed_engine: Engine, style: str
) -> None:
    cited = seed_engine.cite_all([Chosen(*place) for place in PLACES])  # type: ignore[arg-type]
    written = exported(client, "markdown", style=style).text
    notes = [line.partition(": ")[2] for line in written.splitlines() if line.startswith("[^")]
    wanted = in_texts(cited, style, "markdown")
    assert [note.partition(" <!--")[0] for note in notes] == wanted[:3]
    listed = written.partition("## References\n\n")[2].split("\n\n")[:2]
    assert listed == reference_list(cited, style, "markdown")
    if style == "ieee":
        assert [note[:3] for note in wanted] == ["\\[1", "\\[2", "\\[1", "\\[2"]


def test_a_word_document_has_quotations_and_real_footnotes(
    client: TestClient, seed_engine: Engine
) -> None:
    data = exported(client, "docx", style="mla").content
    document = docx.Document(io.BytesIO(data))
    assert document.core_properties.title == TITLE
    assert document.paragraphs[0].text == TITLE
    quoted = [one.text for one in document.paragraphs if one.style and one.style.name == "Quote"]
    wanted = [" ".join(one.split()) for one in quotes(seed_engine)]
    assert " ".join(quoted) == " ".join(wanted)
    assert any(one.text == "For *the* introduction." for one in document.paragraphs)
    assert document.element.xpath("//w:footnoteReference/@w:id") == ["1", "2", "3", "4"]

    read = docx_reader.read(Path("notes.docx"), data)
    cited = seed_engine.cite_all([Chosen(*place) for place in PLACES])  # type: ignore[arg-type]
    parts = [mark for mark in read.marks if mark.kind == "part" and mark.label]
    assert [mark.label for mark in parts] == [f"footnote {one}" for one in (1, 2, 3, 4)]
    for mark, note in zip(parts, in_texts(cited, "mla"), strict=True):
        assert read.text[mark.start :].strip().startswith(note)


def test_characters_that_xml_cannot_hold_are_left_out(client: TestClient) -> None:
    data = exported(client, "docx", passages=chosen(note="a\x00\x0b\x1fb\ufffe"), title="\x01T")
    document = docx.Document(io.BytesIO(data.content))
    assert document.paragraphs[0].text == "T"
    assert any(one.text == "ab" for one in document.paragraphs)


def test_bibliographies_have_each_source_once_with_its_words(
    client: TestClient, seed_engine: Engine
) -> None:
    assert len(parse_string(exported(client, "bibtex").text).entries) == 2
    items = json.loads(exported(client, "csl-json").content)
    assert [[one["quote"] for one in item["custom"]["quaere"]] for item in items] == [
        [quotes(seed_engine)[0], quotes(seed_engine)[2]],
        [quotes(seed_engine)[1]] * 2,
    ]
    assert len(rispy.loads(exported(client, "ris").text)) >= 2


def test_other_words_than_were_collected_are_never_exported(
    client: TestClient, seed_engine: Engine
) -> None:
    exported(client, "markdown", passages=chosen(quote=quotes(seed_engine)[0]))
    body = {"format": "markdown", "passages": chosen(quote="eminent leader of the Thai people")}
    told = problem(client, 409, "POST", "/v1/exports", json=body)
    assert told["code"] == "words-changed"


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"document_id": 77, "start": 0, "end": 5}, 404),
        ({"document_id": 1, "start": 0, "end": 10**9}, 422),
        ({"document_id": 1, "start": 5, "end": 5}, 422),
        ({"document_id": 1, "start": 0}, 422),
        ({"document_id": 1, "start": 0, "end": 5, "words": "x"}, 422),
    ],
    ids=["document", "behind", "empty", "open", "unknown"],
)
def test_what_cannot_be_cited_is_refused(
    client: TestClient, wrong: dict[str, Any], status: int
) -> None:
    body = {"format": "ris", "passages": [*chosen(), wrong]}
    problem(client, status, "POST", "/v1/exports", json=body)


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": "pdf"},
        {"style": "bibtex"},
        {"passages": []},
        {"passages": chosen()[:1] * (MAX_EXPORTED + 1)},
        {"title": "x" * 301},
        {"title": "\ud800"},
    ],
    ids=["format", "style", "none", "many", "title", "half"],
)
def test_what_is_no_export_is_refused(client: TestClient, wrong: dict[str, Any]) -> None:
    body = json.dumps({"format": "ris", "passages": chosen()} | wrong)
    headers = {"content-type": "application/json"}
    told = problem(client, 422, "POST", "/v1/exports", content=body, headers=headers)
    assert told["code"] == "request-invalid"
