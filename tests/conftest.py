"""What the tests share: real stores, the real model, and a tiny one where only speed matters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from filelock import FileLock

from index.types import SyncReport
from qa.engine import Engine
from qa.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from starlette.types import ASGIApp

PROJECT = Path(__file__).parent.parent
SEEDS = PROJECT / "seeds"
LOOPBACK = "http://127.0.0.1"
"""Where a test's client finds the service; it goes by no other name."""

MakeEngine = Callable[..., Engine]
RunQa = Callable[..., subprocess.CompletedProcess[str]]


SLOW = {"cache", "tiny_model", "browser"}
"""Fixtures of tests with a model, a library, a command or a browser: `make quick` leaves them out."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with slow tests first: of two processes none is left alone with them at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
    for item in items:
        if SLOW.intersection(getattr(item, "fixturenames", ())):  # doctests have none
            item.add_marker("slow")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("QUAERE_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder of all processes that run these tests."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def cache(shared_folder: Path) -> Path:
    """Compiled models, made once for all tests."""
    folder = shared_folder / "cache"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Where a test's library is to be; there is none yet."""
    return tmp_path / "library"


@pytest.fixture
def make_engine(cache: Path) -> Iterator[MakeEngine]:
    """Engines over a library, closed at the end of the test."""
    made: list[Engine] = []

    def make(library: Path, **settings: Any) -> Engine:
        made.append(Engine(Settings(library=library, cache=cache, device="cpu", **settings)))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


@pytest.fixture(scope="session")
def seed_library(shared_folder: Path, cache: Path) -> Path:
    """The seeds, indexed with the real model. Read it; never write to it."""
    library = shared_folder / "seeds" / "library"
    with FileLock(shared_folder / "seeds.lock"):
        if not library.exists():
            with closing(Engine(Settings(library=library, cache=cache, device="cpu"))) as engine:
                engine.add([SEEDS], lambda _: None)
    return library


@pytest.fixture(scope="session")
def seed_engine(seed_library: Path, cache: Path) -> Iterator[Engine]:
    """An engine over the indexed seeds, shared: loading the model takes longer than asking."""
    with closing(Engine(Settings(library=seed_library, cache=cache, device="cpu"))) as engine:
        yield engine


@pytest.fixture(scope="session")
def tiny_model(shared_folder: Path) -> Path:
    """A sentence-transformers model with random weights, some kilobytes large."""
    folder = shared_folder / "tiny-model"
    with FileLock(shared_folder / "tiny-model.lock"):
        if not folder.exists():
            making = [sys.executable, Path(__file__).parent / "make_tiny_model.py", folder]
            subprocess.run(making, check=True)
    return folder


@pytest.fixture
def engine(library: Path, make_engine: MakeEngine, tiny_model: Path) -> Engine:
    """Over a library that does not exist yet, with a small model. Some files have another."""
    return make_engine(library, model=str(tiny_model))


@pytest.fixture
def client(engine: Engine) -> TestClient:
    """Of the service over the test's engine."""
    from api.app import create_app

    return local_client(create_app(engine))


def local_client(app: ASGIApp, **options: Any) -> TestClient:
    """A client of a service, on its own machine: of others so many requests a second are too many."""
    return TestClient(app, base_url=LOOPBACK, **{"client": ("127.0.0.1", 50_000)} | options)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real one, shared by a file's tests: it takes a second to start.

    Not longer: while it is there, an event loop runs in this thread, where other tests begin theirs.
    """
    from browser import launched

    with launched() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A visitor's page, with nothing kept from other tests. Errors of its scripts fail the test."""
    from browser import visiting

    with visiting(browser) as page:
        yield page


@pytest.fixture(scope="session")
def seed_site(seed_engine: Engine) -> Iterator[str]:
    """The address of a service over the seeds."""
    from live_server import live

    with live(seed_engine) as address:
        yield address


@pytest.fixture
def run_qa(cache: Path, tmp_path: Path) -> RunQa:
    """Run `qa` as a user does: a process of its own, with a library in the test's folder."""

    def run(
        *arguments: str | Path,
        stdin: str | bytes = "",
        environment: dict[str, str] | None = None,
        cwd: Path | None = None,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            qa_command(*arguments),
            input=stdin if isinstance(stdin, str) else stdin.decode(errors="surrogateescape"),
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=120,
            cwd=cwd,
            env=qa_environment(tmp_path / "library", cache) | (environment or {}),
            check=False,
        )

    return run


def qa_command(*arguments: str | Path) -> list[str]:
    """The command line of `qa` in this environment."""
    return [sys.executable, "-m", "qa", *map(str, arguments)]


def qa_environment(library: Path, cache: Path) -> dict[str, str]:
    """An environment in which `qa` finds this library and this cache."""
    return os.environ | {
        "QUAERE_LIBRARY": str(library),
        "QUAERE_CACHE": str(cache),
        "QUAERE_DEVICE": "cpu",
    }


def write(folder: Path, **texts: str) -> Path:
    """Write NAME.txt for each keyword; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
    return folder


def add(engine: Engine, *paths: Path) -> SyncReport:
    """Sync without telling anyone how far it has come."""
    return engine.add(paths, lambda _: None)


def seed_questions() -> list[dict[str, Any]]:
    """The questions that come with the seeds."""
    lines = (SEEDS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def names(paths: Sequence[Path]) -> list[str]:
    """File names, sorted."""
    return sorted(path.name for path in paths)
