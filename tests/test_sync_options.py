"""What `qa add` can be told: only to say what it would do, to keep what is gone, to list files."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest
from conftest import MakeEngine, RunQa, add, names
from consistency import check_indexes, held
from generated import paragraphs, text
from made_files import mail

from index.errors import MetadataInvalid, NothingToIndex
from index.sync import Options
from index.types import SyncReport
from qa.engine import Engine

BROKEN = b"no PDF"
LISTS = ("added", "changed", "moved", "removed", "missing", "unchanged", "skipped", "ignored")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files of several kinds: some are read, one fails, one is no document, one is ignored."""
    made = tmp_path / "folder"
    (made / "below").mkdir(parents=True)
    for seed, name in enumerate(("one.txt", "two.md", "below/three.txt", "four.txt", "five.txt")):
        (made / name).write_text(text(1, seed))
    (made / "mail.eml").write_bytes(mail(paragraphs(2, 9)))
    (made / "broken.pdf").write_bytes(BROKEN)
    (made / "picture.xyz").write_bytes(b"")
    (made / "draft.txt").write_text(text(1, 8))
    (made / ".gitignore").write_text("draft*\n")
    return made


@pytest.fixture
def engine(library: Path, make_engine: MakeEngine, tiny_model: Path) -> Engine:
    return make_engine(library, model=str(tiny_model))


def said(report: SyncReport) -> dict[str, object]:
    """What a report lists, in any order."""
    lists = {name: getattr(report, name) for name in LISTS}
    return {
        **{
            name: sorted(value) if isinstance(value, list) else value
            for name, value in lists.items()
        },
        "failed": sorted((str(one.path), one.code, one.message) for one in report.failed),
    }


def would(engine: Engine, *paths: Path, keep_missing: bool = False) -> SyncReport:
    report = engine.add(paths, lambda _: None, Options(keep_missing, dry_run=True))
    assert report.dry_run
    assert (report.passages, report.embedded) == (0, 0)
    return report


def does(engine: Engine, *paths: Path, keep_missing: bool = False) -> SyncReport:
    return engine.add(paths, lambda _: None, Options(keep_missing))


def bytes_of(library: Path) -> dict[str, str]:
    """The library's files, but for those SQLite makes for its readers."""
    return {
        str(file.relative_to(library)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(library.rglob("*"))
        if file.is_file() and not file.name.endswith(("-wal", "-shm"))
    }


# Only saying what would be done.


def test_a_dry_run_makes_no_library(engine: Engine, library: Path, folder: Path) -> None:
    report = would(engine, folder)
    assert not library.exists()
    assert names(report.added) == [
        "broken.pdf", "five.txt", "four.txt", "mail.eml", "one.txt", "three.txt", "two.md",
    ]  # fmt: skip
    assert (report.skipped, report.ignored) == (1, 1)


def change(folder: Path, chance: random.Random) -> None:
    """Some of everything that can happen to files."""
    documents = [file for file in sorted(folder.rglob("*")) if file.suffix in {".txt", ".md"}]
    for number, file in enumerate(chance.sample(documents, len(documents) - 1)):
        new = folder / f"new-{chance.randrange(10**6)}.txt"
        match chance.randrange(6 if number else 4):
            case 0:
                file.write_text(text(1, chance.randrange(10**6)))
            case 1:
                file.rename(new)
            case 2:
                file.unlink()
            case 3:
                new.write_text(text(1, chance.randrange(10**6)))
            case 4:
                shutil.copy(file, new)
            case 5:
                with (folder / ".gitignore").open("a") as rules:
                    rules.write(f"/{file.relative_to(folder)}\n")
    if chance.randrange(2) and (folder / "mail.eml").exists():
        (folder / "mail.eml").rename(folder / "below" / "post.eml")
    elif chance.randrange(2):
        (folder / "mail.eml").unlink(missing_ok=True)


@pytest.mark.parametrize("seed", range(4))
def test_a_dry_run_says_what_is_done_then(
    seed: int, engine: Engine, library: Path, folder: Path
) -> None:
    """But for files that turn out to be unreadable only when they are read."""
    chance = random.Random(seed)
    add(engine, folder)
    for _ in range(3):
        change(folder, chance)
        keep_missing = bool(chance.randrange(2))
        before, generation = bytes_of(library), engine.status().generation
        expected = would(engine, folder, keep_missing=keep_missing)
        assert (bytes_of(library), engine.status().generation) == (before, generation)
        assert [failure.path.name for failure in expected.failed] == ["broken.pdf"]
        assert said(does(engine, folder, keep_missing=keep_missing)) == said(expected)
    check_indexes(library)


def test_a_dry_run_refuses_what_would_be_refused(
    engine: Engine, library: Path, folder: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.bib"
    bad.write_text("nothing")
    with pytest.raises(MetadataInvalid):
        engine.add([folder], lambda _: None, Options(dry_run=True, bibliography=bad))
    assert not library.exists()
    add(engine, folder)
    for file in sorted(folder.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    messages = []
    for dry_run in (True, False):
        with pytest.raises(NothingToIndex) as raised:
            engine.add([folder], lambda _: None, Options(dry_run=dry_run))
        messages.append(raised.value.message)
    assert messages[0] == messages[1]
    assert "stay in the library" in messages[0]


def test_a_dry_run_remembers_no_bibliography(engine: Engine, folder: Path, tmp_path: Path) -> None:
    add(engine, folder)
    bibliography = tmp_path / "refs.bib"
    bibliography.write_text("@misc{one, title = {First}}")
    engine.add([folder], lambda _: None, Options(dry_run=True, bibliography=bibliography))
    assert does(engine, folder).described == []
    assert {d.metadata.title for d in engine.documents()} <= {None, "Rice"}


# Keeping what is gone.


def test_what_is_gone_is_kept_where_asked(engine: Engine, library: Path, folder: Path) -> None:
    add(engine, folder)
    before, gone = held(library), folder / "mail.eml"
    gone.unlink()
    for _ in range(2):
        report = does(engine, folder, keep_missing=True)
        assert sorted(report.missing) == [gone, gone / "attached.txt"]
        assert (report.removed, report.moved) == ([], [])
        assert held(library) == before
    found = engine.ask(paragraphs(2, 9)[1], 1).passages[0].citation.document
    assert found.path == str(gone / "attached.txt")
    report = add(engine, folder)
    assert sorted(report.removed) == [gone, gone / "attached.txt"]
    assert report.missing == []
    assert set(before) - set(held(library)) == {str(gone), str(gone / "attached.txt")}
    check_indexes(library)


def test_a_kept_document_whose_file_is_back_is_unchanged(engine: Engine, folder: Path) -> None:
    add(engine, folder)
    (folder / "one.txt").rename(folder.parent / "aside")
    assert names(does(engine, folder, keep_missing=True).missing) == ["one.txt"]
    (folder.parent / "aside").rename(folder / "one.txt")
    report = does(engine, folder)
    assert (report.added, report.missing, report.removed, report.embedded) == ([], [], [], 0)
    assert "one.txt" in names(report.unchanged)


def test_a_renamed_file_is_moved_even_where_missing_ones_are_kept(
    engine: Engine, folder: Path
) -> None:
    add(engine, folder)
    (folder / "one.txt").rename(folder / "first.txt")
    report = does(engine, folder, keep_missing=True)
    assert (report.moved, report.missing) == ([(folder / "one.txt", folder / "first.txt")], [])


# Files that failed.


def test_a_failed_file_is_read_again_only_when_named_or_changed(
    engine: Engine, folder: Path
) -> None:
    add(engine, folder)
    broken = folder / "broken.pdf"
    heard: list[int] = []
    for paths, read in (([folder], 0), ([broken], 1), ([folder], 0), ([folder, broken], 1)):
        heard.clear()
        report = engine.add(paths, lambda progress: heard.append(progress.files_total))
        assert max(heard, default=0) == read
        assert [failure.path for failure in report.failed] == [broken]
        assert [failure.path for failure in engine.failures()] == [broken]
    broken.rename(folder / "moved.pdf")
    report = add(engine, folder)
    assert names([failure.path for failure in report.failed]) == ["moved.pdf"]
    assert engine.failures() == report.failed


# What is printed.


def test_the_report_is_a_line_of_counts(run_qa: RunQa, folder: Path, tiny_model: Path) -> None:
    dry = run_qa("add", folder, "--model", tiny_model, "--dry-run")
    assert dry.stdout == "would be: 7 added, 1 of other kinds skipped, 1 ignored\n"
    assert (dry.returncode, dry.stderr) == (0, "")
    first = run_qa("add", folder, "--model", tiny_model)
    counts = (
        "6 added, 1 failed, 1 of other kinds skipped, 1 ignored; 8 passages, 8 of them embedded"
    )
    assert first.stdout == f"{counts}\n"
    assert first.returncode == 61
    (folder / "one.txt").rename(folder / "first.txt")
    (folder / "two.md").write_text(text(1, 20))
    (folder / "four.txt").unlink()
    (folder / "five.txt.meta.yaml").write_text("title: Five")
    dry = run_qa("add", folder, "--dry-run", "--keep-missing")
    counts = "1 changed, 1 moved, 1 missing and kept, 3 unchanged, 1 failed"
    assert dry.stdout == f"would be: {counts}, 1 of other kinds skipped, 1 ignored\n"
    assert dry.returncode == 61
    assert "broken.pdf" in dry.stderr
    verbose = run_qa("add", "--verbose", ".", cwd=folder)
    *listed, counted = verbose.stdout.splitlines()
    assert sorted(listed) == [
        "changed   two.md",
        "described five.txt",
        "moved     one.txt -> first.txt",
        "removed   four.txt",
        "unchanged below/three.txt",
        "unchanged mail.eml",
    ]
    assert counted == (
        "1 changed, 1 moved, 1 removed, 1 described anew, 3 unchanged, 1 failed, "
        "1 of other kinds skipped, 1 ignored; 1 passages, 1 of them embedded"
    )
    assert verbose.returncode == 61
    assert verbose.stderr.count("qa: ") == 1


def test_json_lists_everything(run_qa: RunQa, folder: Path, tiny_model: Path) -> None:
    first = run_qa("add", folder, "--model", tiny_model, "--format", "json", "--verbose")
    found = json.loads(first.stdout)
    assert found.keys() == asdict(SyncReport()).keys()
    assert names([Path(path) for path in found["added"]]) == [
        "five.txt", "four.txt", "mail.eml", "one.txt", "three.txt", "two.md",
    ]  # fmt: skip
    assert (found["passages"], found["embedded"], found["dry_run"]) == (8, 8, False)
    (folder / "one.txt").rename(folder / "first.txt")
    (folder / "four.txt").unlink()
    again = run_qa("add", folder, "--keep-missing", "--format", "json")
    found = json.loads(again.stdout)
    assert found["moved"] == [[str(folder / "one.txt"), str(folder / "first.txt")]]
    assert found["missing"] == [str(folder / "four.txt")]
    assert Counter(map(len, (found["added"], found["removed"], found["unchanged"]))) == {0: 2, 4: 1}
    [failure] = found["failed"]
    assert (Path(failure["path"]).name, failure["code"]) == ("broken.pdf", "file-damaged")
    assert again.returncode == 61
