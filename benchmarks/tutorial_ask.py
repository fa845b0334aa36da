"""A script that answers one question with the tutorial stack: FOLDER QUESTION.

The counterpart of `qa ask`: imports, loads the model, the saved index and the chunks from
FOLDER, answers, prints. `benchmarks.cold_start` times it as a whole process.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.tutorial import Tutorial


def main() -> None:
    """Answer the question on the command line."""
    folder, question = sys.argv[1:]
    for rank, chunk in enumerate(Tutorial.load(Path(folder)).ask(question), start=1):
        print(f"{rank}. {chunk.file} [{chunk.start}:{chunk.end}]\n{chunk.text}\n")


if __name__ == "__main__":
    main()
