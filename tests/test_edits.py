"""`qa edit`: what somebody says of a document holds, whatever happens to its file."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, fields
from pathlib import Path

import pytest
from conftest import MakeEngine, RunQa, add, names, write
from consistency import check_indexes, held
from generated import text

from index.errors import DocumentMissing, MetadataInvalid
from index.sync import Options
from index.types import DocumentId, Filters, Metadata
from qa.engine import Engine

GERMAN = (
    "Im Herbst standen viele alte Häuser am Ufer des Flusses. "
    "Die Bauern gingen jeden Tag über die Brücken und trugen ihre Körbe in die Stadt. "
)
EVERY = {
    "title": "On Rice",
    "author": "Roe, Ana; Poe, Ben",
    "publication": "The Grain",
    "date": "2019-05-03",
    "language": "de",
    "url": "https://grain.example/1",
    "type": "article-journal",
    "publisher": "Grain & Sons",
    "place": "Bonn",
    "volume": "12",
    "issue": "3",
    "pages": "12-34",
    "edition": "2",
    "doi": "10.1000/xyz",
    "isbn": "978-0-306-40615-7",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "folder", one=text(2, seed=1), two=text(1, seed=2))


@pytest.fixture
def engine(library: Path, folder: Path, make_engine: MakeEngine, tiny_model: Path) -> Engine:
    made = make_engine(library, model=str(tiny_model))
    add(made, folder)
    return made


def known(engine: Engine, name: str) -> Metadata:
    return next(d.metadata for d in engine.documents() if d.path.name == name)


def number(engine: Engine, name: str) -> DocumentId:
    return next(d.id for d in engine.documents() if d.path.name == name)


def found(engine: Engine, question: str, **filters: object) -> set[str]:
    answer = engine.ask(question, 100, Filters(**filters))  # type: ignore[arg-type]
    return {Path(p.citation.document.path).name for p in answer.passages}


def vectors(library: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(library / "catalog.sqlite")) as connection:
        return connection.execute("SELECT digest, vectors FROM passages ORDER BY id").fetchall()


def test_a_document_is_edited_by_path_and_by_number(
    run_qa: RunQa, engine: Engine, folder: Path
) -> None:
    options = [part for name, value in EVERY.items() for part in (f"--{name}", value)]
    told = run_qa("edit", "one.txt", *options, cwd=folder)
    assert told.returncode == 0, told.stderr
    wanted = {"path": str(folder / "one.txt"), **EVERY}
    assert told.stdout.splitlines() == [
        f"{name + ':':<14}{value}" for name, value in wanted.items()
    ]
    assert known(engine, "one.txt") == Metadata(**EVERY)
    id_ = number(engine, "one.txt")
    told = run_qa("edit", str(id_), "--title", "On Soil", "--format", "json")
    assert json.loads(told.stdout) == {"id": id_, **wanted, "title": "On Soil"}
    told = run_qa("edit", folder / "one.txt", "--title", "", "--author", "", "--format", "json")
    assert json.loads(told.stdout) == {"id": id_, **wanted, "title": None, "author": None}
    assert known(engine, "two.txt").title is None


def test_what_cannot_be_edited_is_refused(run_qa: RunQa, engine: Engine, folder: Path) -> None:
    before, generation = engine.documents(), engine.status().generation
    for arguments, status, words in (
        (("one.txt", "--title", "New", "--date", "2019-02-30"), 64, "2019-02-30 is no date"),
        (("one.txt", "--title", "New", "--type", "novel"), 64, "novel is no type of work"),
        (("three.txt", "--title", "New"), 42, "the library holds no such document"),
        (("999", "--title", "New"), 42, "999: the library holds no such document"),
        (("one.txt",), 2, "say what to set"),
    ):
        told = run_qa("edit", *arguments, cwd=folder)
        assert (told.returncode, told.stdout) == (status, ""), told.stderr
        assert words in told.stderr
    assert (engine.documents(), engine.status().generation) == (before, generation)


@pytest.mark.parametrize("field", [field.name for field in fields(Metadata)])
def test_an_edit_of_each_kind_is_set_alone_and_taken_back(
    field: str, engine: Engine, library: Path, folder: Path
) -> None:
    before, embedded = known(engine, "one.txt"), vectors(library)
    value = EVERY[field]
    edited = engine.edit(folder / "one.txt", Metadata(**{field: value}))
    assert edited.metadata == known(engine, "one.txt")
    assert asdict(edited.metadata) == {**asdict(before), field: value}
    assert engine.edit(edited.id, Metadata()).metadata == edited.metadata  # nothing said
    assert engine.edit(edited.id, Metadata(**{field: ""})).metadata == before
    assert vectors(library) == embedded or field == "language"
    check_indexes(library)


@pytest.mark.parametrize("written", ["2019", "2019-05", "2019-05-03", "2020-02-29", "0001"])
def test_a_date_is_a_day_a_month_or_a_year(written: str, engine: Engine, folder: Path) -> None:
    assert engine.edit(folder / "one.txt", Metadata(date=written)).metadata.date == written


@pytest.mark.parametrize(
    "written",
    ["2019-13", "2019-02-29", "2019-5", "19", "201", "20190503", "2019-W03", "2019-W03-1",
     "2019-123", "may 2019", "2019-", "2019-05-", "2019-05-03T10:00", " 2019", "2019 ", "-",
     "２０１９", "2019/05/03"],
)  # fmt: skip
def test_what_is_no_date_is_refused(written: str, engine: Engine, folder: Path) -> None:
    before, generation = known(engine, "one.txt"), engine.status().generation
    with pytest.raises(MetadataInvalid, match="is no date"):
        engine.edit(folder / "one.txt", Metadata(title="New", date=written))
    assert (known(engine, "one.txt"), engine.status().generation) == (before, generation)


@pytest.mark.parametrize(
    ("field", "written", "stored"),
    [
        ("type", "Book", "book"),
        ("pages", "12--34", "12-34"),
        ("doi", "https://doi.org/10.1000/xyz", "10.1000/xyz"),
        ("isbn", "ISBN 0 306 40615 2", "0-306-40615-2"),
    ],
)
def test_what_has_a_form_is_stored_in_it(
    field: str, written: str, stored: str, engine: Engine, folder: Path
) -> None:
    edited = engine.edit(folder / "one.txt", Metadata(**{field: written}))
    assert asdict(edited.metadata)[field] == stored


@pytest.mark.parametrize(
    ("field", "written", "said"),
    [
        ("type", "novel", "novel is no type of work"),
        ("type", " ", "is no type of work"),
        ("pages", "--", "-- are no pages"),
        ("doi", "1000/xyz", "1000/xyz is no DOI"),
        ("isbn", "978-0-306-40615-8", "978-0-306-40615-8 is no ISBN"),
        ("isbn", "123", "123 is no ISBN"),
    ],
)
def test_what_has_not_its_form_is_refused(
    field: str, written: str, said: str, engine: Engine, folder: Path
) -> None:
    before, generation = known(engine, "one.txt"), engine.status().generation
    with pytest.raises(MetadataInvalid, match=said) as refused:
        engine.edit(folder / "one.txt", Metadata(title="New", **{field: written}))
    assert refused.value.remedy.startswith("Write ")
    assert (known(engine, "one.txt"), engine.status().generation) == (before, generation)


def test_an_unknown_document_is_refused(engine: Engine, folder: Path) -> None:
    unspeakable = folder / "\udcff.txt"  # bytes that are no UTF-8
    for unknown in (folder / "three.txt", folder, unspeakable, *map(DocumentId, (999, 2**64))):
        with pytest.raises(DocumentMissing):
            engine.edit(unknown, Metadata(title="New"))


def test_an_edit_holds_whatever_happens_to_the_file(
    engine: Engine, library: Path, folder: Path
) -> None:
    engine.edit(folder / "one.txt", Metadata(title="Mine", date="2019"))
    (folder / "one.txt").write_text("Title: Its own\nDate: 2020-01-01\n\n" + text(1, seed=8))
    assert names(add(engine, folder).changed) == ["one.txt"]
    assert (known(engine, "one.txt").title, known(engine, "one.txt").date) == ("Mine", "2019")
    (folder / "one.txt").rename(folder / "moved.txt")
    add(engine, folder)
    assert (known(engine, "moved.txt").title, known(engine, "moved.txt").date) == ("Mine", "2019")
    add(engine, folder / "moved.txt")
    engine.edit(folder / "moved.txt", Metadata(title=""))
    after = known(engine, "moved.txt")
    assert (after.title, after.date) == ("Its own", "2019")
    check_indexes(library)


def test_an_edit_goes_with_its_document(engine: Engine, folder: Path) -> None:
    engine.edit(folder / "one.txt", Metadata(title="Mine"))
    engine.remove([folder / "one.txt"])
    add(engine, folder)
    assert known(engine, "one.txt").title is None


def test_an_edit_goes_before_sidecar_bibliography_and_file(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    (folder / "one.txt").write_text("Title: Of the file\n\n" + text(1, seed=8))
    add(engine, folder)
    assert known(engine, "one.txt").title == "Of the file"
    bibliography = tmp_path / "refs.bib"
    bibliography.write_text("@misc{one, title = {Of the bibliography}}")
    engine.add([folder], lambda _: None, Options(bibliography=bibliography))
    assert known(engine, "one.txt").title == "Of the bibliography"
    sidecar = folder / "one.txt.meta.yaml"
    sidecar.write_text("title: Of the sidecar")
    add(engine, folder)
    assert known(engine, "one.txt").title == "Of the sidecar"
    engine.edit(folder / "one.txt", Metadata(title="Mine"))
    assert known(engine, "one.txt").title == "Mine"
    add(engine, folder)
    assert known(engine, "one.txt").title == "Mine"
    for title in ("Of the sidecar", "Of the bibliography", "Of the file"):
        engine.edit(folder / "one.txt", Metadata(title=""))
        add(engine, folder)
        assert known(engine, "one.txt").title == title
        if sidecar.exists():
            sidecar.unlink()
        else:
            bibliography.write_text("@misc{other, title = {Another}}")
        engine.edit(folder / "one.txt", Metadata(title="Mine"))
        add(engine, folder)


def test_an_edited_language_decides_how_words_are_found(
    engine: Engine, library: Path, folder: Path
) -> None:
    (folder / "german.txt").write_text(GERMAN)
    add(engine, folder)
    german = number(engine, "german.txt")
    assert known(engine, "german.txt").language == "de"

    def by_words() -> float:
        """What the word "Haus" adds to the passage that says "Häuser"."""
        [passage] = engine.ask("Haus", 5, Filters(document_ids=(german,)), explain=True).passages
        return sum(part.points for part in passage.explanation or () if part.kind == "words")

    embedded, passages = vectors(library), held(library)
    assert by_words() > 0
    engine.edit(german, Metadata(language="en"))
    assert by_words() == 0
    check_indexes(library)
    engine.edit(german, Metadata(language="de"))
    assert by_words() > 0
    assert (vectors(library), held(library)) != ([], {})
    assert (sorted(map(str, vectors(library))), held(library)) == (
        sorted(map(str, embedded)),
        passages,
    )
    check_indexes(library)


def test_filters_see_edits(engine: Engine, folder: Path) -> None:
    question = "aa bb cc"
    assert found(engine, question, languages=("sw",)) == set()
    engine.edit(folder / "one.txt", Metadata(language="sw", date="2019-05-03"))
    assert found(engine, question, languages=("sw",)) == {"one.txt"}
    assert found(engine, question, date_from="2019-05-03", date_to="2019-05-03") == {"one.txt"}
    assert found(engine, question, date_from="2019-05-04") == set()
    engine.edit(folder / "one.txt", Metadata(language="", date=""))
    assert found(engine, question, languages=("sw",)) == set()
    assert found(engine, question, date_from="0001-01-01") == set()


@pytest.mark.parametrize(
    ("date", "since", "until", "is_found"),
    [
        ("2019", "2019-12-31", None, True),
        ("2019", "2020-01-01", None, False),
        ("2019", None, "2019-01-01", True),
        ("2019", None, "2018-12-31", False),
        ("2019", "2019-06-01", "2019-06-30", True),  # it may be of that month
        ("2019-05", "2019-05-31", None, True),
        ("2019-05", "2019-06-01", None, False),
        ("2019-05", None, "2019-05-01", True),
        ("2019-05", None, "2019-04-30", False),
        ("2019-05-03", "2019-05-03", "2019-05-03", True),
        ("2019-05-03", "2019-05-04", None, False),
        ("2019-05-03", None, "2019-05-02", False),
    ],
)
def test_months_and_years_are_found_by_any_of_their_days(
    date: str, since: str | None, until: str | None, is_found: bool, engine: Engine, folder: Path
) -> None:
    engine.edit(folder / "one.txt", Metadata(date=date))
    names_found = found(engine, "aa bb cc", date_from=since, date_to=until)
    assert names_found == ({"one.txt"} if is_found else set())
