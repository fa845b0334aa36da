"""Running the service on a port."""

from __future__ import annotations

import socket

import click

from index.errors import AddressUnavailable
from qa.engine import Engine


def serve(engine: Engine, host: str, port: int) -> None:
    """Serve until interrupted.

    Raises:
        AddressUnavailable: when the port is taken or the address is not ours.
    """
    listening = _listen(host, port)  # before anything heavy is loaded
    import uvicorn

    from api.app import create_app

    with listening:
        address = f"{host}:{listening.getsockname()[1]}"
        click.echo(f"Quaere serves on http://{address} (Ctrl-C stops it)", err=True)
        config = uvicorn.Config(create_app(engine), log_level="warning")
        uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        raise AddressUnavailable(
            f"{host}:{port}: the address cannot be served on ({(error.strerror or '').lower()}).",
            "Stop the program that holds it, or take another with --port.",
        ) from None
    return listening
