"""`kill -9` at random moments, in a folder of many formats that changes meanwhile."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from consistency import Held, check_catalog, check_indexes, held
from made_files import FORMATS, made
from test_killed_process import Indexing, last_acknowledged, progress

from index.doctor import examine
from index.library import Library

pytestmark = pytest.mark.slow

KILLS = 10
"""Each takes some five seconds; `python -m benchmarks soak` makes others."""
PER_FORMAT, PASSAGES = 2, 40
"""16 files, two commits."""

THOROUGHLY = 5
"""After every so many-eth kill `qa doctor` is run as users do, and reads the files again."""

NO_LIBRARY, UNSOUND = 20, 27
ATTACHED = "attached.txt"


@dataclass
class Changing:
    """A folder whose files are written, moved and deleted at random."""

    path: Path
    chance: random.Random = field(default_factory=lambda: random.Random(20))
    written: int = 0

    def files(self) -> list[Path]:
        return sorted(path for path in self.path.rglob("*") if path.is_file())

    def write(self, path: Path) -> None:
        """A new text, in the format the name says."""
        self.written += 1
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made(path.suffix, PASSAGES, self.written))

    def write_all(self) -> None:
        for suffix in FORMATS:
            for number in range(PER_FORMAT):
                self.write(self.path / f"{number}{suffix}")

    def change(self) -> None:
        """Five files are written anew, one goes, one comes, two move."""
        files = self.files()
        self.chance.shuffle(files)
        gone, first, second, *rest = files
        for file in rest[:5]:
            self.write(file)
        gone.unlink()
        self.write(self.path / f"new-{self.written}{gone.suffix}")
        for file in (first, second):
            target = self.path / f"moved-{self.written}" / f"{file.stem}{file.suffix}"
            target.parent.mkdir(exist_ok=True)
            file.rename(target)

    def now(self) -> dict[str, str]:
        """The SHA-256 of each file."""
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in self.files()}


def known(library: Path) -> Held:
    return held(library) if (library / "catalog.sqlite").exists() else {}


def test_killed_at_random_moments_while_files_of_many_formats_change(
    tmp_path: Path, tiny_model: Path, cache: Path
) -> None:
    folder = Changing(tmp_path / "documents")
    folder.write_all()
    indexing = Indexing(folder.path, tiny_model, cache, 0, 0, {})
    assert indexing.add(tmp_path / "compiling").returncode == 0
    begin, end = times(indexing, tmp_path / "undisturbed")
    library = tmp_path / "library"
    kills = 0
    while kills < KILLS:
        before = known(library)
        with indexing.start(library) as process:
            time.sleep(folder.chance.uniform(begin, end))
            process.kill()
            acknowledged = last_acknowledged(process)
        if process.returncode == -signal.SIGKILL:
            kills += 1
            end *= 1.03
        else:  # done already: there is less to do than there was, or the machine is faster now
            end *= 0.8
        if kills % THOROUGHLY == 0:
            check_doctor(indexing, library)
        check_after_kill(library, before, folder.now(), acknowledged)
        folder.change()
    finished = indexing.add(library)
    assert finished.returncode == 0, finished.stderr
    fresh = indexing.add(tmp_path / "fresh")
    assert fresh.returncode == 0, fresh.stderr
    assert held(library) == held(tmp_path / "fresh")
    assert len(held(library)) > len(FORMATS) * PER_FORMAT  # attachments too
    check_doctor(indexing, library)
    check_catalog(library)
    check_indexes(library, every=500)


def times(indexing: Indexing, library: Path) -> tuple[float, float]:
    """When a process first does something, and when it is done, in seconds from its start."""
    began = time.monotonic()
    with indexing.start(library) as process:
        said = [time.monotonic() - began for _ in progress(process)]
    return said[0] / 2, said[-1]


def check_after_kill(library: Path, before: Held, now: dict[str, str], acknowledged: int) -> None:
    """Every document is as it was or as its file is; what was acknowledged is as its file is."""
    if not (library / "catalog.sqlite").exists():
        assert acknowledged == 0
        return
    check_sound(library)
    after = known(library)
    contents = dict(before.values())
    for path, (sha256, passages) in after.items():
        if Path(path).name != ATTACHED:
            assert sha256 in {now.get(path), before.get(path, ("",))[0]}
            assert passages == contents.get(sha256, passages)
    for path, (sha256, _) in before.items():
        if path in now and now[path] == sha256:
            assert after[path] == before[path]  # nobody touched it
    known_before = {sha256 for sha256, _ in before.values()}
    new = [path for path, sha256 in now.items() if sha256 not in known_before]
    assert sum(path in after and after[path][0] == now[path] for path in new) >= acknowledged
    mails = {path for path in after if path.endswith(".eml")}
    assert {str(Path(path).parent) for path in after if Path(path).name == ATTACHED} == mails


def check_sound(library: Path) -> None:
    """No damage, or only indexes that lag, which the next to open the library makes anew."""
    found = examine(library, read_files=False)
    if not found.sound:
        assert [finding.code for finding in found.findings] == ["indexes-missing"]
        with closing(Library.open(library)) as opened:
            opened.snapshot()
        found = examine(library, read_files=False)
    assert found.findings == ()


def check_doctor(indexing: Indexing, library: Path) -> None:
    """The same as users do it, with the files read again."""
    examined = indexing.qa(library, "doctor", "--format", "json")
    if not (library / "catalog.sqlite").exists():
        assert examined.returncode == NO_LIBRARY, examined.stderr
        return
    findings = [finding["code"] for finding in json.loads(examined.stdout)["findings"]]
    assert examined.returncode == (UNSOUND if findings else 0), examined.stderr
    assert findings in ([], ["indexes-missing"])
