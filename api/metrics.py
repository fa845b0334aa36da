"""Counters in Prometheus' text format; the only door to prometheus-client.

Several workers count in files that they share (prometheus-client's multiprocess mode), so that
each of them can tell the sum; `api.workers` says in which folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from api.observing import Observed
from api.workers import COUNTERS
from index.errors import QuaereError
from qa.engine import Engine
from qa.jobs.jobs import Jobs
from qa.stages import STAGES, Stage

if TYPE_CHECKING:
    from prometheus_client import Metric

    from api.admission import Queue

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds: from a text read out to a long draft verified."""
STAGE_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
"""Seconds: from passages cited to the wait behind many others."""


class Metrics:
    """What is counted of one application: a registry of its own, not the process's."""

    def __init__(self, engine: Engine, queue: Queue, jobs: Jobs) -> None:
        self._registry = CollectorRegistry()
        self._seconds = Histogram(
            "quaere_request_seconds",
            "How long requests took to be answered.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._stages = _by_stage(self._registry)
        self._answers = Counter(
            "quaere_answers",
            "Questions by where their answer came from: kept from before (the cache), or sought.",
            ("source",),
            registry=self._registry,
        )
        self._refused = Counter(
            "quaere_refusals",
            "Requests turned away before any route saw them, by their problem's code.",
            ("code",),
            registry=self._registry,
        )
        # So that these are there from the first, at 0.
        self._refused.labels("busy")
        self._kept, self._sought = (self._answers.labels(one) for one in ("kept", "sought"))
        in_work = Gauge(
            "quaere_requests_in_work",
            "In work or waiting for it.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._told = self._registry
        if folder := os.environ.get(COUNTERS):
            queue.told = in_work.set
            self._told = CollectorRegistry()
            MultiProcessCollector(self._told, folder)  # type: ignore[no-untyped-call]
        else:
            in_work.set_function(lambda: queue.taken)
        self._told.register(LibraryFigures(engine))
        self._told.register(JobFigures(jobs))

    def observe(self, seen: Observed) -> None:
        """Count a request that was answered."""
        self._seconds.labels(seen.method, seen.route, str(seen.status)).observe(seen.seconds)
        if seen.refusal:
            self._refused.labels(seen.refusal).inc()
        for name, seconds in seen.course.stages:
            self._stages[name].observe(seconds)
        self._kept.inc(seen.course.remembered)
        self._sought.inc(seen.course.sought)

    def as_text(self) -> bytes:
        """All of it, as it is now."""
        return generate_latest(self._told)


class LibraryFigures(Collector):
    """What the library holds, looked up when it is asked for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def describe(self) -> list[Metric]:
        """Nothing in advance: the library may be missing, or come."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures; only that it cannot be read, where it cannot."""
        try:
            status = self._engine.status()
        except QuaereError:
            yield _gauge("library_readable", "Whether the library can be read.", 0)
            return
        yield _gauge("library_readable", "Whether the library can be read.", 1)
        yield _gauge("library_generation", "Grows with every change.", status.generation)
        yield _gauge("library_documents", "Documents in the library.", status.documents)
        yield _gauge("library_passages", "Passages they were cut into.", status.passages)
        yield _gauge("library_failures", "Files that could not be indexed.", status.failures)


class JobFigures(Collector):
    """How many jobs are in which state, looked up when it is asked for."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def describe(self) -> list[Metric]:
        """Nothing in advance, as of the library."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The figures; none where they cannot be read."""
        try:
            counts = self._jobs.store.counts()
        except QuaereError:
            return
        family = GaugeMetricFamily(
            "quaere_jobs", "Jobs that wait, are in work or ended, of those kept.", labels=["state"]
        )
        for state, count in counts.items():
            family.add_metric([state], count)
        yield family


def _by_stage(registry: CollectorRegistry) -> dict[Stage, Histogram]:
    seconds = Histogram(
        "quaere_stage_seconds",
        "How long each stage of answering a question took.",
        ("stage",),
        buckets=STAGE_BUCKETS,
        registry=registry,
    )
    return {name: seconds.labels(name) for name in STAGES}


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"quaere_{name}", meaning, value)
