"""A client of `qa serve`, in the types of the library itself.

>>> from qa.client import Client
>>> with Client("http://127.0.0.1:8000") as client:  # doctest: +SKIP
...     for passage in client.ask("Who opened the embassy?").passages:
...         print(passage.citation.quote)
"""

from __future__ import annotations

from index.errors import AnswerUnreadable, ServiceError, ServiceUnreachable
from qa.client.async_client import AsyncClient
from qa.client.client import Client
from qa.client.types import Document, Edits, FailedFile, Health, Job, Library, Ready, Text

__all__ = [
    "Client",
    "AsyncClient",
    "ServiceError",
    "ServiceUnreachable",
    "AnswerUnreadable",
    "Document",
    "Edits",
    "FailedFile",
    "Job",
    "Library",
    "Text",
    "Health",
    "Ready",
]
