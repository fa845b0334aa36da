"""What the README and ARCHITECTURE.md say is so."""

from __future__ import annotations

import re
import shlex

import click
import pytest
from conftest import PROJECT

from index import errors
from qa.checking.auditing.audit import AuditVerdict
from qa.checking.comparing.rules import RULES
from qa.checking.types import Verdict
from qa.cli import INTERRUPTED, main
from qa.reports import SEVERAL_KINDS
from qa.settings import PREFIX, Settings

README = (PROJECT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (PROJECT / "ARCHITECTURE.md").read_text(encoding="utf-8")
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")

COMMAND_LINES = [
    line.split("  ", 1)[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.S)
    for line in block.splitlines()
]


def commands() -> dict[str, click.Command]:
    assert isinstance(main, click.Group)
    return main.commands


@pytest.mark.parametrize("line", [line for line in COMMAND_LINES if line.startswith("qa")])
def test_every_qa_line_of_the_readme_can_be_parsed(line: str) -> None:
    name, *arguments = shlex.split(line.split("#", maxsplit=1)[0])[1:] or ["prompt"]
    command = commands()[name]
    command.make_context(name, arguments)


def test_every_make_line_of_the_readme_names_a_target() -> None:
    lines = [line for line in COMMAND_LINES if line.startswith("make")]
    assert [line.split()[1] for line in lines] == ["demo", "demo", "test"]
    for target in re.findall(r"`make (\w+)", README):
        assert re.search(rf"^{target}:", MAKEFILE, re.M), target


def test_every_command_stands_in_the_readmes_table_and_no_other() -> None:
    assert set(re.findall(r"^\| `qa (\w+)", README, re.M)) == set(commands())


def test_options_the_readme_names_exist() -> None:
    known = {
        option
        for command in commands().values()
        for parameter in command.params
        for option in parameter.opts
    }
    named = set(re.findall(r"`(--?[a-z][\w-]*)", README))
    assert named <= known
    assert {"--library", "--model", "--device", "--failed", "--format", "-k"} <= named


def test_every_setting_stands_in_the_readme() -> None:
    settings = {PREFIX + name.upper() for name in Settings.__dataclass_fields__}
    assert set(re.findall(r"QUAERE_[A-Z]+", README)) == settings


def all_errors(kind: type[errors.QuaereError] = errors.QuaereError) -> list[type]:
    return [kind, *(one for child in kind.__subclasses__() for one in all_errors(child))]


def test_every_error_has_a_code_of_its_own_and_stands_in_the_tree() -> None:
    kinds = all_errors()
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(re.search(rf"\b{kind.__name__}\b", errors.__doc__ or "") for kind in kinds)


def test_every_exit_status_is_distinct_and_stands_in_the_readme() -> None:
    statuses = [kind.exit_status for kind in all_errors() if kind.exit_status != 1]
    statuses += [SEVERAL_KINDS, INTERRUPTED]
    assert len(set(statuses)) == len(statuses)
    documented: set[int] = set()
    for row in re.findall(r"^\| ([\d–, ]+) \|", README, re.M):
        for part in row.split(", "):
            first, _, last = part.partition("–")
            documented |= set(range(int(first), int(last or first) + 1))
    assert set(statuses) <= documented


def test_architecture_names_every_module() -> None:
    for folder in ("index", "index/encoder", "index/lexical", "qa", "api"):
        for module in (PROJECT / folder).glob("*.py"):
            if not module.name.startswith("__"):
                assert module.name in ARCHITECTURE, module


def test_every_door_of_the_architecture_is_held_by_a_contract() -> None:
    contracts = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    for library in ("faiss", "tantivy", "nltk", "py3langid", "sentence_transformers", "openvino"):
        assert f'"{library}"' in contracts


def test_the_published_rules_are_the_ones_that_are_followed() -> None:
    published = (PROJECT / "docs" / "verifying.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^- `([\w-]+)`: (.+)$", published, re.M))
    assert listed == dict(RULES)
    assert list(listed) == list(RULES)


def test_every_verdict_and_status_of_a_check_is_documented() -> None:
    published = (PROJECT / "docs" / "verifying.md").read_text(encoding="utf-8")
    verdicts = {str(verdict).replace("_", " ") for verdict in (*Verdict, *AuditVerdict)}
    assert {row.split(" | ")[0] for row in re.findall(r"^\| (.+) \|$", published, re.M)} == {
        "verdict",
        *verdicts,
    }
    for kind in errors.Findings.__subclasses__():
        assert str(kind.exit_status) in published
