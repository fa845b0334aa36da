"""What the service answers is what its description says: held to it by schemathesis.

tests/schemathesis.toml says how, and why where less than everything is asked for.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from conftest import PROJECT, add, write
from live_server import live
from made_files import made, pdf_saying

from index.types import DocumentId
from qa.engine import Engine
from qa.jobs.process import working
from qa.settings import Settings

CONFIGURATION = PROJECT / "tests" / "schemathesis.toml"
SPARE = 30
"""Documents that may be deleted: a library without any answers no question."""

PDF = 6
"""The document whose pages the configuration asks for."""


@pytest.fixture
def throw_away(seed_library: Path, cache: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a service that may be changed in every way."""
    library = tmp_path / "library"
    shutil.copytree(seed_library, library)
    sources = write(tmp_path / "sources", **{f"n{one}": f"Number {one}." for one in range(SPARE)})
    (sources / "mail.eml").write_bytes(made(".eml", 8, 2))
    page = tmp_path / "page.pdf"
    page.write_bytes(pdf_saying("The harbour froze in March."))
    with closing(Engine(Settings(library=library, cache=cache, device="cpu"))) as engine:
        add(engine, page)
        assert engine.document(DocumentId(PDF)).path == page
        add(engine, sources)
        engine.warm_up()
        with working(engine), live(engine) as address:  # else streams of jobs would not end
            yield address


@pytest.mark.slow
def test_every_answer_is_as_described(throw_away: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", CONFIGURATION]
    ended = subprocess.run(
        [*command, "run", f"{throw_away}/openapi.json"],
        cwd=tmp_path,  # it leaves a folder of its own behind
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    (selected, tested) = re.findall(r"(\d+) selected / (\d+) total", ended.stdout)[0]
    assert selected == tested
