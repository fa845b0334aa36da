"""`qa cite` and `qa ask --style`, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bibtexparser import parse_string
from conftest import RunQa, qa_environment

from index.errors import PassageMissing
from qa.citing import ALL_STYLES, EXPORTS, STYLES, all_formatted, references
from qa.engine import Engine
from qa.types import Citation

QUESTION = "Who visited Pyongyang?"


@pytest.fixture
def on_seeds(seed_library: Path, cache: Path) -> dict[str, str]:
    return qa_environment(seed_library, cache)


@pytest.fixture
def cited(seed_engine: Engine) -> list[Citation]:
    return [found.citation for found in seed_engine.ask(QUESTION).passages]


def test_passages_are_cited_by_the_ids_an_answer_shows(
    run_qa: RunQa, on_seeds: dict[str, str], seed_engine: Engine
) -> None:
    shown = run_qa("ask", QUESTION, "-k", "2", environment=on_seeds).stdout
    ids = [line.split()[-1] for line in shown.splitlines() if line.startswith("[")]
    done = run_qa("cite", *ids, "--style", "apa", environment=on_seeds)
    assert done.stdout == all_formatted([seed_engine.cite(id_) for id_ in ids], "apa")
    assert (done.stderr, done.returncode) == ("", 0)


def test_an_unknown_id_has_a_remedy_and_a_status(run_qa: RunQa, on_seeds: dict[str, str]) -> None:
    done = run_qa("cite", "0123456789abcdef", environment=on_seeds)
    assert done.returncode == PassageMissing.exit_status
    assert "qa ask --format json" in done.stderr


def test_an_answer_ends_with_its_sources_each_once(
    run_qa: RunQa, on_seeds: dict[str, str], cited: list[Citation]
) -> None:
    done = run_qa("ask", QUESTION, "--style", "apa", environment=on_seeds)
    _, _, listed = done.stdout.partition("\n\nSources\n\n")
    assert listed.strip().split("\n\n") == references(cited, "apa")
    done = run_qa("ask", QUESTION, "--style", "apa", "--format", "json", environment=on_seeds)
    assert json.loads(done.stdout)["references"] == references(cited, "apa")


@pytest.mark.parametrize("style", ALL_STYLES)
def test_every_style_lists_each_document_once(cited: list[Citation], style: str) -> None:
    documents = {one.document.id for one in cited}
    assert len(documents) < len(cited)
    listed = references(cited, style)
    assert len(listed) == len(set(listed)) == len(documents)


def test_sources_of_a_format_come_in_the_answers_order(cited: list[Citation]) -> None:
    first = list({one.document.id: None for one in cited})
    shown = references(cited, "ris")
    by_key = {references([one], "ris")[0]: one.document.id for one in reversed(cited)}
    assert [by_key[entry] for entry in shown] == first


def test_several_passages_of_a_document_are_one_entry_in_bibtex_and_csl(
    cited: list[Citation],
) -> None:
    documents = {one.document.id for one in cited}
    entries = parse_string(all_formatted(cited, "bibtex")).entries
    assert len(entries) == len(json.loads(all_formatted(cited, "csl-json"))) == len(documents)


def test_styles_and_formats_have_names_of_their_own() -> None:
    assert len(set(ALL_STYLES)) == len(STYLES) + len(EXPORTS)
