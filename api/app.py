"""The application: routes over an engine."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from anyio import to_thread
from fastapi import FastAPI

from api import problems
from api.routes import ask, documents, health
from api.schemas import Problem
from index.errors import LibraryError
from qa import __version__
from qa.engine import Engine

DESCRIPTION = """\
Ask a library of documents; get the passages that answer, verbatim, each with a citation to its
place in the source file. Nothing is generated.

Offsets are Unicode code points, half-open, into a document's canonical text:
`text[start:end] == quote`, always."""


def create_app(engine: Engine) -> FastAPI:
    """The HTTP service over an engine, which stays the caller's to close."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # A library that is made later is opened by the first question.
        with contextlib.suppress(LibraryError):
            await to_thread.run_sync(engine.warm_up)
        yield

    app = FastAPI(
        title="Quaere",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        # Their pages would fetch scripts from elsewhere; /openapi.json needs nothing.
        docs_url=None,
        redoc_url=None,
    )
    app.state.engine = engine
    problems.install(app)
    for resource in (ask, documents, health):
        app.include_router(resource.router)
    _describe_problems(app)
    return app


def _describe_problems(app: FastAPI) -> None:
    """Put the Problem schema, which no route returns by itself, into the description."""
    schema = app.openapi()
    schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = (
        Problem.model_json_schema()
    )
    app.openapi_schema = schema
