"""Answer questions with passages, verbatim, each with a citation to its place."""

__version__ = "0.1.0"
