"""A disk that is full: what is there goes on answering, what is kept is said."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from conftest import MakeEngine, add, local_client, qa_command, qa_environment
from consistency import check_indexes, held
from disks import fill, mounted, no_room, without_room
from generated import corpus, paragraphs

from api.app import create_app
from index.errors import IndexesUnusable, LibraryFull

QUESTION = paragraphs(2, seed=1)[1][:200]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus(tmp_path_factory.mktemp("sources") / "folder", 3, 2)


@pytest.fixture
def library(sources: Path, tiny_model: Path, make_engine: MakeEngine, tmp_path: Path) -> Path:
    with closing(make_engine(tmp_path / "library", model=str(tiny_model))) as engine:
        add(engine, sources)
        engine.ask(QUESTION)  # the model is in the cache from here on
    return tmp_path / "library"


def run_full(library: Path, cache: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        without_room(qa_command(*command)),
        capture_output=True,
        text=True,
        env=qa_environment(library, cache),
        check=False,
    )


def test_questions_are_answered_on_a_full_disk(library: Path, cache: Path) -> None:
    for command in (("ask", QUESTION), ("status",)):
        done = run_full(library, cache, *command)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_command_without_room_changes_nothing_and_says_so(
    library: Path, cache: Path, tmp_path: Path
) -> None:
    before = held(library)
    added = corpus(tmp_path / "more", 1, 1)
    for command in (("add", added), ("remove", next(iter(before)))):
        done = run_full(library, cache, *command)
        assert done.returncode == LibraryFull.exit_status == 39
        assert "there is no room left on the disk" in done.stderr
        assert "was not" in done.stderr
        assert "Make room" in done.stderr
        assert "Traceback" not in done.stderr
    assert held(library) == before
    check_indexes(library)


def test_no_library_is_made_without_room(sources: Path, cache: Path, tmp_path: Path) -> None:
    done = run_full(tmp_path / "new", cache, "add", sources)
    assert done.returncode == 39
    assert "Traceback" not in done.stderr
    assert run_full(tmp_path / "new", cache, "status").returncode == 20


def test_a_disk_that_fills_up_in_a_change_leaves_everything_as_it_was(
    library: Path, make_engine: MakeEngine
) -> None:
    """Over HTTP: the change is refused, questions are answered, and room lets it be made."""
    engine = make_engine(library)
    client = local_client(create_app(engine))
    before = client.post("/v1/ask", json={"question": QUESTION}).json()
    doomed, *_ = client.get("/v1/documents").json()["documents"]
    with no_room(once_made=".making-"):
        told = client.delete(f"/v1/documents/{doomed['id']}")
        assert (told.status_code, told.json()["code"]) == (507, "library-full")
        assert "this was not" in told.json()["detail"]
        assert "room" in told.json()["remedy"]
        assert client.get(f"/v1/documents/{doomed['id']}").status_code == 200
        for question in (QUESTION, QUESTION[:150]):
            answer = client.post("/v1/ask", json={"question": question})
            assert answer.status_code == 200
            assert answer.json()["generation"] == before["generation"]
        assert client.get("/health").status_code == client.get("/ready").status_code == 200
    assert len(held(library)) == 3
    check_indexes(library)
    assert client.delete(f"/v1/documents/{doomed['id']}").status_code == 204
    assert engine.ask(QUESTION).generation == before["generation"] + 1
    check_indexes(library)


def test_an_add_that_runs_out_of_room_is_made_up_for_by_the_next(
    library: Path, make_engine: MakeEngine, tiny_model: Path, tmp_path: Path
) -> None:
    more = corpus(tmp_path / "more", 2, 2)
    before = held(library)
    engine = make_engine(library, model=str(tiny_model))
    with no_room(once_made=".making-"), pytest.raises(LibraryFull, match="this was not"):
        add(engine, more)
    assert held(library) == before
    assert len(add(engine, more).added) == 2
    check_indexes(library)


def test_a_notebook_without_room_stays_as_it_was(library: Path, make_engine: MakeEngine) -> None:
    client = local_client(create_app(make_engine(library)))
    before = client.put("/v1/notebooks/a", json={"title": "Before", "passages": []}).json()
    long = {"document_id": 1, "sha256": "0" * 64, "start": 0, "end": 1, "quote": "x" * 20_000}
    with no_room():
        told = client.put("/v1/notebooks/a", json={"passages": [long] * 40})
        assert (told.status_code, told.json()["code"]) == (507, "library-full")
        assert client.get("/v1/notebooks/a").json() == before
    assert client.put("/v1/notebooks/a", json={"passages": [long] * 40}).status_code == 200


def test_what_is_sent_without_room_is_not_acknowledged(
    library: Path, make_engine: MakeEngine
) -> None:
    client = local_client(create_app(make_engine(library)))
    client.post("/v1/sync")  # so that there are jobs
    text = {"name": "a.txt", "text": "The harbour was opened."}
    with no_room():
        for sent in (
            client.post("/v1/documents", json=text),
            client.post("/v1/documents", files={"file": ("a.txt", b"The harbour was opened.")}),
            client.post("/v1/sync"),
        ):
            assert (sent.status_code, sent.json()["code"]) == (507, "library-full"), sent.text
            assert "room" in sent.json()["remedy"]
        assert len(client.get("/v1/jobs").json()["jobs"]) == 1
    assert not list((library / "uploads").glob("*"))
    assert client.post("/v1/documents", json=text).status_code == 202


def test_without_indexes_and_without_room_it_is_said(
    library: Path, make_engine: MakeEngine
) -> None:
    shutil.rmtree(library / "derived")
    client = local_client(create_app(make_engine(library)))
    with no_room():
        for told in (client.post("/v1/ask", json={"question": QUESTION}), client.get("/ready")):
            assert (told.status_code, told.json()["code"]) == (503, "indexes-unusable")
        assert client.get("/health").status_code == 200
        assert client.get("/v1/documents").status_code == 200
    with closing(make_engine(library)) as opened:
        assert opened.ask(QUESTION).passages
    check_indexes(library)


def test_indexes_that_cannot_be_written_are_not_tried_with_every_question(
    library: Path, make_engine: MakeEngine
) -> None:
    shutil.rmtree(library / "derived")
    engine = make_engine(library)
    with no_room(), pytest.raises(IndexesUnusable):
        engine.ask(QUESTION)
    with pytest.raises(IndexesUnusable):  # though there is room by now
        engine.ask(QUESTION)
    assert not list((library / "derived").iterdir())


def test_a_small_file_system_that_is_full(
    library: Path, make_engine: MakeEngine, tiny_model: Path, tmp_path: Path
) -> None:
    with mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=2m", "tmpfs") as may:
        if not may:
            pytest.skip("needs the right to mount")
        shutil.copytree(library, small := tmp_path / "small" / "library")
        before = held(small)
        filling = fill(small.parent)
        with closing(make_engine(small, model=str(tiny_model))) as engine:
            answer = engine.ask(QUESTION)
            with pytest.raises(LibraryFull):
                add(engine, corpus(tmp_path / "more", 2, 2))
            assert engine.ask(QUESTION[:150]).passages
        assert held(small) == before
        with closing(make_engine(small)) as engine:  # nothing beside the catalog, as after a crash
            assert engine.ask(QUESTION) == answer
        filling.unlink()
        with closing(make_engine(small, model=str(tiny_model))) as engine:
            assert len(add(engine, tmp_path / "more").added) == 2
        check_indexes(small)
