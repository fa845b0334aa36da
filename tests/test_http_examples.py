"""docs/http.md: its commands run, its answers come, and it leaves no operation out."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import PROJECT, add
from curl_lines import Answered, by_curl, by_httpx, method, understood, words
from live_server import live
from made_files import pdf_saying

from api.app import create_app
from qa.client.connection import ADDRESS
from qa.engine import Engine
from qa.settings import Settings

PAGE = (PROJECT / "docs" / "http.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```\n(?:```(json|text)\n(.*?)^```\n)?", re.M | re.S)
EXAMPLES = [found.groups() for found in BLOCK.finditer(PAGE)]
"""Of each: its language, what is run, the language of what comes, and that."""
COMMANDS = [words(ran) for language, ran, *_ in EXAMPLES if language == "sh"]


JOB = "9e675ebbfd2dfdd3"
"""What the page calls the job that was asked for last; each has a name of its own."""
ACCEPTED, CREATED = 202, 201


@pytest.fixture(scope="module")
def samples(
    seed_library: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Engine]]:
    """Makes engines over copies of the samples with a PDF, to be changed."""
    folder = tmp_path_factory.mktemp("samples")
    page = folder / "page.pdf"
    page.write_bytes(pdf_saying("The harbour froze in March."))
    with contextlib.ExitStack() as stack:

        def copied() -> Engine:
            library = folder / f"library{len(list(folder.iterdir()))}"
            shutil.copytree(seed_library, library)
            engine = Engine(Settings(library=library, cache=cache, device="cpu"))
            add(stack.enter_context(closing(engine)), page)
            return engine

        yield copied


def says(answer: Any, shown: Any) -> bool:
    """Whether an answer has what is shown of it."""
    if isinstance(shown, dict):
        return all(name in answer and says(answer[name], one) for name, one in shown.items())
    if isinstance(shown, list):
        pairs = zip(answer, shown, strict=False)
        return len(answer) >= len(shown) and all(says(*pair) for pair in pairs)
    if isinstance(shown, str) and "…" in shown:
        return bool(re.fullmatch(".*".join(map(re.escape, shown.split("…"))), answer, re.S))
    return bool(answer == (pytest.approx(shown, abs=0.05) if isinstance(shown, float) else shown))


def holds(answered: Answered, kind: str | None, shown: str | None) -> bool:
    """Whether what came is what is shown: of a problem its status, of text every line."""
    if kind == "json":
        expected, came = json.loads(shown or ""), json.loads(answered.body)
        shown_status = expected.get("status", 200)
        status = shown_status if isinstance(shown_status, int) else 200
        if expected.get("state") == "queued" and "progress" not in expected:
            status = ACCEPTED  # asked for just now
        made = answered.status == CREATED and status == 200
        return (made or answered.status == status) and says(came, expected)
    lines = (shown or "").splitlines()
    return answered.status < 300 and all(line in answered.body.decode() for line in lines)


@pytest.mark.parametrize("send", [by_curl, by_httpx], ids=["curl", "httpx"])
def test_every_command_is_answered_as_shown(
    send: Callable[[list[str], Path], Answered], samples: Callable[[], Engine], tmp_path: Path
) -> None:
    if send is by_curl and not shutil.which("curl"):
        pytest.skip("there is no curl here; httpx sends the same")
    engine = samples()
    assert engine.page_image(6, 1, 600)  # type: ignore[arg-type]
    wrong, job = [], JOB
    (tmp_path / "paper.pdf").write_bytes(pdf_saying("The harbour was sold."))
    with live(engine) as address:
        for language, ran, kind, shown in EXAMPLES:
            if language == "sh":
                command = ran.replace(ADDRESS, address).replace(JOB, job)
                answered = send(words(command), tmp_path)
                if answered.status == ACCEPTED:
                    job = json.loads(answered.body)["id"]
                if not holds(answered, kind, shown and shown.replace(JOB, job)):
                    wrong.append((ran, answered))
    assert not wrong
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")


def test_the_python_example_prints_what_is_shown(samples: Callable[[], Engine]) -> None:
    (ran, shown) = next((ran, shown) for kind, ran, _, shown in EXAMPLES if kind == "python")
    with live(samples()) as address, contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(ran.replace(ADDRESS, address), "docs/http.md", "exec"), {})
    for line in shown.splitlines():
        assert line in printed.getvalue()


def test_every_block_of_the_page_is_run() -> None:
    assert len(EXAMPLES) == len(re.findall(r"^```(?:sh|python)\n", PAGE, re.M))
    assert len(re.findall("^```", PAGE, re.M)) == 2 * sum(
        1 + bool(kind) for _, _, kind, _ in EXAMPLES
    )


def test_every_operation_has_an_example(tmp_path: Path) -> None:
    described = create_app(Engine(Settings(library=tmp_path, cache=tmp_path))).openapi()
    given = [understood(one) for one in COMMANDS]
    asked = [(method(one), urlsplit(one.url).path) for one in given]
    for path, operations in described["paths"].items():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        shown = {by for by, of in asked if re.fullmatch(pattern, of)}
        assert set(map(str.upper, operations)) <= shown, path
