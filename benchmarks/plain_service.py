"""The service that tutorials build: FastAPI, sentence-transformers, FAISS. FOLDER PORT.

Dense search only, no citations, the packaged model in float32; FOLDER is what `Tutorial.save`
wrote. `benchmarks.serve` runs it as a process of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pydantic import BaseModel

from benchmarks.tutorial import Chunk, Tutorial


class Question(BaseModel):
    """What is asked."""

    question: str


def main() -> None:
    """Serve until killed."""
    import uvicorn
    from fastapi import FastAPI

    folder, port = sys.argv[1:]
    tutorial = Tutorial.load(Path(folder))
    app = FastAPI()

    @app.post("/ask")
    def ask(question: Question) -> list[Chunk]:
        return tutorial.ask(question.question)

    uvicorn.run(app, port=int(port), log_level="warning")


if __name__ == "__main__":
    main()
