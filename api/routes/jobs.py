"""Jobs: asked for, looked at, followed, cancelled, retried."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import cursors
from api.admission import BUSY
from api.events import MEDIA_TYPE, EventStream, Streams, events, example, seen_by
from api.job_schemas import JOB, JobModel, JobsModel, JobsQuery, SyncRequest
from api.jobs import TheJobs
from api.parameters import ONLY_KNOWN
from api.problems import problem, responses

router = APIRouter(prefix="/v1", tags=["jobs"])

Id = Annotated[
    str,
    Path(
        pattern="^[0-9a-f]{16}$",
        description="As the answer that acknowledged the job gives it.",
        examples=[JOB["id"]],
    ),
]

ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "The job is on disk and will be carried out.",
        "headers": {
            "Location": {
                "description": "The job.",
                "schema": {"type": "string", "examples": [f"/v1/jobs/{JOB['id']}"]},
            }
        },
    }
}


def accepted(response: Response, model: JobModel) -> JobModel:
    """A job that will be carried out, and where to look at it."""
    response.headers["Location"] = f"/v1/jobs/{model.id}"
    return model


@router.post(
    "/sync",
    summary="Bring the library in step with its folders",
    status_code=202,
    responses={**ACCEPTED, **responses(403, 409, 422, 500, 503)},
    dependencies=[ONLY_KNOWN],
)
def sync(
    jobs: TheJobs,
    response: Response,
    asked: SyncRequest = SyncRequest(),  # noqa: B008
) -> JobModel:
    """A job that reads what is new or changed at or below the paths, as `qa add` does.

    What is gone there is taken out. The paths must lie in what was added with `qa add`.
    """
    job = jobs.sync(asked.paths or (), keep_missing=asked.keep_missing)
    return accepted(response, JobModel.of(job))


@router.get("/jobs", summary="List the jobs", responses=responses(422, 500, 503))
def list_jobs(jobs: TheJobs, query: Annotated[JobsQuery, Query()]) -> JobsModel:
    """Jobs, the newest first, so many at a time. The newest thousand that have ended are kept."""
    found, ended = jobs.page(query.state, query.limit, cursors.read_job(query.state, query.cursor))
    return JobsModel(
        jobs=[JobModel.of(job) for job in found],
        next_cursor=cursors.written_job(query.state, ended),
    )


@router.get(
    "/jobs/{job_id}",
    summary="Look at a job",
    responses=responses(404, 422, 500, 503),
    dependencies=[ONLY_KNOWN],
)
def get_job(job_id: Id, jobs: TheJobs) -> JobModel:
    """How far a job has come, and what came of it."""
    return JobModel.of(jobs.get(job_id))


@router.get(
    "/jobs/{job_id}/events",
    summary="Follow a job",
    response_class=Response,
    responses={
        200: {
            "description": "The job as JSON, as it is and after each change, until it has ended.",
            # No type: some take the schema for the stream's, others for each event's.
            "content": {
                MEDIA_TYPE: {
                    "schema": {"description": "`data` is the job, `event` state or progress."},
                    "example": example(JOB),
                }
            },
        },
        204: {"description": "The client has seen the job's end, and need not come back."},
        **responses(404, 422, 500, 503),
    },
    dependencies=[ONLY_KNOWN],
)
async def follow_job(
    job_id: Id,
    jobs: TheJobs,
    request: Request,
    last_event_id: Annotated[
        str | None, Header(description="The last event that was seen.", examples=["4"])
    ] = None,
) -> Response:
    """Server-sent events: `state` when the job is in another state, `progress` meanwhile.

    After `Last-Event-ID` only what has changed since is told. Such a request takes no part in the
    bound on requests in work, but there is one on those that follow jobs.
    """
    streams: Streams = request.app.state.streams
    if streams.full:
        return problem(BUSY.status, BUSY.detail, BUSY.code, BUSY.remedy, dict(BUSY.headers))
    job = await run_in_threadpool(jobs.get, job_id)
    seen = seen_by(last_event_id)
    if job.ended and seen == job.revision:
        return Response(status_code=204)
    return EventStream(events(jobs, job, seen, request.app.state.ending), streams)


@router.post(
    "/jobs/{job_id}/cancel",
    summary="Cancel a job",
    responses=responses(404, 409, 422, 500, 503),
    dependencies=[ONLY_KNOWN],
)
def cancel_job(job_id: Id, jobs: TheJobs) -> JobModel:
    """Ends a job that waits at once, and one in work after its next commit.

    What was committed stays. Of an upload the file is deleted, also when the upload has failed: it
    is no longer listed as failed then.
    """
    return JobModel.of(jobs.cancel(job_id))


@router.post(
    "/jobs/{job_id}/retry",
    summary="Retry a job",
    status_code=202,
    responses={**ACCEPTED, **responses(404, 409, 410, 422, 500, 503)},
    dependencies=[ONLY_KNOWN],
)
def retry_job(job_id: Id, jobs: TheJobs, response: Response) -> JobModel:
    """Puts a job that has failed or was cancelled back into the queue."""
    return accepted(response, JobModel.of(jobs.retry(job_id)))
