"""Whether the process lives, and whether it answers."""

from __future__ import annotations

from fastapi import APIRouter

from api.engine import TheEngine
from api.problems import responses
from api.schemas import HealthModel, ReadyModel

router = APIRouter(tags=["health"])


@router.get("/health", summary="Is the process alive?")
async def health() -> HealthModel:  # waits for no thread
    """Answers as long as the process does."""
    return HealthModel(status="ok")


@router.get("/ready", summary="Can questions be asked?", responses=responses(500, 503))
def ready(engine: TheEngine) -> ReadyModel:
    """Answers once there is a library with documents, and the model is loaded."""
    engine.warm_up()
    return ReadyModel(status="ready", generation=engine.snapshot().generation)
