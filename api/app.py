"""The application: routes over an engine."""

from __future__ import annotations

from typing import Any

from api import answer_examples, examples, guard_description, problems
from api.admission import Queue
from api.citation_schemas import NeighboursModel
from api.document_schemas import DocumentModel, MetadataEdits
from api.events import Streams
from api.guards import GuardedApp
from api.job_schemas import JobModel, NewText
from api.metrics import Metrics
from api.observing import Observer
from api.policy import Policy
from api.routes import (
    ask,
    documents,
    exports,
    health,
    jobs,
    library,
    metrics,
    notebooks,
    originals,
    page,
    passages,
    reading,
    uploads,
    verify,
)
from api.schemas import AnswersModel, AskBatchRequest, Problem
from qa import __version__
from qa.engine import Engine
from qa.jobs.jobs import Jobs
from qa.keys import Keys

DESCRIPTION = """\
Ask a library of documents; get the passages that answer, verbatim, each with a citation to its
place in the source file. Nothing is generated.

Offsets are Unicode code points, half-open, into a document's canonical text:
`text[start:end] == quote`, always."""


RESOURCES = (
    ask,
    documents,
    uploads,
    originals,
    passages,
    reading,
    library,
    verify,
    exports,
    notebooks,
    jobs,
    health,
    metrics,
    page,
)
"""In the order of the description."""


class Service(GuardedApp):
    """Describes itself when it is first asked to: that takes longer than all the rest of a start."""

    def openapi(self) -> dict[str, Any]:
        """The description, as /openapi.json has it."""
        if not self.openapi_schema:
            _describe_the_rest(super().openapi())
        assert self.openapi_schema is not None  # FastAPI keeps what it has made
        return self.openapi_schema


def create_app(
    engine: Engine, policy: Policy | None = None, observers: tuple[Observer, ...] = ()
) -> GuardedApp:
    """The HTTP service over an engine, which stays the caller's to close.

    Without a policy it answers under the loopback's names only. Observers are told of each request.
    """
    app = Service(
        title="Quaere",
        version=__version__,
        description=DESCRIPTION,
        generate_unique_id_function=lambda route: route.name,
        # Their pages would fetch scripts from elsewhere; /openapi.json needs nothing.
        docs_url=None,
        redoc_url=None,
    )
    app.state.engine = engine
    app.policy = policy or Policy(keys=Keys(engine.library))
    app.queue = Queue(app.policy.limits.requests)
    app.jobs = app.state.jobs = Jobs(engine)
    app.state.streams = Streams()
    app.state.ending = lambda: False  # who runs the service says so when it ends
    app.state.metrics = Metrics(engine, app.queue, app.jobs)
    app.observers = (app.state.metrics.observe, *observers)
    problems.install(app)
    for resource in RESOURCES:
        app.include_router(resource.router)
    return app


def _describe_the_rest(schema: dict[str, Any]) -> None:
    """Put into the description what FastAPI leaves out of it.

    No route returns the Problem schema by itself, and of examples FastAPI drops what is null.
    """
    schemas = schema["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema()
    schemas["NewText"] = NewText.model_json_schema()
    schemas["AnswerModel"]["examples"] = [examples.ANSWER]
    for model in (
        DocumentModel,
        MetadataEdits,
        NeighboursModel,
        AskBatchRequest,
        AnswersModel,
        JobModel,
    ):
        schemas[model.__name__]["examples"] = model.model_json_schema()["examples"]
    for name, example in answer_examples.EXAMPLES.items():
        schemas[name]["examples"] = [example]
    guard_description.describe(schema)
