"""A question and its answer as they went over the wire, for the description of the API."""

from __future__ import annotations

from typing import Any

REQUEST: dict[str, Any] = {
    "question": "When did Kim Il Sung first meet Kaysone Phomvihane?",
    "limit": 1,
    "filters": {
        "path": [],
        "glob": ["*.txt"],
        "date_from": None,
        "date_to": None,
        "language": ["en"],
        "document_ids": [],
    },
    "per_document": 1,
    "min_score": 0.8,
    "explain": False,
    "context": 1,
}

QUOTE = (
    "History of Friendship Cemented in Common Struggle for Socialism\n\n"
    "October 28 is a significant day when great President Kim Il Sung had the first "
    "meeting with Comrade Kaysone Phomvihane, eminent leader of the Lao people.\n\n"
    "On October 28, 1965 – 55 years ago – great President Kim Il Sung had the first "  # noqa: RUF001
    "meeting with Comrade Kaysone Phomvihane who visited the Democratic People’s "  # noqa: RUF001
    "Republic of Korea (DPRK), thus having laid valuable cornerstone of bilateral "
    "relations of friendship.\n\n"
    "Comrade Kaysone Phomvihane, founder of Lao People’s Party (at that time) is "  # noqa: RUF001
    "esteemed by the Lao people as “eminent leader of Lao people” and “respected "
    "leader” for having led to victory the anti-U.S. struggle and the socialist "
    "construction of the Lao people."
)

BEST = QUOTE[65:218]

ANSWER: dict[str, Any] = {
    "question": REQUEST["question"],
    "generation": 1,
    "passages": [
        {
            "rank": 1,
            "score": 0.992,
            "citation": {
                "id": "bb69713650419aaa",
                "document": {
                    "id": 1,
                    "path": "/home/ana/seeds/000_803b68c2c81dc1ed.txt",
                    "sha256": "351e1481efe4dc4a5245f9aa55780da95c45b519c85dda6bd124fb54c5601d49",
                    "container": None,
                    "title": "History of Friendship Cemented in Common Struggle for Socialism",
                    "author": None,
                    "publication": None,
                    "date": None,
                    "language": "en",
                    "url": None,
                    "type": None,
                    "publisher": None,
                    "place": None,
                    "volume": None,
                    "issue": None,
                    "pages": None,
                    "edition": None,
                    "doi": None,
                    "isbn": None,
                },
                "start": 0,
                "end": 736,
                "locator": {
                    "page_start": None,
                    "page_end": None,
                    "page_label_start": None,
                    "page_label_end": None,
                    "slide_start": None,
                    "slide_end": None,
                    "row_start": None,
                    "row_end": None,
                    "headings": [],
                    "paragraph_start": 1,
                    "paragraph_end": 4,
                    "line_start": 1,
                    "line_end": 7,
                    "part": None,
                },
                "pinpoint": {"locator": "1-7", "label": "line"},
                "quote": QUOTE,
                "best_sentence": {"start": 65, "end": 218, "quote": BEST},
                "selectors": [
                    {
                        "type": "TextQuoteSelector",
                        "exact": QUOTE,
                        "prefix": "",
                        "suffix": "\n\nGreat President Kim Il Sung pa",
                    },
                    {"type": "TextPositionSelector", "start": 0, "end": 736},
                ],
                "locations": [
                    {"type": "char_location", "start_char_index": 0, "end_char_index": 736}
                ],
                "links": {
                    "reader": "/documents/1#c=0-736",
                    "file": "file:///home/ana/seeds/000_803b68c2c81dc1ed.txt",
                    "web": None,
                },
            },
            "also_at": [],
            "context": None,
            "explanation": None,
        }
    ],
    "notice": None,
}

AFTER = (
    "Great President Kim Il Sung paid deep attention to Comrade Kaysone Phomvihane’s first visit "  # noqa: RUF001
    "to the DPRK which started on October 28, 1965 (from October 28 to November 3, 1965), met him "
    "several times during his stay and gave valuable instruction with regard to the anti-U.S. "
    "struggle of Laos.\n\n"
    "The first visit by Comrade Kaysone Phomvihane to the DPRK was followed thereafter by several "
    "visits in 1970, 1977, and in April 1992, every time having met with President Kim Il Sung, "
    "and he conferred the highest orders of Laos on President Kim Il Sung and Chairman Kim Jong Il."
)

_CITED: dict[str, Any] = ANSWER["passages"][0]["citation"]

ANSWER["passages"][0]["neighbours"] = {
    "before": [],
    "after": [
        _CITED
        | {
            "id": "202f57a06ec8234c",
            "start": 738,
            "end": 1309,
            "locator": _CITED["locator"]
            | {"paragraph_start": 5, "paragraph_end": 6, "line_start": 9, "line_end": 11},
            "pinpoint": {"locator": "9-11", "label": "line"},
            "quote": AFTER,
            "best_sentence": None,
            "selectors": [
                {
                    "type": "TextQuoteSelector",
                    "exact": AFTER,
                    "prefix": "onstruction of the Lao people.\n\n",
                    "suffix": "\n\nThis is why the friendly and c",
                },
                {"type": "TextPositionSelector", "start": 738, "end": 1309},
            ],
            "locations": [
                {"type": "char_location", "start_char_index": 738, "end_char_index": 1309}
            ],
            "links": _CITED["links"] | {"reader": "/documents/1#c=738-1309"},
        }
    ],
}

PROBLEM: dict[str, Any] = {
    "type": "about:blank",
    "title": "Not Found",
    "status": 404,
    "detail": "The library holds no document 7.",
    "code": "document-missing",
    "remedy": "List the documents to see their ids.",
    "request_id": "5b1f0c0e7d3a4f6c9a2e8d7b6c5a4f3e",
}

BATCH: dict[str, Any] = {"questions": [REQUEST, {"question": "?"}]}

ANSWERS: dict[str, Any] = {
    "answers": [
        {"answer": ANSWER, "problem": None},
        {
            "answer": None,
            "problem": {
                "type": "about:blank",
                "title": "Unprocessable Content",
                "status": 422,
                "detail": "The question holds no word.",
                "code": "question-empty",
                "remedy": 'Ask something in plain words, such as: qa ask "Who visited Pyongyang?"',
                "request_id": "5b1f0c0e7d3a4f6c9a2e8d7b6c5a4f3e",
            },
        },
    ]
}
