"""Files attached to mails, as documents of a library: cited, found, and kept in step with them."""

from __future__ import annotations

import json
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from conftest import MakeEngine, RunQa, add, names
from consistency import check_catalog, check_indexes
from generated import paragraphs, text

from index.types import Document, DocumentId, Filters, Metadata
from qa.engine import Engine

ROWS = "place,harvest\nmk0101,seven tons\nmk0102,nine tons\n"


def mail(said: str, subject: str = "Rice", **attached: str | bytes | EmailMessage) -> bytes:
    """A mail with attachments by name, the last underscore of each standing for a dot."""
    message = EmailMessage(SMTP)
    message["From"], message["To"], message["Subject"] = "ana@a.example", "bo@b.example", subject
    message.set_content(said)
    for key, content in attached.items():
        name = ".".join(key.rsplit("_", 1))
        if isinstance(content, EmailMessage):
            message.add_attachment(content, filename=name)
        elif isinstance(content, bytes):
            message.add_attachment(
                content, maintype="application", subtype="octet-stream", filename=name
            )
        else:
            message.add_attachment(content, filename=name)
    return bytes(message)


def message(said: str, **attached: str) -> EmailMessage:
    inner = EmailMessage(SMTP)
    inner["From"], inner["Subject"] = "cy@c.example", "An older mail"
    inner.set_content(said)
    for key, content in attached.items():
        inner.add_attachment(content, filename=".".join(key.rsplit("_", 1)))
    return inner


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


@pytest.fixture
def engine(library: Path, make_engine: MakeEngine, tiny_model: Path) -> Engine:
    return make_engine(library, model=str(tiny_model))


def held(engine: Engine, folder: Path) -> dict[str, Document]:
    """Documents by their path below the folder."""
    return {str(d.path.relative_to(folder)): d for d in engine.documents()}


def ids(engine: Engine, folder: Path) -> dict[str, DocumentId]:
    return {name: document.id for name, document in held(engine, folder).items()}


def found(engine: Engine, words: str, *places: Path) -> set[str]:
    """Where these words stand."""
    answer = engine.ask(words, 100, Filters(tuple(map(str, places))))
    return {p.citation.document.path for p in answer.passages if words in p.citation.quote}


def test_what_is_attached_is_a_document_inside_the_mail(
    engine: Engine, library: Path, folder: Path
) -> None:
    inner = message("It said mk0103.", deep_txt="At the bottom lay mk0104.")
    data = mail("See mk0100.", note_txt=text(2, 1), rows_csv=ROWS, old_eml=inner)
    (folder / "mail.eml").write_bytes(data)
    report = add(engine, folder)
    assert (names(report.added), report.failed) == (["mail.eml"], [])
    assert report.passages == report.embedded
    documents = held(engine, folder)
    assert {name: d.container for name, d in documents.items()} == {
        "mail.eml": None,
        "mail.eml/note.txt": folder / "mail.eml",
        "mail.eml/old.eml": folder / "mail.eml",
        "mail.eml/old.eml/deep.txt": folder / "mail.eml",
        "mail.eml/rows.csv": folder / "mail.eml",
    }
    assert documents["mail.eml/old.eml"].metadata.title == "An older mail"
    for words, name in (
        ("mk0100", "mail.eml"),
        ("mk0102", "mail.eml/rows.csv"),
        ("mk0103", "mail.eml/old.eml"),
        ("mk0104", "mail.eml/old.eml/deep.txt"),
    ):
        assert found(engine, words) == {str(folder / name)}
    cited = engine.ask("mk0104", 1).passages[0].citation.document
    assert cited.container == str(folder / "mail.eml")
    check_catalog(library)
    check_indexes(library)


def test_nothing_is_done_for_a_mail_that_is_unchanged(engine: Engine, folder: Path) -> None:
    (folder / "mail.eml").write_bytes(mail("See below.", note_txt=text(2, 1)))
    add(engine, folder)
    before, generation = held(engine, folder), engine.status().generation
    report = add(engine, folder)
    assert (names(report.unchanged), report.removed, report.passages) == (["mail.eml"], [], 0)
    assert (held(engine, folder), engine.status().generation) == (before, generation)


def test_asking_in_a_mail_asks_what_is_attached_too(engine: Engine, folder: Path) -> None:
    (folder / "mail.eml").write_bytes(mail("The mail of mk0105.", note_txt="A note of mk0105."))
    (folder / "other.eml").write_bytes(mail("Another of mk0105.", note_txt="Noted: mk0105."))
    add(engine, folder)
    one = folder / "mail.eml"
    assert found(engine, "mk0105", one) == {str(one), str(one / "note.txt")}
    assert found(engine, "mk0105", one / "note.txt") == {str(one / "note.txt")}
    assert len(found(engine, "mk0105")) == 4


def test_a_citation_names_mail_and_attachment(
    run_qa: RunQa, folder: Path, tiny_model: Path
) -> None:
    (folder / "mail.eml").write_bytes(mail("See below.", note_txt="One.\n\nA note of mk0105."))
    added = run_qa("add", folder, "--model", tiny_model)
    assert added.returncode == 0, added.stderr
    asked = run_qa("ask", "mk0105", "-k", "1", cwd=folder)
    assert asked.stdout.startswith("[1] mail.eml/note.txt:1-3  score"), asked.stdout
    inside = run_qa("ask", "mk0105", "--in", "mail.eml", "--format", "json", cwd=folder)
    cited = [p["citation"] for p in json.loads(inside.stdout)["passages"]]
    assert {Path(c["document"]["path"]).name for c in cited} == {"mail.eml", "note.txt"}
    assert {c["document"]["container"] for c in cited} == {None, str(folder / "mail.eml")}


def test_attachments_move_with_their_mail(engine: Engine, library: Path, folder: Path) -> None:
    inner = message("Older.", deep_txt=text(1, 2))
    (folder / "mail.eml").write_bytes(mail("See below.", note_txt=text(2, 1), old_eml=inner))
    add(engine, folder)
    before = ids(engine, folder)
    (folder / "below").mkdir()
    (folder / "mail.eml").rename(folder / "below" / "renamed.eml")
    report = add(engine, folder)
    assert report.moved == [(folder / "mail.eml", folder / "below" / "renamed.eml")]
    assert (report.added, report.removed, report.embedded) == ([], [], 0)
    moved = {name.replace("mail.eml", "below/renamed.eml"): id_ for name, id_ in before.items()}
    assert ids(engine, folder) == moved
    containers = {d.container for d in engine.documents()}
    assert containers == {None, folder / "below" / "renamed.eml"}
    check_indexes(library)


def test_mails_that_swap_names_swap_their_attachments(
    engine: Engine, library: Path, folder: Path
) -> None:
    one, two, aside = folder / "one.eml", folder / "two.eml", folder / "aside"
    one.write_bytes(mail("The first.", note_txt="A note of mk0201.", only_txt=text(1, 1)))
    two.write_bytes(mail("The second.", note_txt="A note of mk0202."))
    add(engine, folder)
    before = ids(engine, folder)
    one.rename(aside)
    two.rename(one)
    aside.rename(two)
    report = add(engine, folder)
    assert sorted(report.moved) == [(one, two), (two, one)]
    assert (report.changed, report.removed, report.embedded) == ([], [], 0)
    swapped = {"one": "two", "two": "one"}
    assert ids(engine, folder) == {swapped[name[:3]] + name[3:]: n for name, n in before.items()}
    assert found(engine, "mk0201") == {str(two / "note.txt")}
    assert found(engine, "mk0202") == {str(one / "note.txt")}
    assert {d.path: d.container for d in engine.documents()} == {
        one: None,
        two: None,
        one / "note.txt": one,
        two / "note.txt": two,
        two / "only.txt": two,
    }
    check_indexes(library)


def test_a_mail_in_the_place_of_another_has_its_own_attachments(
    engine: Engine, library: Path, folder: Path
) -> None:
    one, two = folder / "one.eml", folder / "two.eml"
    one.write_bytes(mail("The first.", note_txt=text(1, 1), one_txt=text(1, 2)))
    two.write_bytes(mail("The second.", note_txt=text(1, 3), two_txt=text(1, 4)))
    add(engine, folder)
    one.replace(two)
    report = add(engine, folder)
    assert report.moved == [(one, two)]
    assert sorted(report.removed) == [two, two / "note.txt", two / "two.txt"]
    assert set(held(engine, folder)) == {"two.eml", "two.eml/note.txt", "two.eml/one.txt"}
    assert found(engine, paragraphs(1, 1)[0]) == {str(two / "note.txt")}
    check_indexes(library)


def test_attachments_of_a_changed_mail_follow_it(
    engine: Engine, library: Path, folder: Path
) -> None:
    file = folder / "mail.eml"
    file.write_bytes(mail("Words.", same_txt=text(2, 1), other_txt=text(3, 2), gone_txt=text(1, 3)))
    add(engine, folder)
    before = ids(engine, folder)
    changed = "\n\n".join([*paragraphs(2, 2), *paragraphs(1, 9)])
    file.write_bytes(mail("Words.", same_txt=text(2, 1), other_txt=changed, new_txt=text(1, 4)))
    report = add(engine, folder)
    assert names(report.changed) == ["mail.eml"]
    assert (report.added, report.removed, report.failed) == ([], [], [])
    after = ids(engine, folder)
    assert set(after) == {"mail.eml", *(f"mail.eml/{n}.txt" for n in ("same", "other", "new"))}
    assert {name: after[name] for name in after.keys() & before.keys()} == {
        name: before[name] for name in after.keys() & before.keys()
    }
    assert report.embedded == 2  # of the changed one its last paragraph, and the new one
    assert found(engine, paragraphs(1, 3)[0]) == set()
    assert found(engine, paragraphs(1, 9)[0]) == {str(file / "other.txt")}
    check_indexes(library)


def test_what_was_attached_to_a_deleted_mail_goes_with_it(
    engine: Engine, library: Path, folder: Path
) -> None:
    file = folder / "mail.eml"
    file.write_bytes(mail("See mk0100.", note_txt=text(1, 1), rows_csv=ROWS))
    (folder / "stays.txt").write_text(text(1, 5))
    add(engine, folder)
    file.unlink()
    report = add(engine, folder)
    assert sorted(report.removed) == [file, file / "note.txt", file / "rows.csv"]
    assert set(held(engine, folder)) == {"stays.txt"}
    check_indexes(library)


def test_a_mail_is_removed_with_what_is_attached(
    run_qa: RunQa, folder: Path, engine: Engine
) -> None:
    file = folder / "mail.eml"
    file.write_bytes(mail("See mk0100.", note_txt=text(1, 1), broken_pdf=b"none"))
    (folder / "mail.eml.txt").write_text(text(1, 5))
    add(engine, folder)
    assert names([failure.path for failure in engine.failures()]) == ["broken.pdf"]
    removed = run_qa("remove", "mail.eml", cwd=folder)
    assert removed.stdout.splitlines() == [
        "mail.eml",
        "mail.eml/broken.pdf",
        "mail.eml/note.txt",
    ], removed.stderr
    assert set(held(engine, folder)) == {"mail.eml.txt"}
    assert engine.failures() == []
    assert file.exists()


def test_an_attachment_that_fails_is_listed_until_the_mail_changes(
    engine: Engine, library: Path, folder: Path
) -> None:
    file = folder / "mail.eml"
    file.write_bytes(mail("See mk0100.", note_txt="Noted.", broken_pdf=b"This is no PDF."))
    first = add(engine, folder)
    assert [failure.path for failure in first.failed] == [file / "broken.pdf"]
    assert (names(first.added), set(held(engine, folder))) == (
        ["mail.eml"],
        {"mail.eml", "mail.eml/note.txt"},
    )
    assert found(engine, "mk0100") == {str(file)}
    for _ in range(2):
        again = add(engine, folder)
        assert [(f.path, f.code) for f in again.failed] == [(f.path, f.code) for f in first.failed]
        assert (names(again.unchanged), again.passages) == (["mail.eml"], 0)
        assert engine.failures() == first.failed
    file.write_bytes(mail("See mk0100.", note_txt="Noted."))
    assert add(engine, folder).failed == []
    assert engine.failures() == []
    check_indexes(library)


def test_a_failed_attachment_is_listed_where_its_mail_has_moved_to(
    engine: Engine, folder: Path
) -> None:
    file, target = folder / "mail.eml", folder / "moved.eml"
    file.write_bytes(mail("See mk0100.", broken_pdf=b"This is no PDF."))
    add(engine, folder)
    file.rename(target)
    for _ in range(2):
        report = add(engine, folder)
        assert [failure.path for failure in report.failed] == [target / "broken.pdf"]
        [listed] = engine.failures()
        assert listed.path == target / "broken.pdf"
        assert str(target / "broken.pdf") in listed.message
    target.unlink()
    (folder / "other.txt").write_text(text(1, 1))
    assert add(engine, folder).failed == []
    assert engine.failures() == []


def test_a_mended_attachment_is_read_and_a_broken_one_stays_as_it_was_read(
    engine: Engine, folder: Path
) -> None:
    file = folder / "mail.eml"
    file.write_bytes(mail("Words.", one_jsonl=b"{", two_jsonl=b'{"text": "mk0301 grows."}'))
    assert names([f.path for f in add(engine, folder).failed]) == ["one.jsonl"]
    file.write_bytes(mail("Words.", one_jsonl=b'{"text": "mk0302 grows."}', two_jsonl=b"{"))
    assert names([f.path for f in add(engine, folder).failed]) == ["two.jsonl"]
    assert found(engine, "mk0302") == {str(file / "one.jsonl")}
    assert names([f.path for f in engine.failures()]) == ["two.jsonl"]


def test_what_is_attached_to_two_mails_is_embedded_once(
    engine: Engine, library: Path, folder: Path
) -> None:
    for name in ("one", "two"):
        data = mail(f"The mail named {name}.", subject=name, note_txt=text(3, 1))
        (folder / f"{name}.eml").write_bytes(data)
    report = add(engine, folder)
    assert report.passages - report.embedded == 3
    words = paragraphs(3, 1)[1]
    assert found(engine, words) | {
        other.document.path
        for passage in engine.ask(words, 100).passages
        for other in passage.also_at
    } == {str(folder / "one.eml" / "note.txt"), str(folder / "two.eml" / "note.txt")}
    (folder / "one.eml").unlink()
    assert add(engine, folder).embedded == 0
    assert found(engine, words) == {str(folder / "two.eml" / "note.txt")}
    check_indexes(library)


def test_attachments_of_one_name_are_documents_of_their_own(engine: Engine, folder: Path) -> None:
    whole = EmailMessage(SMTP)
    whole["From"], whole["Subject"] = "ana@a.example", "Twice"
    whole.set_content("Both are attached.")
    whole.add_attachment("The first: mk0401.", filename="note.txt")
    whole.add_attachment("The second: mk0402.", filename="note.txt")
    (folder / "mail.eml").write_bytes(bytes(whole))
    add(engine, folder)
    assert set(held(engine, folder)) == {
        "mail.eml",
        "mail.eml/note.txt",
        "mail.eml/note (2).txt",
    }
    assert found(engine, "mk0402") == {str(folder / "mail.eml" / "note (2).txt")}


def test_a_mail_that_becomes_unreadable_keeps_what_it_had(engine: Engine, folder: Path) -> None:
    file = folder / "mail.eml"
    file.write_bytes(mail("See mk0100.", note_txt="Noted: mk0105."))
    add(engine, folder)
    file.write_bytes(b"no mail at all")
    for _ in range(2):
        report = add(engine, folder)
        assert ([f.path for f in report.failed], report.removed) == ([file], [])
        assert found(engine, "mk0105") == {str(file / "note.txt")}


def test_edits_of_an_attachment_survive_a_change_of_its_mail(engine: Engine, folder: Path) -> None:
    file = folder / "mail.eml"
    file.write_bytes(mail("Words.", note_txt=text(1, 1)))
    add(engine, folder)
    engine.edit(file / "note.txt", Metadata(title="A note"))
    file.write_bytes(mail("Other words.", note_txt=text(1, 2)))
    add(engine, folder)
    assert held(engine, folder)["mail.eml/note.txt"].metadata.title == "A note"
    file.rename(folder / "moved.eml")
    add(engine, folder)
    assert held(engine, folder)["moved.eml/note.txt"].metadata.title == "A note"
