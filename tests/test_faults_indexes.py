"""Indexes that are damaged: nothing crashes, nothing is answered wrongly, all is made anew."""

from __future__ import annotations

import resource
import shutil
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from conftest import MakeEngine, add, local_client, write
from consistency import check_indexes
from generated import corpus, paragraphs, text

from api.app import create_app
from index.derived import damaged
from index.types import PassageId
from index.vectors import VectorIndex

QUESTION = paragraphs(2, seed=1)[1][:200]
ANOTHER = paragraphs(2, seed=2)[0][:200]
DIMENSION = 32


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, cache: Path) -> Path:
    from qa.engine import Engine
    from qa.settings import Settings

    folder = tmp_path_factory.mktemp("sound")
    settings = Settings(folder / "library", cache=cache, device="cpu", model=str(tiny_model))
    with closing(Engine(settings)) as engine:
        add(engine, corpus(folder / "folder", 3, 2))
    return folder / "library"


@pytest.fixture
def library(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "library"))


def faiss_file(path: Path, passages: int = 50) -> bytearray:
    vectors = np.random.default_rng(1).standard_normal((passages, DIMENSION)).astype(np.float16)
    index = VectorIndex.empty(DIMENSION)
    index.add([PassageId(n) for n in range(1, passages + 1)], vectors)
    index.save(path)
    return bytearray(path.read_bytes())


@pytest.mark.parametrize(
    "length",
    [struct.pack("<Q", 50 * 2 * DIMENSION), struct.pack("<QQ", 50, 1)],
    ids=["codes", "ids"],
)
def test_a_length_that_a_damaged_file_states_is_not_believed(length: bytes, tmp_path: Path) -> None:
    """FAISS alone would take gigabytes, and fill them."""
    data = faiss_file(tmp_path / "vectors")
    at = bytes(data).index(length)
    data[at : at + 8] = struct.pack("<Q", 2**31)
    (tmp_path / "vectors").write_bytes(data)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(OSError, match="FAISS"):
        VectorIndex.load(tmp_path / "vectors")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kilobytes


def test_no_flipped_byte_of_a_header_is_taken_for_an_index_of_ours(tmp_path: Path) -> None:
    """What still opens is searched as ever, without an error."""
    data = faiss_file(tmp_path / "vectors")
    query = np.ones(DIMENSION, np.float32) / DIMENSION**0.5
    for at in range(130):
        for value in (0x00, 0x01, 0x55, 0xFF):
            changed = data.copy()
            changed[at] = value
            (tmp_path / "vectors").write_bytes(changed)
            try:
                index = VectorIndex.load(tmp_path / "vectors")
            except OSError:
                continue
            assert len(index) == 50
            assert len(index.search(query, 10)) == 10


def test_an_index_of_another_kind_is_not_ours(tmp_path: Path) -> None:
    import faiss

    for other in (faiss.IndexFlatIP(DIMENSION), faiss.IndexIDMap2(faiss.IndexFlatIP(DIMENSION))):
        faiss.write_index(other, str(tmp_path / "vectors"))
        with pytest.raises(OSError, match="ours"):
            VectorIndex.load(tmp_path / "vectors")


def overwritten(suffix: str) -> Callable[[Path], None]:
    """In place, and of the same size, as a failing disk does it."""

    def damage(library: Path) -> None:
        file = next((library / "derived" / "1" / "lexical").glob(f"*.{suffix}"))
        with file.open("r+b") as opened:
            opened.write(b"\xff" * (file.stat().st_size - 100))

    return damage


def deleted(library: Path) -> None:
    shutil.rmtree(library / "derived")


@pytest.mark.parametrize("damage", [overwritten("idx")], ids=["idx"])
def test_damage_met_while_serving_is_mended_and_the_question_answered(
    damage: Callable[[Path], None],
    sound: Path,
    library: Path,
    make_engine: MakeEngine,
    caplog: pytest.LogCaptureFixture,
) -> None:
    expected = make_engine(sound).ask(ANOTHER)
    client = local_client(create_app(make_engine(library)))
    assert client.post("/v1/ask", json={"question": QUESTION}).status_code == 200
    damage(library)
    assert damaged(library, 1)
    answer = client.post("/v1/ask", json={"question": ANOTHER})
    assert answer.status_code == 200
    found = [one["citation"]["quote"] for one in answer.json()["passages"]]
    assert found == [one.citation.quote for one in expected.passages]
    assert not damaged(library, 1)
    (told,) = (one for one in caplog.messages if "damaged" in one)
    assert ".idx" in told  # who runs it for years should know
    check_indexes(library)


@pytest.mark.parametrize("damage", [overwritten("idx"), overwritten("fast")], ids=["idx", "fast"])
def test_damage_that_a_new_process_meets_is_mended(
    damage: Callable[[Path], None], sound: Path, library: Path, make_engine: MakeEngine
) -> None:
    expected = make_engine(sound).ask(QUESTION)
    damage(library)
    assert make_engine(library).ask(QUESTION) == expected
    check_indexes(library)


def test_indexes_deleted_under_a_server_go_on_answering(
    library: Path, tiny_model: Path, make_engine: MakeEngine, tmp_path: Path
) -> None:
    engine = make_engine(library, model=str(tiny_model))
    client = local_client(create_app(engine))
    assert client.post("/v1/ask", json={"question": QUESTION}).status_code == 200
    deleted(library)
    assert client.post("/v1/ask", json={"question": ANOTHER}).json()["passages"]
    assert client.get("/ready").status_code == 200
    add(engine, write(tmp_path / "more", new=text(1, seed=70)))
    assert client.post("/v1/ask", json={"question": QUESTION}).json()["generation"] == 2
    check_indexes(library)


def test_a_question_about_damage_that_is_none_is_not_asked_for_ever(
    library: Path, make_engine: MakeEngine
) -> None:
    """Sound indexes are left alone, however often they are to be mended."""
    engine = make_engine(library)
    engine.ask(QUESTION)
    before = (library / "derived" / "1" / "vectors.faiss").stat().st_ino
    engine.mend_indexes()
    assert (library / "derived" / "1" / "vectors.faiss").stat().st_ino == before
    assert engine.ask(ANOTHER).passages
