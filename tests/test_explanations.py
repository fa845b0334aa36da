"""What a score is made of, and the cross-encoder that may change the order."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import MakeEngine, RunQa, local_client, qa_environment

from api.app import create_app
from index.encoder.reranker import Reranker
from index.errors import ModelMissing
from qa.answer import RERANKED
from qa.engine import Engine
from qa.fusion import SHARES

QUESTION = "Who visited Pyongyang?"


def test_the_parts_add_up_to_the_score(seed_engine: Engine) -> None:
    for one in seed_engine.ask(QUESTION, 20, explain=True).passages:
        assert one.explanation is not None
        assert [part.kind for part in one.explanation] == list(SHARES)
        assert sum(part.points for part in one.explanation) == pytest.approx(one.score, abs=1e-5)
        for part in one.explanation:
            assert 0 <= part.points <= SHARES[part.kind] + 1e-6
            assert part.rank >= 1


def test_ranks_follow_the_scores_of_their_kind(seed_engine: Engine) -> None:
    passages = seed_engine.ask(QUESTION, 20, explain=True).passages
    for place in range(len(SHARES)):
        parts = [one.explanation[place] for one in passages if one.explanation]
        ordered = sorted(parts, key=lambda part: part.rank)
        assert [part.score for part in ordered] == sorted((p.score for p in parts), reverse=True)


def test_nothing_is_explained_unasked(seed_engine: Engine) -> None:
    assert all(one.explanation is None for one in seed_engine.ask(QUESTION).passages)


def test_command_line_and_http_explain(
    run_qa: RunQa, seed_engine: Engine, seed_library: Path, cache: Path
) -> None:
    here = qa_environment(seed_library, cache)
    text = run_qa("ask", QUESTION, "-k", "1", "--explain", environment=here).stdout
    for kind in SHARES:
        assert kind.replace("_", " ") in text
    client = local_client(create_app(seed_engine))
    answer = client.post("/v1/ask", json={"question": QUESTION, "explain": True}).json()
    expected = seed_engine.ask(QUESTION, explain=True).passages[0].explanation
    assert expected is not None
    kinds = [part["kind"] for part in answer["passages"][0]["explanation"]]
    assert kinds == [part.kind for part in expected]


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cross-encoder")
    script = Path(__file__).parent / "make_tiny_model.py"
    subprocess.run([sys.executable, script, folder, "cross"], check=True)
    return folder


@pytest.mark.slow
def test_a_cross_encoder_orders_the_first_passages(
    make_engine: MakeEngine, seed_engine: Engine, seed_library: Path, cross_encoder: Path
) -> None:
    before = seed_engine.ask(QUESTION, RERANKED + 5).passages
    engine = make_engine(seed_library, reranker=str(cross_encoder))
    after = engine.ask(QUESTION, RERANKED + 5, explain=True).passages
    quotes = [one.citation.quote for one in before[:RERANKED]]
    scores = Reranker(str(cross_encoder), "cpu").scores(QUESTION, quotes)
    expected = [quotes[n] for n in sorted(range(RERANKED), key=lambda n: -scores[n])]
    assert [one.citation.quote for one in after[:RERANKED]] == expected
    assert expected != quotes  # random weights: the order is another
    assert [one.citation for one in after[RERANKED:]] == [one.citation for one in before[RERANKED:]]
    assert after[0].explanation is not None
    assert after[0].explanation[-1].kind == "reranker"
    assert after[0].score == pytest.approx(max(scores))


@pytest.mark.slow
def test_the_command_line_takes_a_cross_encoder(
    run_qa: RunQa, seed_library: Path, cache: Path, cross_encoder: Path
) -> None:
    here = qa_environment(seed_library, cache)
    plain = run_qa("ask", QUESTION, "--format", "json", environment=here)
    done = run_qa(
        "ask", QUESTION, "--format", "json", "--reranker", cross_encoder, environment=here
    )
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["passages"]) == 5
    assert done.stdout != plain.stdout


def test_a_folder_that_holds_no_cross_encoder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=str(tmp_path)):
        Reranker(str(tmp_path), "cpu")
