"""Logs, one line each, as text or JSON. No question, query, body or key is ever in one."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from api.observing import Observed

ACCESS = logging.getLogger("quaere.access")
ACCESS.setLevel(logging.INFO)
FIELDS = "quaere_fields"


def log_access(seen: Observed) -> None:
    """One line for a request that was answered."""
    fields: dict[str, Any] = {
        "request_id": seen.request_id,
        "method": seen.method,
        "route": seen.route,
        "status": seen.status,
        "duration_ms": round(seen.seconds * 1000, 2),
        "bytes": seen.bytes,
    }
    if seen.refusal:
        fields["refusal"] = seen.refusal
    ACCESS.info("request", extra={FIELDS: fields})


def install(as_: str | None) -> None:
    """Write all logs to stderr as "text" or "json", or as plain messages."""
    handler = logging.StreamHandler()
    formatters = {"json": JsonLines, "text": TextLines}
    handler.setFormatter(formatters.get(as_ or "", PlainLines)())
    logging.getLogger().handlers = [handler]


class PlainLines(logging.Formatter):
    """Messages for who looks on."""

    def format(self, record: logging.LogRecord) -> str:
        """The message, and where it failed below it."""
        return "\n".join(part for part in (record.getMessage().rstrip(), _failure(record)) if part)


class JsonLines(logging.Formatter):
    """An object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON, in ASCII, so that nothing in it can end the line."""
        line = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, FIELDS, {}),
        }
        if failure := _failure(record):
            line["failure"] = failure
        return json.dumps(line)


class TextLines(logging.Formatter):
    """Words and name=value."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line, and where it failed below it."""
        fields = getattr(record, FIELDS, {})
        values = [f"{name}={value}" for name, value in fields.items()]
        line = " ".join([_time(record), record.levelname.lower(), record.getMessage(), *values])
        return "\n".join(part for part in (line, _failure(record)) if part)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _failure(record: logging.LogRecord) -> str | None:
    """Where an exception came from and its kind; its message may quote what was asked."""
    if not record.exc_info or not record.exc_info[0]:
        return None
    places = traceback.format_tb(record.exc_info[2])
    return "".join([*places, record.exc_info[0].__name__])
