"""A question and its answer as they went over the wire, for the description of the API."""

from __future__ import annotations

from typing import Any

REQUEST: dict[str, Any] = {
    "question": "When did Kim Il Sung first meet Kaysone Phomvihane?",
    "limit": 1,
}

ANSWER: dict[str, Any] = {
    "question": REQUEST["question"],
    "generation": 1,
    "passages": [
        {
            "rank": 1,
            "score": 1.0,
            "citation": {
                "id": "14db70a6d8b9c742",
                "document": {
                    "id": 1,
                    "path": "/home/ana/seeds/000_803b68c2c81dc1ed.txt",
                    "sha256": "351e1481efe4dc4a5245f9aa55780da95c45b519c85dda6bd124fb54c5601d49",
                    "title": "History of Friendship Cemented in Common Struggle for Socialism",
                    "date": None,
                },
                "start": 0,
                "end": 476,
                "line_start": 1,
                "line_end": 5,
                "quote": "History of Friendship Cemented in Common Struggle for Socialism\n\n"
                "October 28 is a significant day when great President Kim Il Sung had the first "
                "meeting with Comrade Kaysone Phomvihane, eminent leader of the Lao people.\n\n"
                "On October 28, 1965 – 55 years ago – great President Kim Il Sung had the first "  # noqa: RUF001
                "meeting with Comrade Kaysone Phomvihane who visited the Democratic People’s "  # noqa: RUF001
                "Republic of Korea (DPRK), thus having laid valuable cornerstone of bilateral "
                "relations of friendship.",
            },
            "best_sentence": {
                "start": 65,
                "end": 218,
                "quote": "October 28 is a significant day when great President Kim Il Sung had the "
                "first meeting with Comrade Kaysone Phomvihane, eminent leader of the Lao people.",
            },
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
}
