"""API keys of a library's service: made, listed, revoked, and looked up while serving.

What is stored is each key's SHA-256. A slow hash, as for passwords, would add nothing: a key is
256 random bits, which nobody guesses however fast they hash.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from index.errors import KeyMissing, KeyNameInvalid, KeysInvalid

FILE_NAME = "keys.json"
LOCK = "keys.lock"
PREFIX = "qa_"
"""So that a key is known for one where it turns up by mistake."""
BYTES = 32
NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")

Scope = Literal["read", "write"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is stored; the key itself is shown once and kept nowhere."""

    name: str
    scope: Scope
    sha256: str
    created: str
    """UTC, ISO 8601."""


class Keys:
    """The keys in a library's folder; those of None are none, for ever."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._stamp: Stamp | None = None
        self._known: tuple[Key, ...] = ()

    @property
    def exist(self) -> bool:
        """Whether there was a file of keys when it was last read, be it an empty one.

        Revoking the last key must not open the service to everyone.
        """
        return self._stamp is not None

    def changed(self) -> bool:
        """Whether the file is another one than was last read.

        Raises:
            KeysInvalid: when the system does not let us look.
        """
        return self._seen() != self._stamp

    def read(self) -> tuple[Key, ...]:
        """Every key, read again if the file has changed.

        Raises:
            KeysInvalid: with the remedy.
        """
        stamp = self._seen()  # before the file is read: what changes meanwhile is read again
        if stamp != self._stamp:
            self._known = self._stored() if stamp else ()
            self._stamp = stamp
        return self._known

    def find(self, token: str) -> Key | None:
        """The key that was given out as this token, compared in constant time."""
        digest = _digest(token)
        found = [key for key in self._known if hmac.compare_digest(key.sha256, digest)]
        return found[0] if found else None

    def add(self, name: str, scope: Scope) -> str:
        """Make a key and return it; it cannot be shown again.

        Raises:
            KeyNameInvalid, KeysInvalid: with the remedy.
        """
        if not NAME.fullmatch(name):
            raise KeyNameInvalid(
                f"{name!r} cannot be the name of a key.",
                "Use 1 to 64 letters, digits, dots, hyphens and underscores.",
            )
        token = PREFIX + secrets.token_urlsafe(BYTES)
        created = datetime.now(UTC).isoformat(timespec="seconds")
        with self._locked():
            known = self.read()
            if any(key.name == name for key in known):
                raise KeyNameInvalid(
                    f"There is a key named {name} already.",
                    f"Choose another name, or revoke it first: qa keys revoke {name}",
                )
            self._write((*known, Key(name, scope, _digest(token), created)))
        return token

    def revoke(self, name: str) -> None:
        """Take a key back; requests that bring it are refused from now on.

        Raises:
            KeyMissing, KeysInvalid: with the remedy.
        """
        with self._locked():
            known = self.read()
            left = tuple(key for key in known if key.name != name)
            if len(left) == len(known):
                raise KeyMissing(f"There is no key named {name}.", "List them: qa keys list")
            self._write(left)

    @property
    def file(self) -> Path:
        """Where the keys are kept."""
        assert self._folder is not None  # only a library's keys are stored
        return self._folder / FILE_NAME

    def _seen(self) -> Stamp | None:
        if self._folder is None:
            return None
        try:
            status = self.file.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._invalid(error.strerror or str(error)) from None
        return status.st_ino, status.st_size, status.st_mtime_ns

    def _stored(self) -> tuple[Key, ...]:
        try:
            rows = json.loads(self.file.read_bytes())["keys"]
            found = tuple(Key(**row) for row in rows)
        except OSError as error:
            raise self._invalid(error.strerror or str(error)) from None
        except (ValueError, KeyError, TypeError):
            raise self._invalid("it is not what qa keys writes") from None
        if not all(_is_whole(key) for key in found):
            raise self._invalid("it is not what qa keys writes")
        return found

    def _write(self, keys: tuple[Key, ...]) -> None:
        """Replace the file at once, never readable for anyone else."""
        text = json.dumps({"keys": [asdict(key) for key in keys]}, indent=1)
        try:
            handle, aside = tempfile.mkstemp(prefix=".keys-", dir=self.file.parent)  # mode 0600
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
                Path(aside).replace(self.file)
            except BaseException:
                Path(aside).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise self._invalid(error.strerror or str(error)) from None

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One change at a time, or one would undo the other."""
        from filelock import FileLock

        try:
            lock = FileLock(self.file.parent / LOCK)
            lock.acquire()
        except OSError as error:
            raise self._invalid(error.strerror or str(error)) from None
        try:
            yield
        finally:
            lock.release()

    def _invalid(self, reason: str) -> KeysInvalid:
        return KeysInvalid(
            f"{self.file}: the API keys cannot be used ({reason}).",
            "Give yourself permission to read and write it; if it is damaged, delete it and make "
            "new keys: qa keys add NAME",
        )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _is_whole(key: Key) -> bool:
    texts = (key.name, key.scope, key.sha256, key.created)
    return (
        all(isinstance(text, str) for text in texts)
        and key.scope in SCOPES
        and (re.fullmatch(r"[0-9a-f]{64}", key.sha256) is not None)
    )
