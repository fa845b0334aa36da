"""Texts made up for tests: distinct, and cut into passages the same way by any tokenizer."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

VOCABULARY = ["".join(pair) for pair in product("abcdefghijklmn", repeat=2)]
WORDS = 82
"""A paragraph of this many words of two letters is one passage of its own, whether the model's
tokens are words (too long to join its neighbour) or letters (short enough not to be cut)."""


def paragraphs(count: int, seed: int = 0) -> list[str]:
    """As many paragraphs; another seed, other paragraphs."""
    chance = random.Random(seed)
    return [" ".join(chance.choices(VOCABULARY, k=WORDS)) + "." for _ in range(count)]


def text(count: int, seed: int = 0) -> str:
    """A document of as many passages."""
    return "\n\n".join(paragraphs(count, seed)) + "\n"


def corpus(folder: Path, files: int, passages: int) -> Path:
    """A folder of text files, each with as many passages."""
    folder.mkdir(parents=True)
    for number in range(files):
        (folder / f"{number:03}.txt").write_text(text(passages, seed=number))
    return folder
