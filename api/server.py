"""Running the service on a port."""

from __future__ import annotations

import contextlib
import socket

import click

from index.errors import AddressUnavailable, LibraryEmpty, LibraryLocked, LibraryMissing
from qa.engine import Engine

MAY_COME = (LibraryMissing, LibraryEmpty, LibraryLocked)
"""What passes by itself: the first question after that opens the library."""
LAST_SECONDS = 5
"""How long requests under way may hold up the end of the service."""


def serve(engine: Engine, host: str, port: int) -> None:
    """Serve until interrupted.

    Raises:
        AddressUnavailable: when the port is taken or the address is not ours.
        LibraryError, EncoderError: when no question could ever be answered.
    """
    with listen(host, port) as listening:  # before anything heavy is loaded
        with contextlib.suppress(*MAY_COME):
            engine.warm_up()
        import uvicorn

        from api.app import create_app

        config = uvicorn.Config(
            create_app(engine), log_level="warning", timeout_graceful_shutdown=LAST_SECONDS
        )
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn passes it on when it has ended
            click.echo(f"Quaere serves on {url(host, listening)} (Ctrl-C stops it)", err=True)
            uvicorn.Server(config).run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections from now on; they wait until they are served."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except (OSError, UnicodeError) as error:  # UnicodeError: no host can have such a name
        reason = (getattr(error, "strerror", None) or str(error)).partition(" (")[0].lower()
        raise AddressUnavailable(
            f"{host}:{port}: the address cannot be served on ({reason}).",
            "Stop the program that holds it, or take another with --port or --host.",
        ) from None


def url(host: str, listening: socket.socket) -> str:
    """Where a browser on this host finds the service."""
    port = listening.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
