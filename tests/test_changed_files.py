"""What `qa add` makes of files that changed since: as a person would say it, and no more work."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import MakeEngine, add, names
from consistency import check_indexes, held
from generated import paragraphs, text
from hypothesis import given
from hypothesis import strategies as st

from index import plan
from index.types import Document, DocumentId, SourceFile
from qa.engine import Engine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files of different texts, with 2, 3 and 1 passages."""
    made = tmp_path / "folder"
    made.mkdir()
    for name, passages, seed in (("one", 2, 1), ("two", 3, 2), ("three", 1, 3)):
        (made / f"{name}.txt").write_text(text(passages, seed))
    return made


@pytest.fixture
def engine(library: Path, folder: Path, make_engine: MakeEngine, tiny_model: Path) -> Engine:
    """An engine whose library is in step with the folder."""
    made = make_engine(library, model=str(tiny_model))
    report = add(made, folder)
    assert (len(report.added), report.passages, report.embedded) == (3, 6, 6)
    return made


def in_step(library: Path, *folders: Path) -> bool:
    """The library holds exactly the files' contents, and its indexes its passages."""
    check_indexes(library)
    on_disk = {
        str(file): file.read_text(encoding="utf-8")
        for folder in folders
        for file in folder.rglob("*.txt")
        if file.is_file() and not file.is_symlink()
    }
    documents = held(library)
    return documents.keys() == on_disk.keys() and all(
        "\n\n".join(quote for _, _, quote in passages) + "\n" == on_disk[path]
        for path, (_, passages) in documents.items()
    )


def ids(engine: Engine) -> dict[str, DocumentId]:
    return {document.path.name: document.id for document in engine.documents()}


def test_unchanged_files_cost_nothing(engine: Engine, folder: Path) -> None:
    generation = engine.status().generation
    report = add(engine, folder)
    assert names(report.unchanged) == ["one.txt", "three.txt", "two.txt"]
    assert (report.added, report.changed, report.moved, report.removed) == ([], [], [], [])
    assert (report.passages, report.embedded) == (0, 0)
    assert engine.status().generation == generation


def test_a_touched_file_is_unchanged(engine: Engine, folder: Path) -> None:
    os.utime(folder / "one.txt", (0, 0))
    report = add(engine, folder)
    assert len(report.unchanged) == 3
    assert report.embedded == 0


def test_a_renamed_file_is_moved(engine: Engine, library: Path, folder: Path) -> None:
    before = ids(engine)["one.txt"]
    (folder / "one.txt").rename(folder / "first.txt")
    report = add(engine, folder)
    assert report.moved == [(folder / "one.txt", folder / "first.txt")]
    assert (report.added, report.removed, report.embedded) == ([], [], 0)
    assert ids(engine)["first.txt"] == before
    assert in_step(library, folder)


def test_a_file_moved_to_another_folder_is_moved(
    engine: Engine, library: Path, folder: Path
) -> None:
    (folder / "below").mkdir()
    (folder / "one.txt").rename(folder / "below" / "one.txt")
    report = add(engine, folder)
    assert report.moved == [(folder / "one.txt", folder / "below" / "one.txt")]
    assert report.embedded == 0
    assert in_step(library, folder)


def test_a_file_moved_to_a_folder_added_by_itself_is_not_embedded(
    engine: Engine, library: Path, folder: Path, tmp_path: Path
) -> None:
    """While only the folder it went to is named, the library cannot know that it left the other."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "one.txt").rename(elsewhere / "one.txt")
    report = add(engine, elsewhere)
    assert (names(report.added), report.removed, report.embedded) == (["one.txt"], [], 0)
    report = add(engine, folder, elsewhere)
    assert (names(report.removed), len(report.unchanged)) == (["one.txt"], 3)
    assert in_step(library, folder, elsewhere)


def test_files_that_swapped_names_are_moved(engine: Engine, library: Path, folder: Path) -> None:
    one, two = folder / "one.txt", folder / "two.txt"
    one.rename(folder / "aside")
    two.rename(one)
    (folder / "aside").rename(two)
    report = add(engine, folder)
    assert sorted(report.moved) == [(one, two), (two, one)]
    assert (report.changed, report.embedded) == ([], 0)
    assert in_step(library, folder)


def test_names_passed_on_in_a_row_are_moves(engine: Engine, library: Path, folder: Path) -> None:
    (folder / "one.txt").replace(folder / "two.txt")
    (folder / "three.txt").rename(folder / "one.txt")
    report = add(engine, folder)
    assert len(report.moved) == 2
    assert (len(report.removed), report.embedded) == (1, 0)
    assert in_step(library, folder)


def test_a_copy_is_a_document_of_its_own_and_not_embedded(
    engine: Engine, library: Path, folder: Path
) -> None:
    shutil.copy(folder / "one.txt", folder / "copy.txt")
    report = add(engine, folder)
    assert names(report.added) == ["copy.txt"]
    assert (report.passages, report.embedded, len(report.unchanged)) == (2, 0, 3)
    assert in_step(library, folder)


def test_a_copied_then_edited_file_is_changed_and_its_copy_added(
    engine: Engine, library: Path, folder: Path
) -> None:
    before = ids(engine)["one.txt"]
    shutil.copy(folder / "one.txt", folder / "copy.txt")
    with (folder / "one.txt").open("a") as file:
        file.write("\n" + text(1, seed=9))
    report = add(engine, folder)
    assert (names(report.changed), names(report.added)) == (["one.txt"], ["copy.txt"])
    assert (report.moved, report.embedded) == ([], 1)
    assert ids(engine)["one.txt"] == before
    assert in_step(library, folder)


def test_of_an_edited_file_only_what_changed_is_embedded(
    engine: Engine, library: Path, folder: Path
) -> None:
    first, _, third = paragraphs(3, seed=2)
    (folder / "two.txt").write_text("\n\n".join([first, *paragraphs(1, seed=9), third]) + "\n")
    report = add(engine, folder)
    assert names(report.changed) == ["two.txt"]
    assert (report.passages, report.embedded) == (3, 1)
    assert in_step(library, folder)


def test_of_a_file_both_edited_and_renamed_only_what_changed_is_embedded(
    engine: Engine, library: Path, folder: Path
) -> None:
    (folder / "two.txt").unlink()
    (folder / "second.txt").write_text(text(3, seed=2) + "\n" + text(1, seed=9))
    report = add(engine, folder)
    assert (names(report.added), names(report.removed)) == (["second.txt"], ["two.txt"])
    assert (report.passages, report.embedded) == (4, 1)
    assert in_step(library, folder)


def test_paragraphs_in_another_order_are_not_embedded(
    engine: Engine, library: Path, folder: Path
) -> None:
    (folder / "two.txt").write_text("\n\n".join(reversed(paragraphs(3, seed=2))) + "\n")
    report = add(engine, folder)
    assert (names(report.changed), report.passages, report.embedded) == (["two.txt"], 3, 0)
    assert in_step(library, folder)


def test_a_deleted_file_is_no_longer_found(engine: Engine, library: Path, folder: Path) -> None:
    words = paragraphs(1, seed=3)[0]
    assert engine.ask(words).passages[0].citation.document.path == str(folder / "three.txt")
    (folder / "three.txt").unlink()
    report = add(engine, folder)
    assert names(report.removed) == ["three.txt"]
    paths = {passage.citation.document.path for passage in engine.ask(words, 100).passages}
    assert paths == {str(folder / "one.txt"), str(folder / "two.txt")}
    assert in_step(library, folder)


def test_a_deleted_file_that_is_restored_is_cited_as_before(
    engine: Engine, library: Path, folder: Path
) -> None:
    words = paragraphs(1, seed=3)[0]
    before = engine.ask(words, 1).passages[0].citation
    (folder / "three.txt").rename(folder.parent / "bin")
    add(engine, folder)
    (folder.parent / "bin").rename(folder / "three.txt")
    report = add(engine, folder)
    assert (names(report.added), report.embedded) == (["three.txt"], 1)
    after = engine.ask(words, 1).passages[0].citation
    assert (after.id, after.quote) == (before.id, before.quote)
    assert in_step(library, folder)


def test_two_files_of_equal_text_are_embedded_once(
    library: Path, tmp_path: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    twins = tmp_path / "twins"
    twins.mkdir()
    for name in ("a", "b"):
        (twins / f"{name}.txt").write_text(text(2))
    engine = make_engine(library, model=str(tiny_model))
    report = add(engine, twins)
    assert (len(report.added), report.passages, report.embedded) == (2, 4, 2)
    (twins / "a.txt").unlink()
    assert names(add(engine, twins).removed) == ["a.txt"]
    assert in_step(library, twins)


def test_a_new_file_in_the_place_of_a_moved_one(
    engine: Engine, library: Path, folder: Path
) -> None:
    (folder / "one.txt").rename(folder / "older.txt")
    (folder / "one.txt").write_text(text(1, seed=9))
    report = add(engine, folder)
    assert (report.passages, report.embedded) == (3, 1)
    assert (report.removed, report.failed) == ([], [])
    assert in_step(library, folder)


def test_a_folder_in_the_place_of_a_file(engine: Engine, library: Path, folder: Path) -> None:
    (folder / "one.txt").rename(folder / "aside")
    (folder / "one.txt").mkdir()
    (folder / "aside").rename(folder / "one.txt" / "chapter.txt")
    report = add(engine, folder)
    assert report.moved == [(folder / "one.txt", folder / "one.txt" / "chapter.txt")]
    assert in_step(library, folder)


def test_folders_named_twice_and_inside_each_other_count_once(
    library: Path, folder: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    below = folder / "below"
    below.mkdir()
    (below / "four.txt").write_text(text(1, seed=4))
    engine = make_engine(library, model=str(tiny_model))
    report = add(engine, below, folder, below / "four.txt", folder)
    assert (len(report.added), report.passages) == (4, 7)
    report = add(engine, folder, below, folder)
    assert (len(report.unchanged), report.removed) == (4, [])
    assert in_step(library, folder)


def test_a_neighbour_whose_name_begins_alike_is_let_alone(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    neighbour = tmp_path / "folder.more"
    neighbour.mkdir()
    (neighbour / "four.txt").write_text(text(1, seed=4))
    add(engine, neighbour)
    report = add(engine, folder)
    assert (report.removed, report.moved, len(engine.documents())) == ([], [], 4)


def test_a_link_to_a_file_of_the_same_folder_is_no_document_of_its_own(
    engine: Engine, library: Path, folder: Path
) -> None:
    (folder / "again.txt").symlink_to("one.txt")
    (folder / "below").symlink_to(".")
    report = add(engine, folder)
    assert (report.added, len(report.unchanged)) == ([], 3)
    assert in_step(library, folder)


def test_files_a_link_leads_to_are_kept_in_step_too(
    engine: Engine, library: Path, folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for name, seed in (("four", 4), ("five", 5)):
        (outside / f"{name}.txt").write_text(text(1, seed))
    (tmp_path / "six.txt").write_text(text(1, 6))
    (folder / "link").symlink_to(outside)
    (folder / "six.txt").symlink_to(tmp_path / "six.txt")
    assert names(add(engine, folder).added) == ["five.txt", "four.txt", "six.txt"]
    assert len(add(engine, folder).unchanged) == 6
    (outside / "four.txt").unlink()
    (folder / "one.txt").replace(outside / "five.txt")
    report = add(engine, folder)
    assert report.moved == [(folder / "one.txt", outside / "five.txt")]
    assert names(report.removed) == ["five.txt", "four.txt"]
    on_disk = [folder / "two.txt", folder / "three.txt", outside / "five.txt", tmp_path / "six.txt"]
    assert sorted(document.path for document in engine.documents()) == sorted(on_disk)
    check_indexes(library)


Step = Callable[[random.Random, list[Path], Path], object]


def rename(chance: random.Random, files: list[Path], new: Path) -> None:
    chance.choice(files).rename(new)


def overwrite(chance: random.Random, files: list[Path], new: Path) -> None:
    chance.choice(files).replace(chance.choice(files))


def swap(chance: random.Random, files: list[Path], new: Path) -> None:
    first, second = chance.choice(files), chance.choice(files)
    first_text, second_text = first.read_text(), second.read_text()
    first.write_text(second_text)
    second.write_text(first_text)


def copy(chance: random.Random, files: list[Path], new: Path) -> None:
    new.write_text(chance.choice(files).read_text())


def edit(chance: random.Random, files: list[Path], new: Path) -> None:
    file = chance.choice(files)
    kept = file.read_text().split("\n\n")
    kept[chance.randrange(len(kept))] = paragraphs(1, seed=chance.randrange(10**6))[0]
    file.write_text("\n\n".join(kept).rstrip("\n") + "\n")


def write_new(chance: random.Random, files: list[Path], new: Path) -> None:
    new.write_text(text(chance.randint(1, 3), seed=chance.randrange(10**6)))


def delete(chance: random.Random, files: list[Path], new: Path) -> None:
    chance.choice(files).unlink()


STEPS: tuple[Step, ...] = (rename, overwrite, swap, copy, edit, write_new, delete)


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_changes_the_library_is_as_if_made_afresh(
    seed: int, engine: Engine, library: Path, folder: Path
) -> None:
    chance = random.Random(seed)
    for round_ in range(8):
        for step in range(chance.randint(1, 5)):
            new = folder / chance.choice(["", "sub"]) / f"{round_}-{step}.txt"
            new.parent.mkdir(exist_ok=True)
            files = sorted(file for file in folder.rglob("*.txt"))
            chance.choice(STEPS if len(files) > 2 else (write_new,))(chance, files, new)
        report = add(engine, folder)
        assert report.failed == []
        assert in_step(library, folder)


PATHS = st.sampled_from([Path(f"/{name}") for name in "abcdef"])
CONTENTS = st.sampled_from(["1", "2", "3", "4"])
FOLDERS = st.dictionaries(PATHS, CONTENTS)


def documents_of(contents: dict[Path, str]) -> list[Document]:
    return [
        Document(DocumentId(number), path, sha256, None, None, None, 1, 1)
        for number, (path, sha256) in enumerate(contents.items(), start=1)
    ]


def files_of(contents: dict[Path, str]) -> list[SourceFile]:
    return [SourceFile(path, sha256) for path, sha256 in contents.items()]


@given(FOLDERS, FOLDERS)
def test_a_plan_has_a_place_for_everything_and_only_one(
    known: dict[Path, str], found: dict[Path, str]
) -> None:
    made = plan.compare(documents_of(known), files_of(found))
    replaced = [file.path for file in made.changed]
    settled = [*made.unchanged, *(document for document, _ in made.moved), *made.gone]
    by_id = {document.path: document.id for document in documents_of(known)}
    assert sorted([d.id for d in settled] + [by_id[path] for path in replaced]) == sorted(
        by_id.values()
    )
    targets = [target for _, target in made.moved]
    stored = [file.path for file in made.changed + made.added]
    unchanged = [document.path for document in made.unchanged]
    assert sorted([*unchanged, *targets, *stored]) == sorted(found)


@given(FOLDERS, FOLDERS)
def test_carrying_out_a_plan_gives_exactly_what_is_on_disk(
    known: dict[Path, str], found: dict[Path, str]
) -> None:
    made = plan.compare(documents_of(known), files_of(found))
    held_now = dict(known)
    for document in made.gone:
        del held_now[document.path]
    moved = [(target, held_now.pop(document.path)) for document, target in made.moved]
    for target, sha256 in moved:
        assert target not in held_now  # a path is held once
        held_now[target] = sha256
    for file in made.changed:
        assert file.path in held_now
        held_now[file.path] = file.sha256
    for file in made.added:
        assert file.path not in held_now
        held_now[file.path] = file.sha256
    assert held_now == found


@given(FOLDERS, FOLDERS)
def test_a_plan_reads_no_file_whose_document_could_move_there(
    known: dict[Path, str], found: dict[Path, str]
) -> None:
    made = plan.compare(documents_of(known), files_of(found))
    read = {file.sha256 for file in made.changed + made.added}
    assert read.isdisjoint(document.sha256 for document in made.gone)


@given(FOLDERS)
def test_a_plan_for_the_same_files_is_empty(contents: dict[Path, str]) -> None:
    made = plan.compare(documents_of(contents), files_of(contents))
    assert len(made.unchanged) == len(contents)
    assert (made.moved, made.changed, made.added, made.gone) == ([], [], [], [])
