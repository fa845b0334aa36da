"""Sidecars and bibliographies in the library: what they say holds, without embedding anew."""

from __future__ import annotations

import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from conftest import MakeEngine, add, names, qa_command, qa_environment, write
from consistency import check_indexes
from generated import text
from permissions import held_back

from index.errors import FileUnreadable, MetadataInvalid
from index.library import Library
from index.sync import Options
from index.types import Metadata, SyncReport
from qa.engine import Engine

NOTHING = Metadata()
ENGLISH = "The farmers were growing rice in the valley. They had sold it to the neighbours.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files that state nothing of themselves."""
    return write(tmp_path / "folder", one=text(2, seed=1), two=text(1, seed=2))


@pytest.fixture
def engine(library: Path, folder: Path, make_engine: MakeEngine, tiny_model: Path) -> Engine:
    """An engine whose library is in step with the folder."""
    made = make_engine(library, model=str(tiny_model))
    assert len(add(made, folder).added) == 2
    return made


def say(file: Path, content: str) -> Path:
    """Write a file's sidecar."""
    path = file.with_name(f"{file.name}.meta.yaml")
    path.write_text(content, encoding="utf-8")
    return path


def cite(engine: Engine, bibliography: Path, *paths: Path) -> SyncReport:
    """Sync with a bibliography."""
    return engine.add(paths, lambda _: None, Options(bibliography=bibliography))


def known(engine: Engine) -> dict[str, Metadata]:
    """What the library knows of its documents, but for their languages."""
    return {d.path.name: d.metadata for d in engine.documents()}


def titles(engine: Engine) -> dict[str, str | None]:
    return {name: metadata.title for name, metadata in known(engine).items()}


def failures(engine: Engine) -> list[str]:
    return names([failure.path for failure in engine.failures()])


def test_metadata_follows_a_sidecar(engine: Engine, library: Path, folder: Path) -> None:
    before = known(engine)["one.txt"]
    steps = [("title: One\nauthor: Roe, Ana\n", "One", "Roe, Ana"), ("title: Uno\n", "Uno", None)]
    for content, title, author in steps:
        sidecar = say(folder / "one.txt", content)
        report = add(engine, folder)
        assert (names(report.described), report.embedded) == (["one.txt"], 0)
        assert (len(report.unchanged), report.failed, report.skipped) == (2, [], 0)
        after = known(engine)["one.txt"]
        assert (after.title, after.author) == (title, author)
        assert add(engine, folder).described == []
    sidecar.unlink()
    assert names(add(engine, folder).described) == ["one.txt"]
    assert known(engine)["one.txt"] == before
    check_indexes(library)


def test_a_sidecar_is_there_from_the_start(
    folder: Path, library: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    say(folder / "one.txt", "title: One")
    engine = make_engine(library, model=str(tiny_model))
    assert names(add(engine, folder / "one.txt").described) == ["one.txt"]
    assert titles(engine) == {"one.txt": "One"}


def test_a_sidecar_holds_for_an_edited_file(engine: Engine, folder: Path) -> None:
    say(folder / "one.txt", "title: One")
    add(engine, folder)
    (folder / "one.txt").write_text(text(1, seed=9))
    report = add(engine, folder)
    assert (names(report.changed), report.described) == (["one.txt"], [])
    assert titles(engine)["one.txt"] == "One"


def test_a_sidecar_moves_along_with_its_file(engine: Engine, folder: Path) -> None:
    sidecar = say(folder / "one.txt", "title: One")
    add(engine, folder)
    (folder / "one.txt").rename(folder / "first.txt")
    sidecar.rename(folder / "first.txt.meta.yaml")
    report = add(engine, folder)
    assert (len(report.moved), report.described, report.embedded) == (1, [], 0)
    assert titles(engine)["first.txt"] == "One"


def test_a_broken_sidecar_is_listed_and_what_it_said_holds(engine: Engine, folder: Path) -> None:
    say(folder / "one.txt", "title: One\ndate: 2019")
    add(engine, folder)
    sidecar = say(folder / "one.txt", "title: One\ndate: 2019-02-31")
    for _ in range(2):
        report = add(engine, folder)
        assert [failure.path for failure in report.failed] == [sidecar]
        assert "line 2" in report.failed[0].message
        assert failures(engine) == ["one.txt.meta.yaml"]
        assert (known(engine)["one.txt"].title, known(engine)["one.txt"].date) == ("One", "2019")
    say(folder / "one.txt", "title: One\ndate: 2019-02-28")
    assert add(engine, folder).failed == []
    assert (failures(engine), known(engine)["one.txt"].date) == ([], "2019-02-28")


@pytest.mark.parametrize("mended", [True, False])
def test_a_sidecar_of_a_file_added_by_itself_is_settled(
    engine: Engine, folder: Path, *, mended: bool
) -> None:
    sidecar = say(folder / "one.txt", "title: [")
    assert len(add(engine, folder / "one.txt").failed) == 1
    add(engine, folder / "two.txt")
    assert failures(engine) == ["one.txt.meta.yaml"]
    if mended:
        say(folder / "one.txt", "title: One")
    else:
        sidecar.unlink()
    add(engine, folder / "one.txt")
    assert failures(engine) == []


def test_a_sidecar_reached_through_a_link_speaks_of_the_file_it_stands_beside(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "three.txt").write_text(text(1, seed=3))
    say(outside / "three.txt", "title: Three")
    (folder / "link").symlink_to(outside)
    add(engine, folder)
    assert titles(engine)["three.txt"] == "Three"


def test_what_was_said_of_a_missing_file_is_kept_with_it(engine: Engine, folder: Path) -> None:
    sidecar = say(folder / "one.txt", "title: One")
    add(engine, folder)
    (folder / "one.txt").unlink()
    sidecar.unlink()
    report = engine.add([folder], lambda _: None, Options(keep_missing=True))
    assert (names(report.missing), report.described) == (["one.txt"], [])
    assert titles(engine)["one.txt"] == "One"


def test_what_is_edited_by_hand_goes_before_a_sidecar(engine: Engine, folder: Path) -> None:
    say(folder / "one.txt", "title: One\nauthor: Roe")
    add(engine, folder)
    engine.edit(folder / "one.txt", Metadata(title="Mine"))
    say(folder / "one.txt", "title: Other\nauthor: Poe")
    add(engine, folder)
    assert (known(engine)["one.txt"].title, known(engine)["one.txt"].author) == ("Mine", "Poe")


def terms_of(library: Path, name: str) -> set[str]:
    """The words of a document, as they are stemmed."""
    with closing(Library.open(library)) as opened, opened.catalog.snapshot() as connection:
        rows = connection.execute(
            "SELECT terms FROM passages JOIN documents ON documents.id = document_id"
            " WHERE path LIKE ?",
            (f"%/{name}",),
        )
        return {term for (terms,) in rows for term in terms.split()}


def test_a_sidecars_language_decides_how_words_are_stemmed(
    engine: Engine, library: Path, folder: Path
) -> None:
    (folder / "en.txt").write_text(ENGLISH * 20)
    add(engine, folder)
    assert known(engine)["en.txt"].language == "en"
    stemmed = terms_of(library, "en.txt")
    sidecar = say(folder / "en.txt", "language: de-AT")
    assert add(engine, folder).embedded == 0
    assert known(engine)["en.txt"].language == "de"
    assert terms_of(library, "en.txt") != stemmed
    sidecar.unlink()
    assert add(engine, folder).embedded == 0
    assert known(engine)["en.txt"].language == "en"
    assert terms_of(library, "en.txt") == stemmed
    check_indexes(library)


def test_a_sidecars_language_is_not_taken_for_what_the_words_show(
    engine: Engine, library: Path, folder: Path
) -> None:
    (folder / "en.txt").write_text(ENGLISH * 20)
    sidecar = say(folder / "en.txt", "language: de")
    add(engine, folder)
    (folder / "en.txt").write_text(ENGLISH * 21)
    add(engine, folder)
    assert known(engine)["en.txt"].language == "de"
    in_german = terms_of(library, "en.txt")
    sidecar.unlink()
    add(engine, folder)
    assert known(engine)["en.txt"].language == "en"
    assert terms_of(library, "en.txt") != in_german
    check_indexes(library)


def test_a_language_set_by_hand_goes_before_a_sidecars_in_an_edited_file_too(
    engine: Engine, library: Path, folder: Path
) -> None:
    (folder / "en.txt").write_text(ENGLISH * 20)
    say(folder / "en.txt", "language: de")
    add(engine, folder)
    in_german = terms_of(library, "en.txt")
    engine.edit(folder / "en.txt", Metadata(language="en"))
    in_english = terms_of(library, "en.txt")
    assert in_english != in_german
    (folder / "en.txt").write_text(ENGLISH * 21)
    add(engine, folder)
    assert (known(engine)["en.txt"].language, terms_of(library, "en.txt")) == ("en", in_english)


BOTH = """
@misc{one, title = {First}, author = {Roe, Ana}, year = 2019}
@misc{b, title = {Second}, file = {folder/two.txt}}
"""


@pytest.fixture
def bibliography(tmp_path: Path) -> Path:
    """A bibliography that lies outside the folder it is for."""
    path = tmp_path / "refs.bib"
    path.write_text(BOTH)
    return path


def test_metadata_follows_a_bibliography(
    engine: Engine, library: Path, folder: Path, bibliography: Path
) -> None:
    report = cite(engine, bibliography, folder)
    assert (names(report.described), report.embedded) == (["one.txt", "two.txt"], 0)
    assert titles(engine) == {"one.txt": "First", "two.txt": "Second"}
    assert known(engine)["one.txt"].author == "Roe, Ana"
    generation = engine.status().generation
    assert add(engine, folder).described == []
    assert engine.status().generation == generation
    bibliography.write_text(BOTH.replace("First", "Prima").replace("2019", "2020"))
    assert names(add(engine, folder).described) == ["one.txt"]
    assert (titles(engine)["one.txt"], known(engine)["one.txt"].date) == ("Prima", "2020")
    (folder / "one.txt").rename(folder / "other.txt")
    assert names(add(engine, folder).described) == ["other.txt"]
    assert titles(engine) == {"other.txt": None, "two.txt": "Second"}
    check_indexes(library)


def test_a_bibliography_describes_what_is_added_later(
    engine: Engine, folder: Path, bibliography: Path
) -> None:
    cite(engine, bibliography, folder)
    bibliography.write_text(BOTH + "@misc{three, title = {Third}}")
    (folder / "three.txt").write_text(text(1, seed=3))
    add(engine, folder / "three.txt")
    assert titles(engine)["three.txt"] == "Third"


def test_a_sidecar_goes_before_a_bibliography_field_by_field(
    engine: Engine, folder: Path, bibliography: Path
) -> None:
    sidecar = say(folder / "one.txt", "title: Mine\n")
    cite(engine, bibliography, folder)
    assert known(engine)["one.txt"].title == "Mine"
    assert known(engine)["one.txt"].author == "Roe, Ana"
    sidecar.unlink()
    add(engine, folder)
    assert known(engine)["one.txt"].title == "First"


def test_the_innermost_bibliography_counts(
    engine: Engine, folder: Path, bibliography: Path, tmp_path: Path
) -> None:
    (folder / "below").mkdir()
    (folder / "one.txt").rename(folder / "below" / "one.txt")
    (folder / "below" / "refs.json").write_text('[{"id": "one", "title": "Inner"}]')
    cite(engine, bibliography, folder)
    cite(engine, folder / "below" / "refs.json", folder / "below")
    add(engine, folder)
    assert titles(engine) == {"one.txt": "Inner", "two.txt": "Second"}


def test_a_bibliography_that_cannot_be_read_any_more_is_listed_and_what_it_said_holds(
    engine: Engine, folder: Path, bibliography: Path
) -> None:
    cite(engine, bibliography, folder)
    for break_it in (bibliography.unlink, lambda: bibliography.write_text("no more")):
        break_it()
        (folder / f"new {bibliography.exists()}.txt").write_text(text(1))
        for _ in range(2):
            report = add(engine, folder)
            assert [failure.path for failure in report.failed] == [bibliography]
            assert (failures(engine), report.described) == (["refs.bib"], [])
            assert (titles(engine)["one.txt"], titles(engine)["two.txt"]) == ("First", "Second")
    say(folder / "one.txt", "title: Mine")
    add(engine, folder)
    assert titles(engine)["one.txt"] == "Mine"
    assert known(engine)["one.txt"].author == "Roe, Ana"


def test_a_bibliography_that_can_be_read_again_is_settled(
    engine: Engine, folder: Path, bibliography: Path
) -> None:
    cite(engine, bibliography, folder)
    bibliography.unlink()
    add(engine, folder)
    assert failures(engine) == ["refs.bib"]
    bibliography.write_text(BOTH.replace("First", "Prima"))
    assert add(engine, folder).failed == []
    assert (failures(engine), titles(engine)["one.txt"]) == ([], "Prima")


def test_a_bibliography_in_the_place_of_a_lost_one_settles_it(
    engine: Engine, folder: Path, bibliography: Path, tmp_path: Path
) -> None:
    cite(engine, bibliography, folder)
    bibliography.rename(tmp_path / "moved.bib")
    add(engine, folder)
    assert failures(engine) == ["refs.bib"]
    assert cite(engine, tmp_path / "moved.bib", folder).failed == []
    assert failures(engine) == []


def test_folders_a_bibliography_is_not_for_do_not_ask_it(
    engine: Engine, folder: Path, bibliography: Path, tmp_path: Path
) -> None:
    cite(engine, bibliography, folder)
    bibliography.unlink()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "one.txt").write_text(text(1, seed=5))
    assert add(engine, elsewhere).failed == []
    assert len(add(engine, folder).failed) == 1
    assert add(engine, elsewhere).failed == []
    assert failures(engine) == ["refs.bib"]


def test_a_bibliography_that_cannot_be_used_is_refused_and_not_remembered(
    engine: Engine, folder: Path, bibliography: Path
) -> None:
    cite(engine, bibliography, folder)
    bad = bibliography.with_name("bad.bib")
    bad.write_text("nothing")
    with pytest.raises(MetadataInvalid):
        cite(engine, bad, folder)
    assert add(engine, folder).failed == []
    assert titles(engine)["one.txt"] == "First"


def test_a_bibliographys_language_decides_how_words_are_stemmed(
    engine: Engine, library: Path, folder: Path, bibliography: Path
) -> None:
    (folder / "en.txt").write_text(ENGLISH * 20)
    bibliography.write_text("@misc{en, title = {Reis}, langid = {ngerman}}")
    report = cite(engine, bibliography, folder)
    assert (names(report.described), known(engine)["en.txt"].language) == (["en.txt"], "de")
    check_indexes(library)


def test_what_was_said_in_a_folder_that_cannot_be_listed_holds(
    engine: Engine, library: Path, folder: Path, cache: Path
) -> None:
    below = folder / "below"
    below.mkdir()
    (below / "three.txt").write_text(text(1, seed=3))
    say(below / "three.txt", "title: Three")
    add(engine, folder)
    below.chmod(0)
    try:
        done = subprocess.run(
            held_back(qa_command("add", folder)),
            env=qa_environment(library, cache),
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        below.chmod(0o700)
    assert done.returncode == FileUnreadable.exit_status
    assert str(below) in done.stderr
    assert titles(engine)["three.txt"] == "Three"
