"""The language a text is written in: the one door to py3langid."""

from __future__ import annotations

import functools
from typing import Any

SAMPLE_CHARACTERS = 3000
"""Read from the start of a text. More changes no verdict and takes longer."""

MIN_CONFIDENCE = 0.8
"""Below this a text has no known language: names, tables, a line in two languages."""


def detect(text: str) -> str | None:
    """The language's ISO 639 code, or None where it is not clear.

    >>> detect("The ambassador visited the capital on Tuesday, after the talks."), detect("12.5 %")
    ('en', None)
    """
    language, confidence = _identifier().classify(text[:SAMPLE_CHARACTERS])
    return str(language) if confidence >= MIN_CONFIDENCE else None


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
