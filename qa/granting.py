"""Commands that say who may use the service: API keys."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from qa.engine import Engine
from qa.keys import SCOPES, Keys, Scope
from qa.options import as_format, with_engine


@click.group()
def keys() -> None:
    """Make, list and revoke API keys for qa serve.

    Once there is a key, every request needs one, but for /health: send it as
    Authorization: Bearer KEY. Changes hold at once, also while serving.
    """


@keys.command()
@click.argument("name")
@click.option(
    "--scope",
    type=click.Choice(SCOPES),
    default="read",
    show_default=True,
    help="What it may do; write may also change the library.",
)
@with_engine
def add(engine: Engine, name: str, scope: Scope) -> None:
    """Make a key and show it, this once; only its checksum is kept."""
    token = _keys_of(engine).add(name, scope)
    click.echo(token)
    click.echo("Keep it now: it cannot be shown again.", err=True)


@keys.command("list")
@as_format
@with_engine
def list_(engine: Engine, as_: str) -> None:
    """Show which keys there are: name, scope and when they were made."""
    found = _keys_of(engine).read()
    if as_ == "json":
        told = [{k: v for k, v in asdict(key).items() if k != "sha256"} for key in found]
        click.echo(json.dumps(told, indent=2))
        return
    for key in found:
        click.echo(f"{key.name}  {key.scope}  {key.created}")
    click.echo(f"{len(found):,} keys", err=True)


@keys.command()
@click.argument("name")
@with_engine
def revoke(engine: Engine, name: str) -> None:
    """Take a key back; requests that bring it are refused from now on."""
    held = _keys_of(engine)
    held.revoke(name)
    if not held.read():
        told = f"No key is left: every request is refused until there is one. To ask for none, delete {held.file}"
        click.echo(told, err=True)


def _keys_of(engine: Engine) -> Keys:
    engine.status()  # says what is wrong where there is no library
    return Keys(engine.library)
