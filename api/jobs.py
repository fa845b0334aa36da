"""How a route gets at the jobs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from qa.jobs.jobs import Jobs


async def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


TheJobs = Annotated[Jobs, Depends(_jobs)]
