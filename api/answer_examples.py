"""What answers look like, by the names of their schemas, for the description of the API.

Those of questions stand in `api.examples`, those of what is also sent beside their models.
"""

from __future__ import annotations

from typing import Any

from api import examples
from api.document_schemas import DOCUMENT
from api.job_schemas import JOB
from api.library_schemas import FAILURE

CITED: dict[str, Any] = examples.ANSWER["passages"][0]["citation"]
WORDS = "eminent leader of Lao people"
START, END = 585, 613
CURSOR = "WyJiY2Y0NmJjMzg5M2Y2IiwgIi9ob21lL2FuYSIsIDFd"

FOUND: dict[str, Any] = CITED | {
    "start": START,
    "end": END,
    "locator": CITED["locator"] | {"line_start": 7},
    "pinpoint": {"locator": "7", "label": "line"},
    "quote": WORDS,
    "best_sentence": None,
    "selectors": [
        {
            "type": "TextQuoteSelector",
            "exact": WORDS,
            "prefix": " esteemed by the Lao people as “",
            "suffix": "” and “respected leader” for hav",
        },
        {"type": "TextPositionSelector", "start": START, "end": END},
    ],
    "locations": [{"type": "char_location", "start_char_index": START, "end_char_index": END}],
    "links": CITED["links"] | {"reader": f"/documents/1#c={START}-{END}"},
}

QUOTATION: dict[str, Any] = {
    "number": 1,
    "text": WORDS,
    "start": 33,
    "end": 61,
    "locator": CITED["locator"] | {"paragraph_end": 1, "line_end": 1},
    "verdict": "exact",
    "similarity": 1.0,
    "rules": [],
    "changes": [],
    "omissions": [],
    "insertions": [],
    "citation": FOUND,
    "elsewhere": [],
    "attributions": [
        {
            "start": 0,
            "end": 18,
            "name": "Kaysone Phomvihane",
            "kind": "speaker",
            "agrees": None,
            "reason": "the source names them, and does not say who speaks here",
        }
    ],
    "context": None,
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "CitationModel": CITED,
    "FormattedModel": {
        "style": "apa",
        "in_text": "(History of Friendship Cemented in Common Struggle for Socialism, n.d., "
        "lines 1–7)",  # noqa: RUF001
        "text": "History of Friendship Cemented in Common Struggle for Socialism. (n.d.).",
    },
    "DocumentsModel": {"documents": [DOCUMENT], "next_cursor": CURSOR},
    "TextModel": {
        "document_id": 1,
        "start": 65,
        "end": 101,
        "text": "October 28 is a significant day when",
    },
    "OutlineModel": {
        "document_id": 7,
        "length": 61_204,
        "headings": [{"level": 1, "title": "Methods", "start": 4118}],
        "pages": [{"number": 1, "label": "xi", "start": 0}],
        "slides": [],
    },
    "PageBoxesModel": {
        "number": 1,
        "width": 595.0,
        "height": 842.0,
        "boxes": [{"start": 4, "end": 40, "left": 0.12, "top": 0.2, "right": 0.8, "bottom": 0.21}],
    },
    "FailuresModel": {"failures": [FAILURE], "next_cursor": None},
    "JobsModel": {"jobs": [JOB], "next_cursor": None},
    "VerificationModel": {"draft": "", "generation": 1, "quotations": [QUOTATION], "short": 0},
    "DraftModel": {"name": "chapter.txt", "text": "“not one of them”"},
    "HealthModel": {"status": "ok"},
    "ReadyModel": {"status": "ready", "generation": 1},
}
