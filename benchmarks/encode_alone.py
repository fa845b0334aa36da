"""A process that only encodes: the texts of a JSON file, with sentence-transformers in float32.

The counterpart of `qa add`, with all but the model left out: no reading, no cutting, no index.
The model is loaded and warm before the clock starts. Prints, as JSON, the seconds that `encode`
took, and how fast this processor multiplies matrices at the same time of day.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks.ceiling import model_path, multiplication_rate, read_shape
from benchmarks.timing import seconds_of
from benchmarks.tutorial import load_model

WARM_UP = 64
"""Texts encoded before the clock starts."""


def main() -> None:
    """Encode the texts of the file on the command line."""
    import torch

    texts = json.loads(Path(sys.argv[1]).read_text())
    model = load_model()
    assert all(weights.dtype is torch.float32 for weights in model.parameters())
    model.encode(texts[:WARM_UP])
    seconds = seconds_of(lambda: model.encode(texts))
    rate = multiplication_rate(read_shape(model_path()))
    print(json.dumps({"seconds": seconds, "rate": rate, "threads": torch.get_num_threads()}))


if __name__ == "__main__":
    main()
