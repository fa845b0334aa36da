"""Commands of curl: run as they are, or understood and sent by httpx where there is no curl."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx

HEADERS = "headers.txt"


@dataclass(frozen=True)
class Answered:
    status: int
    body: bytes


def words(command: str) -> list[str]:
    """A command's arguments, as a shell parts them."""
    name, *arguments = shlex.split(command.replace("\\\n", " "))
    assert name == "curl", command
    return arguments


def by_curl(arguments: list[str], folder: Path) -> Answered:
    ran = subprocess.run(
        ["curl", "--dump-header", HEADERS, *arguments],
        cwd=folder,
        env=os.environ | {"NO_PROXY": "*"},
        capture_output=True,
        timeout=60,
        check=True,
    )
    first = (folder / HEADERS).read_text().split("\r\n", 1)[0]
    return Answered(int(first.split()[1]), ran.stdout + _saved(understood(arguments), folder))


def by_httpx(arguments: list[str], folder: Path) -> Answered:
    given = understood(arguments)
    sent = [one.encode() for one in given.data]
    sent += [f"{name}={quote(value)}".encode() for name, value in given.encoded]
    url = given.url + ("?" + b"&".join(sent).decode() if given.get else "")
    response = httpx.request(
        method(given),
        url,
        headers=[tuple(one.split(": ", 1)) for one in given.header],
        content=None if given.get or given.form else b"&".join(sent),
        files=_form(given, folder),
        trust_env=False,
        timeout=60,
    )
    if given.output:
        (folder / given.output).write_bytes(response.content)
    return Answered(response.status_code, response.content)


def understood(arguments: list[str]) -> argparse.Namespace:
    """The options the examples use; any other is an error here."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-N", action="store_true")
    parser.add_argument("-F", dest="form", type=lambda one: tuple(one.split("=@", 1)))
    parser.add_argument("-G", dest="get", action="store_true")
    parser.add_argument("-X", dest="request")
    parser.add_argument("-o", dest="output")
    parser.add_argument("-H", dest="header", action="append", default=[])
    parser.add_argument("-d", dest="data", action="append", default=[])
    parser.add_argument(
        "--data-urlencode",
        dest="encoded",
        action="append",
        default=[],
        type=lambda one: tuple(one.split("=", 1)),
    )
    parser.add_argument("url")
    return parser.parse_args(arguments)


def _form(given: argparse.Namespace, folder: Path) -> dict[str, tuple[str, bytes]] | None:
    if not given.form:
        return None
    field, name = given.form
    return {field: (name, (folder / name).read_bytes())}


def method(given: argparse.Namespace) -> str:
    """Of the request that is sent."""
    posted = given.form or (given.data and not given.get)
    return str(given.request or ("POST" if posted else "GET"))


def _saved(given: argparse.Namespace, folder: Path) -> bytes:
    return (folder / given.output).read_bytes() if given.output else b""
