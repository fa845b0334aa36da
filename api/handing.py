"""Connections that one process takes in and others serve.

Processes that all wait at one socket do not share evenly: whoever wakes first takes all that is
there, and keeps it for as long as its clients stay. So one takes them in and hands each to whoever
serves fewest (SCM_RIGHTS). It hears of their ends through the same channel, a byte for each.
"""

from __future__ import annotations

import contextlib
import os
import socket
from typing import Any

BYTE = b"."
"""Goes with every connection, and comes back when it has ended."""


def channel() -> tuple[socket.socket, socket.socket]:
    """An end for who takes connections in, and one for who serves them."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    ours.setblocking(False)
    return ours, theirs


def hand(connection: socket.socket, ours: socket.socket) -> bool:
    """Hand a connection on; False where the other end has gone, or has too many to look at."""
    try:
        socket.send_fds(ours, [BYTE], [connection.fileno()])
    except OSError:
        return False
    return True


def ended(ours: socket.socket) -> int | None:
    """How many connections have ended since it was last asked; None when the other end has gone."""
    try:
        return len(ours.recv(4096)) or None
    except BlockingIOError:
        return 0
    except OSError:
        return None


class Handed(socket.socket):
    """Stands where asyncio expects a listening socket: its connections are handed to it."""

    def __init__(self, theirs: socket.socket) -> None:
        super().__init__(fileno=theirs.detach())

    def listen(self, backlog: int = 0, /) -> None:
        """Somebody else listens."""

    def accept(self) -> tuple[socket.socket, Any]:
        """A connection that was handed on, and who is at its other end.

        Raises:
            BlockingIOError: when there is none.
            ConnectionAbortedError: when the client has gone meanwhile.
        """
        _, descriptors, _, _ = socket.recv_fds(self, len(BYTE), 1)
        if not descriptors:  # who took them in has gone, or this process has too many files open
            raise BlockingIOError
        os.set_inheritable(descriptors[0], False)
        connection = Counted(descriptors[0], self)
        try:
            return connection, connection.getpeername()
        except OSError:
            connection.close()
            raise ConnectionAbortedError from None


class Counted(socket.socket):
    """A connection whose end is told."""

    def __init__(self, descriptor: int, theirs: Handed) -> None:
        super().__init__(fileno=descriptor)
        self._theirs = theirs

    def close(self) -> None:
        """Close it, and tell."""
        if self.fileno() != -1:
            with contextlib.suppress(OSError):  # when everything ends, nobody counts any more
                self._theirs.send(BYTE)
        super().close()
