"""Running the service on a port."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Callable
from functools import partial

import click

from api.limits import Limits
from api.policy import Policy, hosts_of
from index.errors import (
    AddressExposed,
    AddressUnavailable,
    LibraryEmpty,
    LibraryLocked,
    LibraryMissing,
)
from qa.engine import Engine
from qa.exposure import Exposure
from qa.keys import Keys

MAY_COME = (LibraryMissing, LibraryEmpty, LibraryLocked)
"""What passes by itself: the first question after that opens the library."""
LAST_SECONDS = 4
"""How long requests under way may hold up the end of the service, which comes within five."""


def serve(
    engine: Engine, host: str, port: int, exposure: Exposure | None = None, workers: int = 1
) -> None:
    """Serve until interrupted, from this process or from so many workers.

    Raises:
        AddressUnavailable: when the port is taken or the address is not ours.
        AddressExposed: when others could reach the service without a key.
        LibraryError, EncoderError: when no question could ever be answered.
    """
    exposure = exposure or Exposure()
    with listen(host, port) as listening:  # before anything heavy is loaded
        policy = policy_for(listening, host, Keys(engine.library), exposure)
        where = url(host, listening)

        def announce() -> None:
            click.echo(f"Quaere serves on {where} (Ctrl-C stops it)", err=True)

        with contextlib.suppress(KeyboardInterrupt):  # passed on when all has ended
            if workers == 1:
                answer(policy, exposure.log_format, engine, listening, announce)
            else:
                from api import logs
                from api.workers import serve_together

                logs.install(exposure.log_format)
                serve_together(
                    partial(Engine, engine.settings, workers),
                    partial(answer, policy, exposure.log_format),
                    listening,
                    workers,
                    announce,
                )


def answer(
    policy: Policy,
    log_format: str | None,
    engine: Engine,
    listening: socket.socket,
    ready: Callable[[], None],
) -> None:
    """Serve a socket from this process until a signal ends it.

    `ready` is called when the first question will be answered as fast as any.

    Raises:
        LibraryError, EncoderError: when no question could ever be answered.
    """
    with contextlib.suppress(*MAY_COME):
        engine.warm_up()
    import uvicorn

    from api import connections, logs
    from api.app import create_app

    logs.install(log_format)
    app = create_app(engine, policy, (logs.log_access,) if log_format else ())
    config = uvicorn.Config(
        app,
        loop="asyncio",  # another would not ask a socket of ours for its connections
        # Requests are logged here, without their queries, and errors without what they quote.
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=LAST_SECONDS,
        **connections.options(policy.limits),
    )
    server = uvicorn.Server(config)
    app.state.ending = lambda: server.should_exit  # so that no stream holds up the end
    ready()
    server.run(sockets=[listening])


def policy_for(listening: socket.socket, host: str, keys: Keys, exposure: Exposure) -> Policy:
    """What is let in through a socket.

    Raises:
        AddressExposed: when others could reach the service without a key.
        KeysInvalid: when there are keys that cannot be read.
    """
    address = ipaddress.ip_address(listening.getsockname()[0].partition("%")[0])
    held = keys.read()
    if not (address.is_loopback or exposure.insecure or held):
        raise AddressExposed(
            f"{host}: others could reach the library there, and no API key is asked for.",
            "Make one first: qa keys add NAME. Or let everyone in who can reach the address: "
            "--insecure",
        )
    return Policy(
        hosts=hosts_of(host, exposure.hosts),
        any_address=address.is_unspecified,
        origins=frozenset(exposure.origins),
        keys=keys,
        keys_required=not (address.is_loopback or exposure.insecure),
        limits=limits_for(exposure.rate_limit),
    )


def limits_for(rate_limit: int | None) -> Limits:
    """The limits, with as many requests a second as whoever runs the service says, if they do.

    Then this machine's own programs are limited too, as a proxy on it passes on everyone's.
    """
    if rate_limit is None:
        return Limits()
    return Limits(
        requests_per_second=rate_limit, requests_burst=2 * rate_limit, limits_loopback=True
    )


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
