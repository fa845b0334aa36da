"""What .gitignore, .quaereignore and hidden names leave out; git itself is asked what it ignores."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from conftest import MakeEngine, add, names
from generated import text
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.ignore import MAX_BYTES, IgnoreRules
from index.scan import Scan, scan

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def tree(folder: Path, *paths: str, **rules: str) -> Path:
    """A folder with files at these paths; `rules` are .gitignore files, __ parting folders."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)
    for place, lines in rules.items():
        inside = folder.joinpath(*[part for part in place.split("__") if part != "top"])
        inside.mkdir(parents=True, exist_ok=True)
        (inside / ".gitignore").write_text(lines)
    return folder


def taken(folder: Path) -> set[str]:
    """Paths below the folder that are found in it."""
    found = scan([folder], lambda _: True)
    assert found.refused == []
    return {str(file.path.relative_to(folder)) for file in found.files}


PLACES = ("a.txt", "b.txt", "sub/a.txt", "sub/b.txt", "sub/deep/a.txt", "other/a.txt")


@needs_git
@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ({"top": "a.txt"}, {"b.txt", "sub/b.txt"}),
        ({"top": "/a.txt"}, {*PLACES} - {"a.txt"}),
        ({"top": "sub/"}, {"a.txt", "b.txt", "other/a.txt"}),
        ({"top": "a.txt/"}, {*PLACES}),
        ({"top": "*.txt\n!b.txt"}, {"b.txt", "sub/b.txt"}),
        ({"top": "sub/\n!sub/a.txt"}, {"a.txt", "b.txt", "other/a.txt"}),  # its folder is out
        ({"top": "sub/*\n!sub/a.txt"}, {"a.txt", "b.txt", "sub/a.txt", "other/a.txt"}),
        ({"top": "*.txt", "sub": "!*.txt"}, {"sub/a.txt", "sub/b.txt", "sub/deep/a.txt"}),
        ({"sub": "a.txt"}, {"a.txt", "b.txt", "sub/b.txt", "other/a.txt"}),
        ({"sub": "/a.txt"}, {*PLACES} - {"sub/a.txt"}),
        ({"top": "!a.txt", "sub": "*", "sub__deep": "!a.txt"}, {"a.txt", "b.txt", "other/a.txt"}),
        ({"top": "**/deep"}, {*PLACES} - {"sub/deep/a.txt"}),
        ({"top": "# a.txt\n\n   \n\\!a.txt"}, {*PLACES}),
        ({"top": "a.txt   \nb.t\\xt\r\n"}, set()),
        ({"top": "\ufeffa.txt"}, {"b.txt", "sub/b.txt"}),
        ({"top": "no\x0ca.txt\u2028b.txt"}, {*PLACES}),  # no ends of lines
    ],
)
def test_rules_are_those_of_git(
    tmp_path: Path, repository: Path, rules: dict[str, str], left: set[str]
) -> None:
    assert taken(tree(tmp_path, *PLACES, **rules)) == left
    assert kept_by_git(tmp_path, repository) == left


NAME = st.sampled_from(["a", "b", "ab", "a.txt", "b.txt", "a b", "A", "[a]", "a!"])
PATH = st.lists(NAME, min_size=1, max_size=4).map("/".join)
# No lone "[": where one and the "]" after it hold a slash between them, pathspec parts them there.
PIECE = st.sampled_from(
    ["a", "b", "ab", "a.txt", "*", "?", "**", "*.txt", "a*", "[ab]", "[!a]", "[a-c].txt", "a\\ b",
     "\\[a\\]", "\\*", "a b", "A", "***", "a**b", "a\\", "[]a]", "a!", "[^b]*", ".", ".."]
)  # fmt: skip
PATTERN = st.tuples(
    st.sampled_from(["", "", "", "!", "#", "\\!", "\\#"]),
    st.sampled_from(["", "", "/"]),
    st.lists(PIECE, min_size=1, max_size=3).map("/".join),
    st.sampled_from(["", "", "/", " ", "\\ ", "\r"]),
).map("".join)
RULES = st.lists(PATTERN, max_size=4).map("\n".join)
FOLDERS = st.lists(NAME, max_size=2).map("/".join)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all trees, which it lies outside of."""
    made = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", "--bare", made], check=True, env=alone())
    return made


def kept_by_git(folder: Path, repository: Path) -> set[str]:
    """Paths of files that git does not ignore."""
    git = ["git", f"--git-dir={repository}", f"--work-tree={folder}", "-c", "core.bare=false"]
    listed = subprocess.run(
        [*git, "ls-files", "--others", "--exclude-standard", "-z"],
        cwd=folder,
        capture_output=True,
        check=True,
        env=alone(),
    )
    return {
        path for path in listed.stdout.decode().split("\0") if path and ".gitignore" not in path
    }


def alone() -> dict[str, str]:
    """An environment in which git knows nothing of its user."""
    nothing = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}
    return {name: v for name, v in os.environ.items() if not name.startswith("GIT_")} | nothing


@needs_git
@settings(max_examples=40, deadline=None)
@given(st.sets(PATH, min_size=1, max_size=8), st.dictionaries(FOLDERS, RULES, max_size=3))
@example({"a/b/ab"}, {"": "a/**/ab"})
@example({"a/b", "b"}, {"": "/*\n!/a", "a": "b"})
@example({"a"}, {"": "a/a\n***/a"})
@example({"a b", "a"}, {"": "a\\ b\na\\ "})
@example({"b/a/b"}, {"": "a\n!b"})
@example({"b/a/b", "b/b", "c"}, {"": "**/\n!b"})
@example({"a/b", "a/c/b"}, {"": "a/**\n!a/b"})
def test_git_ignores_the_same(repository: Path, paths: set[str], rules: dict[str, str]) -> None:
    with TemporaryDirectory() as top:
        folder = Path(os.path.realpath(top), "folder")
        folder.mkdir()
        for path in sorted(paths, key=len, reverse=True):
            file = folder / path
            if not file.exists() and not any(p.is_file() for p in file.parents):
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(path)
        for place, lines in rules.items():
            if (folder / place).is_dir():
                (folder / place / ".gitignore").write_text(lines, newline="")
        assert taken(folder) == kept_by_git(folder, repository)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=60)
    | st.text(st.sampled_from("ab*?![]\\/#- \n\0{}()+^$|."), max_size=30).map(str.encode)
)
def test_whatever_a_rule_file_holds_it_does_no_harm(data: bytes) -> None:
    with TemporaryDirectory() as top:
        for name in ("a.txt", ".gitignore", ".quaereignore"):
            Path(top, name).write_bytes(data)
        found = scan([Path(top)], lambda _: True)
        assert found.refused == []
        assert len(found.files) + found.ignored == 1


def test_one_bad_line_leaves_the_others_in_force(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes(b"\xff\xfe\na\\\n[\n!\n/\nb.txt\n")
    tree(tmp_path, "a.txt", "b.txt")
    assert taken(tmp_path) == {"a.txt"}


@pytest.mark.parametrize("kind", ["folder", "pipe", "loop", "nothing", "zero"])
def test_a_rule_file_that_is_no_file_is_passed_over(tmp_path: Path, kind: str) -> None:
    tree(tmp_path, "a.txt", "sub/b.txt")
    for name in (".gitignore", "sub/.quaereignore"):
        path = tmp_path / name
        match kind:
            case "folder":
                path.mkdir()
            case "pipe":
                os.mkfifo(path)
            case "loop":
                path.symlink_to(path)
            case "nothing":
                path.symlink_to("nowhere")
            case "zero":
                path.symlink_to("/dev/zero")
    assert taken(tmp_path) == {"a.txt", "sub/b.txt"}


def test_a_rule_file_of_many_megabytes_is_passed_over(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt")
    (tmp_path / ".gitignore").write_text("*\n" * MAX_BYTES)
    assert taken(tmp_path) == {"a.txt"}


def test_our_own_rules_go_before_gits_in_the_same_folder(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.txt", "sub/a.txt", top="*.txt")
    (tmp_path / ".quaereignore").write_text("!a.txt")
    assert taken(tmp_path) == {"a.txt", "sub/a.txt"}
    (tmp_path / "sub" / ".gitignore").write_text("a.txt")  # nearer to it
    assert taken(tmp_path) == {"a.txt"}
    (tmp_path / ".quaereignore").write_text("a.txt")
    (tmp_path / ".gitignore").write_text("!a.txt")
    (tmp_path / "sub" / ".gitignore").unlink()
    assert taken(tmp_path) == {"b.txt"}


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "b.txt", "sub/a.txt", "sub/b.txt", top="sub\na.txt")
    found = scan([tmp_path], lambda _: True)
    assert found.ignored == 2  # the folder is one


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    tree(tmp_path, ".hidden.txt", ".folder/a.txt", "sub/.git/a.txt", "a.txt")
    (tmp_path / ".gitignore").write_text("!.hidden.txt\n!.folder\n")
    assert taken(tmp_path) == {"a.txt"}
    assert scan([tmp_path], lambda _: True).ignored == 0
    assert taken(tmp_path / ".folder") == {"a.txt"}  # named outright
    assert len(scan([tmp_path / ".hidden.txt"], lambda _: True).files) == 1


def test_rules_reach_through_a_linked_folder(tmp_path: Path) -> None:
    """By the name under which it was reached; its own rules hold too."""
    outside = tree(tmp_path / "outside", "a.txt", "b.txt", "c.txt", top="c.txt")
    folder = tree(tmp_path / "folder", "x.txt", top="linked/a.txt\n")
    (folder / "linked").symlink_to(outside)
    found = scan([folder], lambda _: True)
    assert names([file.path for file in found.files]) == ["b.txt", "x.txt"]
    (folder / ".gitignore").write_text("linked")
    assert taken(folder) == {"x.txt"}


def test_links_are_followed_once(tmp_path: Path) -> None:
    folder = tree(tmp_path / "folder", "a.txt", "sub/b.txt")
    for name, target in (("one", "sub"), ("two", "sub"), ("up", "."), ("sub/top", "..")):
        (folder / name).symlink_to(target)
    (folder / "again.txt").symlink_to("a.txt")
    found = scan([folder], lambda _: True)
    assert names([file.path for file in found.files]) == ["a.txt", "b.txt"]


def test_rules_above_the_named_folder_do_not_count(tmp_path: Path) -> None:
    tree(tmp_path, "sub/a.txt", top="a.txt")
    assert taken(tmp_path) == set()
    assert taken(tmp_path / "sub") == {"a.txt"}


def test_a_file_that_becomes_ignored_leaves_the_library(
    tmp_path: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    for seed, name in enumerate(("a.txt", "b.txt", "sub/c.txt")):
        (folder / name).write_text(text(1, seed))
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, folder)
    (folder / ".quaereignore").write_text("a.txt\nsub/\n")
    report = add(engine, folder)
    assert (names(report.removed), report.ignored) == (["a.txt", "c.txt"], 2)
    assert names([d.path for d in engine.documents()]) == ["b.txt"]
    assert names(add(engine, folder / "a.txt").added) == ["a.txt"]  # named outright
    assert names(add(engine, folder, folder / "a.txt").unchanged) == ["a.txt", "b.txt"]
    assert names(add(engine, folder).removed) == ["a.txt"]
    (folder / ".quaereignore").unlink()
    assert names(add(engine, folder).added) == ["a.txt", "c.txt"]


def test_a_sidecar_that_is_ignored_says_nothing(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "a.txt.meta.yaml", top="*.yaml")
    found: Scan = scan([tmp_path], lambda _: True)
    assert (len(found.files), found.sidecars) == (1, [])


def test_rules_may_be_asked_by_themselves(tmp_path: Path) -> None:
    tree(tmp_path, "sub/a.txt", top="*.txt", sub="!a.txt")
    top = IgnoreRules(str(tmp_path))
    below = top.below(str(tmp_path / "sub"))
    assert top.ignores(str(tmp_path / "a.txt"), is_folder=False)
    assert not below.ignores(str(tmp_path / "sub" / "a.txt"), is_folder=False)
    assert below.ignores(str(tmp_path / "sub" / "b.txt"), is_folder=False)
