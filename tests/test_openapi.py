from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import LOOPBACK, SEEDS
from fastapi.testclient import TestClient

from api.app import create_app
from api.citation_schemas import NeighboursModel
from api.document_schemas import DocumentModel, MetadataEdits
from api.export_schemas import ExportRequest
from api.job_schemas import JobModel, NewText, SyncRequest
from api.library_schemas import ContentsModel, FailureModel
from api.notebook_schemas import NotebookContent, NotebookModel, NotebooksModel
from api.problems import MEDIA_TYPE
from api.schemas import AnswerModel, AnswersModel, AskBatchRequest, AskRequest, Problem
from qa.engine import Engine
from qa.settings import Settings

Json = dict[str, Any]
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
GUARDS = {"400", "401", "403", "408", "413", "421", "429", "431", "507"}
"""What the guards before the routes answer with; test_http_safety.py says where. 507 is for a full
disk, of whatever changes the library."""
READING = {"404", "422", "500", "503"}
ERRORS = {
    "ask": {"422", "500", "503"},
    "ask_all": {"422", "500", "503"},
    "ask_by_link": {"422", "500", "503"},
    "get_library": {"422", "500", "503"},
    "list_failures": {"422", "500", "503"},
    "list_documents": {"422", "500", "503"},
    "get_document": READING,
    "edit_document": READING,
    "send_document": {"415", "422", "500", "503"},
    "sync": {"409", "422", "500", "503"},
    "list_jobs": {"422", "500", "503"},
    "get_job": READING,
    "follow_job": READING,
    "cancel_job": READING | {"409"},
    "retry_job": READING | {"409", "410"},
    "remove_document": READING | {"409"},
    "read_text": READING,
    "get_original": READING | {"409", "410", "416"},
    "get_outline": READING,
    "cite_words": READING,
    "format_words": READING,
    "find_on_page": READING | {"409", "410", "415"},
    "draw_page": READING | {"409", "410", "415"},
    "get_passage": READING,
    "get_neighbours": READING,
    "get_citation": READING,
    "export": READING | {"409"},
    "list_notebooks": {"422", "500", "503"},
    "get_notebook": READING,
    "keep_notebook": {"409", "412", "422", "500", "503"},
    "delete_notebook": READING | {"412"},
    "verify": {"422", "500", "503"},
    "read_draft": {"415", "422", "500", "503"},
    "health": set(),
    "ready": {"500", "503"},
    "metrics": {"503"},
}
"""The statuses of the errors each operation answers with."""
EXAMPLES = {"example", "examples"}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Json:
    nowhere = tmp_path_factory.mktemp("nowhere")
    client = TestClient(
        create_app(Engine(Settings(library=nowhere, cache=nowhere))), base_url=LOOPBACK
    )
    published: Json = client.get("/openapi.json").json()
    return published


def operations(document: Json) -> Iterator[Json]:
    for item in document["paths"].values():
        yield from (operation for method, operation in item.items() if method in METHODS)


def nodes(value: Any) -> Iterator[Json]:
    """Every object inside a JSON value."""
    if isinstance(value, dict):
        yield value
    children = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for child in children:
            yield from nodes(child)


def resolved(document: Json, reference: str) -> Any:
    root, *parts = reference.split("/")
    assert root == "#", reference
    target: Any = document
    for part in parts:
        target = target[part]
    return target


def spread(document: Json, value: Any) -> Iterator[Json]:
    """Every object inside a value, those it refers to included."""
    for node in nodes(value):
        yield node
        if "$ref" in node:
            yield from spread(document, resolved(document, node["$ref"]))


def schema(document: Json, name: str) -> Json:
    found: Json = resolved(document, f"#/components/schemas/{name}")
    return found


def test_it_is_openapi_3_1(document: Json) -> None:
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert all(document["info"][field] for field in ("title", "version", "description"))


def test_operations_have_short_names_of_their_own(document: Json) -> None:
    names = [operation["operationId"] for operation in operations(document)]
    assert sorted(names) == sorted(ERRORS)


def test_operations_say_what_they_do(document: Json) -> None:
    for operation in operations(document):
        assert all(operation[field] for field in ("summary", "description", "tags"))
        assert all(response["description"] for response in operation["responses"].values())


def test_operations_show_examples(document: Json) -> None:
    for operation in operations(document):
        shown = [operation.get("parameters"), operation.get("requestBody")]
        shown += (one for status, one in operation["responses"].items() if status < "300")
        found = (EXAMPLES & node.keys() for part in shown for node in spread(document, part))
        assert any(found), operation["operationId"]


def test_answers_in_json_are_shown_whole(document: Json) -> None:
    for operation in operations(document):
        for status, response in operation["responses"].items():
            answer = response.get("content", {}).get("application/json")
            if status < "300" and answer:
                described = resolved(document, answer["schema"]["$ref"])
                (example,) = described["examples"]
                assert set(example) == set(described["properties"]), operation["operationId"]


def test_parameters_say_what_they_mean(document: Json) -> None:
    for operation in operations(document):
        for one in operation.get("parameters", []):
            assert one.get("description"), (operation["operationId"], one["name"])


def test_parameters_in_paths_are_described_as_such(document: Json) -> None:
    for path, item in document["paths"].items():
        for operation in item.values():
            parameters = operation.get("parameters", [])
            required = {one["name"] for one in parameters if one["in"] == "path"}
            assert required == set(re.findall(r"{(\w+)}", path))
            assert all(one["required"] for one in parameters if one["in"] == "path")


def test_every_reference_leads_somewhere(document: Json) -> None:
    references = {node["$ref"] for node in nodes(document) if "$ref" in node}
    assert "#/components/schemas/Problem" in references
    for reference in references:
        assert resolved(document, reference)["type"] == "object"


def test_every_schema_is_used(document: Json) -> None:
    used = {node["$ref"].rpartition("/")[2] for node in nodes(document) if "$ref" in node}
    assert used == set(document["components"]["schemas"])


def test_every_error_is_a_problem(document: Json) -> None:
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operation in operations(document):
        for status, response in operation["responses"].items():
            if status >= "400":
                assert response["content"] == problem, (operation["operationId"], status)


def test_the_errors_of_an_operation_are_those_it_answers_with(document: Json) -> None:
    documented = {
        operation["operationId"]: {one for one in operation["responses"] if one >= "400"} - GUARDS
        for operation in operations(document)
    }
    assert documented == ERRORS


def test_the_problem_schema_asks_for_a_code_and_a_remedy(document: Json) -> None:
    described = schema(document, "Problem")
    assert set(described["required"]) == {"title", "status", "detail", "code", "remedy"}
    for example in described["examples"]:
        assert Problem.model_validate(example).model_dump() == example


def test_the_example_of_a_question_is_a_whole_request(document: Json) -> None:
    described = schema(document, "AskRequest")
    assert described["additionalProperties"] is False
    (example,) = described["examples"]
    assert set(example) == set(described["properties"])
    AskRequest.model_validate(example)


def test_the_example_of_an_answer_is_whole_and_true(document: Json) -> None:
    (example,) = schema(document, "AnswerModel")["examples"]
    answer = AnswerModel.model_validate(example)
    assert answer.model_dump(mode="json") == example
    assert answer.question == schema(document, "AskRequest")["examples"][0]["question"]
    for passage in answer.passages:
        cited = passage.citation
        text = (SEEDS / Path(cited.document.path).name).read_bytes().decode()
        assert cited.best_sentence
        assert passage.neighbours
        for place in (cited, cited.best_sentence, *passage.neighbours.after):
            assert text[place.start : place.end] == place.quote


def test_examples_of_models_are_models(document: Json) -> None:
    models = (
        DocumentModel,
        MetadataEdits,
        NeighboursModel,
        AskBatchRequest,
        AnswersModel,
        JobModel,
        ContentsModel,
        FailureModel,
        ExportRequest,
        NotebookContent,
        NotebookModel,
        NotebooksModel,
        SyncRequest,
        NewText,
    )
    for model in models:
        for example in schema(document, model.__name__)["examples"]:
            shown = model.model_validate(example).model_dump(mode="json", exclude_unset=True)
            assert shown == example


def shown(node: Json) -> Iterator[tuple[Any, Any]]:
    """Examples beside a schema, each with what it must fit."""
    if isinstance(node.get("examples"), list):
        yield from ((example, node) for example in node["examples"])
    if "schema" in node:
        yield from ((node[one], node["schema"]) for one in EXAMPLES & {*node})


def test_every_example_fits_its_schema(document: Json) -> None:
    checked = 0
    for node in nodes(document):
        for example, fitting in shown(node):
            whole = {"$ref": "#/it", "it": fitting, "components": document["components"]}
            jsonschema.Draft202012Validator(
                whole, format_checker=jsonschema.FormatChecker()
            ).validate(example)
            checked += 1
    assert checked > 50
