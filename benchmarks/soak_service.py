"""A service that is ended and started again while others use it, and what memory it takes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from benchmarks.quaere import command, environment

STARTING = 60
"""Seconds in which it must answer after it was started."""
DRAINING = 5
"""Seconds in which it must end when it is asked to."""


class Service:
    """`qa serve` on a port of its own, over a library, with all processes it starts."""

    def __init__(self, library: Path, port: int, log: Path) -> None:
        self.library = library
        self.url = f"http://127.0.0.1:{port}"
        self.restarts = {signal.SIGTERM: 0, signal.SIGKILL: 0}
        self.longest_drain = 0.0
        self._command = command("qa", "serve", "--port", str(port))
        self._environment = environment(library)
        self._log = log
        self._changing = threading.Lock()
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            process = subprocess.Popen(self._command, env=self._environment, stderr=log)
        end = time.monotonic() + STARTING
        while time.monotonic() < end and process.poll() is None:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/ready", timeout=STARTING).is_success:
                    return process
            time.sleep(0.1)
        raise SystemExit(f"{self._log}: the service did not come up.")

    def restart(self, by: signal.Signals) -> None:
        """End the service by a signal, and start it again."""
        with self._changing:
            asked = time.monotonic()
            self._process.send_signal(by)
            self._process.wait()
            self.restarts[by] += 1
            self.longest_drain = max(self.longest_drain, time.monotonic() - asked)
            self._process = self._start()

    def stop(self) -> None:
        """End it for good."""
        with self._changing:
            self._process.terminate()
            self._process.wait()

    def megabytes(self) -> float:
        """Memory of the serving process, what it shares with others counted in part."""
        return _proportional(self._process.pid) / 1024

    @property
    def pid(self) -> int:
        """Of the process that serves now."""
        return self._process.pid


def _proportional(pid: int) -> int:
    """The proportional set size, in kB; 0 for a process that has just gone."""
    with contextlib.suppress(OSError):
        for row in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if row.startswith("Pss:"):
                return int(row.split()[1])
    return 0


@contextlib.contextmanager
def serving(library: Path, port: int, log: Path) -> Iterator[Service]:
    """A service that is gone when this ends."""
    service = Service(library, port, log)
    try:
        yield service
    finally:
        service.stop()
        assert not _is_alive(service.pid)


def _is_alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False
