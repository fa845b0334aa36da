"""Damage of every kind is found; what can be mended is, and the answers are as they were."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import numpy as np
import pytest
from conftest import MakeEngine, RunQa, add, write
from consistency import check_indexes, held
from generated import corpus, text

from index import derived, library, records
from index.catalog import Catalog
from index.changes import PassageChanges
from index.doctor import Diagnosis, examine, repair
from index.errors import LibraryDamaged, LibraryLocked, LibraryMissing
from index.lexical import LexicalIndex, inverted
from index.library import Library
from index.types import Metadata, PassageId
from qa.engine import Engine
from qa.settings import Settings

FILES, PASSAGES = 6, 10
QUESTION = "ab ba al la"
UNSOUND, DAMAGED = 27, 24


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus(tmp_path_factory.mktemp("doctor") / "documents", FILES, PASSAGES)


@pytest.fixture(scope="module")
def sound_library(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, cache: Path, documents: Path
) -> Path:
    """A sound library in two generations; tests take copies."""
    path = tmp_path_factory.mktemp("doctor") / "library"
    settings = Settings(library=path, cache=cache, device="cpu", model=str(tiny_model))
    with closing(Engine(settings)) as engine:
        add(engine, documents / "000.txt")
        add(engine, documents)
    return path


@pytest.fixture
def path(tmp_path: Path, sound_library: Path) -> Path:
    return shutil.copytree(sound_library, tmp_path / "library")


@pytest.fixture
def engine(path: Path, tiny_model: Path, make_engine: MakeEngine) -> Engine:
    return make_engine(path, model=str(tiny_model))


def change(path: Path, sql: str, *values: object) -> None:
    """Damage the catalog behind Quaere's back."""
    with closing(sqlite3.connect(path / "catalog.sqlite")) as connection, connection:
        assert connection.execute(sql, values).rowcount > 0


def exclaim(path: Path, where: str) -> None:
    """Change a document's full stops, in its text and its passages alike."""
    document = f"(SELECT id FROM documents WHERE {where})"
    change(path, f"UPDATE documents SET text = replace(text, '.', '!') WHERE id = {document}")
    change(
        path, f"UPDATE passages SET quote = replace(quote, '.', '!') WHERE document_id = {document}"
    )


def flip(path: Path, place: float = 0.5) -> None:
    """Change one byte of a file."""
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 0xFF
    path.write_bytes(data)


def found(path: Path, *, read_files: bool = False) -> set[str]:
    return {finding.code for finding in examine(path, read_files=read_files).findings}


def noted(path: Path, *, read_files: bool = False) -> set[str]:
    return {note.code for note in examine(path, read_files=read_files).notes}


def newest(path: Path) -> Path:
    return path / "derived" / str(derived.generations(path)[0])


def answers(engine: Engine) -> list[tuple[str, str]]:
    passages = engine.ask(QUESTION, limit=20).passages
    return [(passage.citation.id, passage.citation.quote) for passage in passages]


def test_a_sound_library_is_found_sound_and_all_of_it_is_looked_at(path: Path) -> None:
    passages = FILES * PASSAGES
    expected = Diagnosis((), (), FILES, passages, passages, passages, FILES)
    assert examine(path) == expected
    assert repair(path) == []


def test_an_empty_library_is_sound(engine: Engine, path: Path, documents: Path) -> None:
    engine.remove([documents])
    assert examine(path) == Diagnosis(())


def test_a_library_with_nothing_but_failures_is_sound(
    tmp_path: Path, tiny_model: Path, make_engine: MakeEngine
) -> None:
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, write(tmp_path / "documents", empty=""))
    assert examine(tmp_path / "library") == Diagnosis(())


SEVENTH = "WHERE id = (SELECT min(id) + 7 FROM passages WHERE document_id = 2)"
CATALOG_DAMAGE = {
    f"DELETE FROM passages {SEVENTH}": {"places-wrong", "ids-disagree"},
    f"UPDATE passages SET start = start - 5 {SEVENTH}": {
        "places-wrong",
        "quotes-wrong",
        "ids-wrong",
    },
    f'UPDATE passages SET "end" = 1000000 {SEVENTH}': {
        "places-wrong",
        "quotes-wrong",
        "ids-wrong",
    },
    f"UPDATE passages SET public_id = '0123456789abcdef' {SEVENTH}": {"ids-wrong"},
    f"UPDATE passages SET quote = 'It' || substr(quote, 3) {SEVENTH}": {
        "quotes-wrong",
        "words-wrong",
    },
    f"UPDATE passages SET quote = CAST(x'ff41' AS TEXT) {SEVENTH}": {"quotes-wrong"},
    "UPDATE documents SET text = substr(text, 2) WHERE id = 2": {
        "text-length-wrong",
        "places-wrong",
        "quotes-wrong",
    },
    "UPDATE documents SET text = CAST(x'ff' || substr(text, 2) AS TEXT) WHERE id = 2": {
        "quotes-wrong"
    },
    f"UPDATE passages SET sentences = x'' {SEVENTH}": {"sentences-wrong", "vectors-wrong"},
    f"UPDATE passages SET sentences = x'00000000ffffff00' {SEVENTH}": {"sentences-wrong"},
    f"UPDATE passages SET locator = '{{\"side\": 1}}' {SEVENTH}": {"locators-damaged"},
    f"UPDATE passages SET locator = '{{' {SEVENTH}": {"locators-damaged"},
    "DELETE FROM layouts WHERE document_id = 2": {"layout-damaged"},
    "UPDATE layouts SET marks = '[[1]]' WHERE document_id = 2": {"layout-damaged"},
    f"UPDATE passages SET vectors = substr(vectors, 1, length(vectors) - 2) {SEVENTH}": {
        "vectors-wrong"
    },
    f"UPDATE passages SET vectors = substr(vectors, 1, 6) {SEVENTH}": {"vectors-wrong"},
    f"UPDATE passages SET vectors = zeroblob(length(vectors)) {SEVENTH}": {
        "vectors-wrong",
        "vectors-disagree",
    },
    f"UPDATE passages SET terms = 'other words' {SEVENTH}": {"words-wrong", "words-disagree"},
    f"UPDATE passages SET terms = CAST(x'ff' AS TEXT) {SEVENTH}": {"words-wrong", "words-disagree"},
    f"UPDATE passages SET hashes = x'00' {SEVENTH}": {"words-wrong"},
    "UPDATE documents SET length = 7 WHERE id = 2": {"text-length-wrong"},
    "DELETE FROM documents WHERE id = 2": {"orphans"},
}


@pytest.mark.parametrize(("sql", "codes"), CATALOG_DAMAGE.items())
def test_damage_in_the_catalog_is_found_and_mended(path: Path, sql: str, codes: set[str]) -> None:
    change(path, sql)
    diagnosis = examine(path, read_files=False)
    assert {finding.code for finding in diagnosis.findings} == codes
    assert all(finding.repairable for finding in diagnosis.findings)
    assert repair(path, read_files=False)
    assert not found(path)
    check_indexes(path, every=10)


def test_after_a_repair_the_next_add_brings_back_all_that_was_there(
    engine: Engine, path: Path, documents: Path
) -> None:
    before, answered = held(path), answers(engine)
    for number, sql in enumerate(CATALOG_DAMAGE):
        another = sql.replace("id = 2", f"id = {1 + number % FILES}")
        change(path, another.replace("+ 7", f"+ {9 - number // FILES}"))
    assert repair(path)
    add(engine, documents)
    assert examine(path).sound
    assert held(path) == before
    assert answers(engine) == answered


def test_a_vector_that_is_not_a_number_is_found(path: Path) -> None:
    with closing(Library.open(path)) as opened, opened.catalog.snapshot() as connection:
        (blob,) = connection.execute(f"SELECT vectors FROM passages {SEVENTH}").fetchone()
    vectors = np.frombuffer(blob, "<f2").copy()
    vectors[-1] = np.nan  # of the last sentence, which FAISS does not hold
    change(path, f"UPDATE passages SET vectors = ? {SEVENTH}", vectors.tobytes())
    assert found(path) == {"vectors-wrong"}


def test_what_a_user_edited_outlives_a_repair_and_so_does_the_documents_number(
    engine: Engine, path: Path, documents: Path
) -> None:
    edited = engine.edit(documents / "002.txt", Metadata(author="Ana"))
    change(path, "UPDATE documents SET text = 'x' WHERE id = ?", edited.id)
    (done, _) = repair(path)
    assert "002.txt" in done
    assert "qa add" in done
    assert noted(path, read_files=True) == {"unread"}
    assert edited.path not in {one.citation.document.path for one in engine.ask("ab").passages}
    assert add(engine, documents).changed == [edited.path]
    (after,) = [document for document in engine.documents() if document.path == edited.path]
    assert after == edited


def test_a_document_whose_file_is_gone_is_left_as_it_is(
    tmp_path: Path, tiny_model: Path, make_engine: MakeEngine
) -> None:
    path, file = tmp_path / "library", tmp_path / "documents" / "one.txt"
    engine = make_engine(path, model=str(tiny_model))
    add(engine, write(tmp_path / "documents", one=text(2)))
    file.rename(tmp_path / "elsewhere.txt")
    change(path, "UPDATE passages SET vectors = zeroblob(length(vectors)) WHERE id = 1")
    (finding,) = [one for one in examine(path).findings if one.code == "vectors-wrong"]
    assert not finding.repairable
    assert "qa remove" in finding.remedy
    repair(path)
    assert found(path) == {"vectors-wrong"}
    assert engine.text(engine.documents()[0].id) == text(2)
    (tmp_path / "elsewhere.txt").rename(file)
    repair(path)
    add(engine, file)
    assert examine(path).sound


def test_what_is_wrong_inside_a_mail_is_read_again_with_the_mail(
    tmp_path: Path, tiny_model: Path, make_engine: MakeEngine
) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Words", "Ana <ana@example.org>"
    mail.set_content(text(2, seed=1))
    mail.add_attachment(text(2, seed=2), filename="attached.txt")
    (tmp_path / "mail.eml").write_bytes(mail.as_bytes())
    path = tmp_path / "library"
    engine = make_engine(path, model=str(tiny_model))
    add(engine, tmp_path / "mail.eml")
    before = held(path)
    assert len(before) == 2
    assert examine(path).sound
    assert examine(path).files == 1
    exclaim(path, "path LIKE '%attached.txt'")
    assert found(path, read_files=True) == {"texts-differ"}
    repair(path)
    add(engine, tmp_path / "mail.eml")
    assert examine(path).sound
    assert held(path) == before


INDEX_FILES = [
    "vectors.faiss",
    "manifest.json",
    "lexical/meta.json",
    *(f"lexical/*.{kind}" for kind in ("fast", "fieldnorm", "idx", "pos", "store", "term")),
]


@pytest.mark.parametrize("pattern", INDEX_FILES)
@pytest.mark.parametrize("damage", [flip, Path.unlink])
def test_a_damaged_or_missing_index_file_is_found_and_made_anew(
    path: Path, pattern: str, damage: Callable[[Path], None]
) -> None:
    damage(next(newest(path).glob(pattern)))
    assert found(path) == {"indexes-damaged"}
    assert repair(path, read_files=False) == ["Made the indexes anew from the catalog."]
    assert not found(path)
    check_indexes(path, every=10)


def test_indexes_that_are_gone_are_found_and_made_anew(path: Path) -> None:
    shutil.rmtree(path / "derived")
    assert found(path) == {"indexes-missing"}
    repair(path)
    check_indexes(path)


def test_a_file_too_many_among_the_indexes_is_found(path: Path) -> None:
    (newest(path) / "lexical" / "more.idx").write_bytes(b"more")
    assert found(path) == {"indexes-damaged"}


@pytest.mark.parametrize(
    ("pattern", "code"),
    [("vectors.faiss", "vectors-disagree"), ("lexical/*.pos", "indexes-damaged")],
)
def test_damage_that_a_commit_took_over_is_found_all_the_same(
    engine: Engine, path: Path, tmp_path: Path, pattern: str, code: str
) -> None:
    flip(max(newest(path).glob(pattern)), place=0.4)
    add(engine, write(tmp_path / "more", more=text(1, seed=99)))
    assert found(path) == {code}
    repair(path)
    assert examine(path).sound


def test_indexes_without_some_passages_or_with_others_are_found(path: Path) -> None:
    with library.write(path) as writer:
        generation = writer.catalog.generation()
        opened = derived.open_derived(path, generation)
        with writer.catalog.snapshot() as connection:
            first = next(records.indexable(connection, 32))
        assert opened
        strange = PassageChanges([first.id], [first._replace(id=PassageId(10_000))])
        with derived.made_aside(path) as aside:
            derived.publish(path, derived.advance(path, aside, opened, generation + 1, strange))
        with writer.catalog.transaction() as connection:
            library.put(connection, "generation", str(generation + 1))
    messages = [one.message for one in examine(path, read_files=False).findings]
    assert len(messages) == 2
    assert all("lacks 1, and it holds 1" in message for message in messages)
    repair(path)
    check_indexes(path)


def test_every_id_is_taken_out_of_tantivy_page_by_page(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = LexicalIndex(newest(path) / "lexical")
    ids = list(index.ids())
    assert ids == sorted(ids)
    assert len(ids) == len(index) == FILES * PASSAGES
    for page in (1, 7, len(ids)):
        monkeypatch.setattr(inverted, "PAGE_IDS", page)
        assert list(index.ids()) == ids


def test_a_process_that_has_the_library_open_sees_what_was_mended(
    engine: Engine, path: Path
) -> None:
    generation = engine.snapshot().generation
    flip(newest(path) / "vectors.faiss")
    repair(path)
    assert engine.snapshot().generation == generation + 1


def test_leftovers_are_noted_and_removed(path: Path) -> None:
    for name in (".making-1", "1"):
        (path / "derived" / name).mkdir()
    change(path, "INSERT INTO spare_vectors VALUES (x'00', x'00')")
    diagnosis = examine(path, read_files=False)
    assert diagnosis.sound
    assert {note.code for note in diagnosis.notes} == {"leftovers", "spare-vectors"}
    assert len(repair(path)) == 2
    assert not noted(path)
    assert len(list((path / "derived").iterdir())) == 1


def test_files_that_changed_or_went_are_noted_and_are_no_damage(
    tmp_path: Path, tiny_model: Path, make_engine: MakeEngine
) -> None:
    path = tmp_path / "library"
    folder = write(tmp_path / "documents", one=text(1), two=text(1, seed=1), three=text(1, seed=2))
    add(make_engine(path, model=str(tiny_model)), folder)
    (folder / "one.txt").unlink()
    (folder / "two.txt").write_text("Something else.")
    diagnosis = examine(path)
    assert diagnosis.sound
    assert {note.code for note in diagnosis.notes} == {"files-missing", "files-changed"}
    assert diagnosis.files == 1
    assert repair(path) == []


def test_a_text_that_its_file_does_not_say_is_found(path: Path) -> None:
    exclaim(path, "id = 1")
    assert not found(path)
    assert found(path, read_files=True) == {"texts-differ"}


def test_a_catalog_that_sqlite_finds_damaged_cannot_be_mended(path: Path) -> None:
    with closing(sqlite3.connect(path / "catalog.sqlite")) as connection:
        select = "SELECT rootpage FROM sqlite_schema WHERE name = 'passages_by_digest'"
        (page,) = connection.execute(select).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with (path / "catalog.sqlite").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x0a" + bytes(size - 1))  # an index without entries
    (finding,) = examine(path).findings
    assert finding.code == "catalog-damaged"
    assert not finding.repairable
    assert repair(path) == []
    assert found(path) == {"catalog-damaged"}


def test_a_catalog_that_cannot_be_read_is_said_to_be_damaged(path: Path) -> None:
    (path / "catalog.sqlite").write_bytes(b"not a database" * 1000)
    for command in (examine, repair):
        with pytest.raises(LibraryDamaged):
            command(path)


def test_nobody_writes_while_a_library_is_examined(path: Path) -> None:
    with library.write(path), pytest.raises(LibraryLocked):
        examine(path)


def test_where_there_is_no_library_none_is_made(tmp_path: Path) -> None:
    for command in (examine, repair):
        with pytest.raises(LibraryMissing):
            command(tmp_path / "library")
    assert not (tmp_path / "library").exists()


def test_the_command_says_what_it_found_and_did(path: Path, run_qa: RunQa) -> None:
    sound = run_qa("doctor")
    assert sound.returncode == 0, sound.stderr
    assert "60 passages, 60 vectors" in sound.stdout
    assert "sound" in sound.stdout
    flip(newest(path) / "vectors.faiss")
    unsound = run_qa("doctor", "--format", "json")
    assert unsound.returncode == UNSOUND
    assert json.loads(unsound.stdout)["findings"][0]["code"] == "indexes-damaged"
    assert "--repair" in unsound.stderr
    assert "Traceback" not in unsound.stderr
    mended = run_qa("doctor", "--repair", "--format", "json")
    assert mended.returncode == 0
    assert json.loads(mended.stdout)["repaired"] == ["Made the indexes anew from the catalog."]
    assert json.loads(mended.stdout)["sound"] is True


def test_the_checksums_of_unchanged_segments_are_carried_over(sound_library: Path) -> None:
    manifest = json.loads((newest(sound_library) / "manifest.json").read_text())
    assert manifest["sha256"].keys() == manifest["sizes"].keys()
    with closing(Catalog.open(sound_library)) as catalog:
        assert derived.damaged(sound_library, catalog.generation()) == []
