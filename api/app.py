"""The application: routes over an engine."""

from __future__ import annotations

from fastapi import FastAPI

from api import examples, problems
from api.routes import ask, documents, health, verify
from api.schemas import Problem
from qa import __version__
from qa.engine import Engine

DESCRIPTION = """\
Ask a library of documents; get the passages that answer, verbatim, each with a citation to its
place in the source file. Nothing is generated.

Offsets are Unicode code points, half-open, into a document's canonical text:
`text[start:end] == quote`, always."""


def create_app(engine: Engine) -> FastAPI:
    """The HTTP service over an engine, which stays the caller's to close."""
    app = FastAPI(
        title="Quaere",
        version=__version__,
        description=DESCRIPTION,
        generate_unique_id_function=lambda route: route.name,
        # Their pages would fetch scripts from elsewhere; /openapi.json needs nothing.
        docs_url=None,
        redoc_url=None,
    )
    app.state.engine = engine
    problems.install(app)
    for resource in (ask, documents, verify, health):
        app.include_router(resource.router)
    _describe_the_rest(app)
    return app


def _describe_the_rest(app: FastAPI) -> None:
    """Put into the description what FastAPI leaves out of it.

    No route returns the Problem schema by itself, and of examples FastAPI drops what is null.
    """
    schema = app.openapi()
    schemas = schema["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema()
    schemas["AnswerModel"]["examples"] = [examples.ANSWER]
    app.openapi_schema = schema
