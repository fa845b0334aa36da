"""What stands before the routes, from the outside in."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import ASGIApp

from api.access import Access
from api.admission import Admission, Queue
from api.bodies import Bodies
from api.compression import Compression
from api.deadlines import Deadlines
from api.ending import Ending
from api.framing import Framing
from api.head import Head
from api.headers import SafeHeaders
from api.hosts import Hosts
from api.observing import Observer, Observing
from api.origins import Origins
from api.policy import Policy
from api.rates import Rates
from api.request_id import RequestIds
from api.uploads import Uploads
from qa.jobs.jobs import Jobs


def guarded(
    app: ASGIApp, policy: Policy, queue: Queue, jobs: Jobs, observers: tuple[Observer, ...]
) -> ASGIApp:
    """An application behind all guards: cheap refusals first, bodies after keys, then places."""
    app = Compression(app)
    app = Head(app)
    app = Admission(app, queue)
    app = Deadlines(app, policy.limits)
    app = Uploads(app, Bodies(app, policy.limits, queue), policy.limits, queue, jobs)
    app = Rates(app, policy.limits)
    app = Access(app, policy)
    app = Origins(app, policy)
    app = Hosts(app, policy)
    app = Framing(app)
    app = Ending(app)
    app = Observing(app, observers)
    app = SafeHeaders(app)
    return RequestIds(app)


class GuardedApp(FastAPI):
    """Guards around everything: added as middleware, they would not see unforeseen errors' answers.

    (Starlette puts what it makes of those outside of any middleware that is added.)
    """

    policy: Policy
    queue: Queue
    jobs: Jobs
    observers: tuple[Observer, ...]

    def build_middleware_stack(self) -> ASGIApp:
        """The stack, behind the guards."""
        stack = super().build_middleware_stack()
        return guarded(stack, self.policy, self.queue, self.jobs, self.observers)
