"""Options of `qa serve` that say to whom it shows itself, and how it tells of requests."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")
ORIGIN = re.compile(rf"https?://({HOST.pattern})(:\d{{1,5}})?")

Command = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Exposure:
    """To whom the service shows itself. By default: to this machine, and no page of others."""

    insecure: bool = False
    """Whether others may use it without a key."""
    hosts: tuple[str, ...] = ()
    """Further names it goes by."""
    origins: tuple[str, ...] = ()
    """Origins whose pages may use it."""
    log_format: str | None = None
    """How each request is logged: text, json, or not at all."""
    rate_limit: int | None = None
    """Requests a second for each key; None: what the service takes for generous. 0: any."""


def _matching(pattern: re.Pattern[str], example: str) -> Callable[..., tuple[str, ...]]:
    def check(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            if not pattern.fullmatch(one):
                raise click.BadParameter(f"{one!r} is none; write it as {example}")
        return tuple(one.lower() for one in given)

    return check


def exposed(command: Command) -> Command:
    """Give a command these options, as one `Exposure`."""

    @click.option(
        "--insecure", is_flag=True, help="Let others than this machine in without API keys."
    )
    @click.option(
        "--allow-host",
        "hosts",
        multiple=True,
        metavar="NAME",
        callback=_matching(HOST, "quaere.example.org"),
        help="Answer under this name too, as behind a proxy. May be repeated.",
    )
    @click.option(
        "--allow-origin",
        "origins",
        multiple=True,
        metavar="ORIGIN",
        callback=_matching(ORIGIN, "https://example.org"),
        help="Let pages of this origin use the service (CORS). May be repeated.",
    )
    @click.option(
        "--log-format",
        type=click.Choice(["text", "json"]),
        help="Log each request to stderr, never what was asked. Without it, none is.",
    )
    @click.option(
        "--rate-limit",
        type=click.IntRange(0),
        metavar="N",
        help="Requests a second for each key, or address where there are no keys; 0 for any. "
        "Without it 50, and any from this machine without keys.",
    )
    @wraps(command)
    def run(
        *args: Any,
        insecure: bool,
        hosts: tuple[str, ...],
        origins: tuple[str, ...],
        log_format: str | None,
        rate_limit: int | None,
        **options: Any,
    ) -> None:
        exposure = Exposure(insecure, hosts, origins, log_format, rate_limit)
        command(*args, exposure=exposure, **options)

    return run
