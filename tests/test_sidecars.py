"""What a sidecar says of its file, and what is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import MetadataInvalid
from index.sidecar import KEYS, read_sidecar
from index.types import Metadata

NOTHING = Metadata()


@pytest.fixture
def sidecar(tmp_path: Path) -> Callable[[str | bytes], Metadata]:
    """What a sidecar with this content says."""

    def read(content: str | bytes) -> Metadata:
        path = tmp_path / "a.txt.meta.yaml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_sidecar(path)

    return read


Sidecar = Callable[[str | bytes], Metadata]


def test_a_sidecar_says_all_there_is_to_say(sidecar: Sidecar) -> None:
    assert sidecar(
        "title: On Rice\nauthor: [Roe, Ana Poe]\npublication: The Rice Times\n"
        "date: 2019-05-31\nlanguage: en-GB\nurl: https://example.org/rice\n"
        "type: article-journal\npublisher: Roe & Sons\nplace: Bonn\nvolume: 12\nissue: 3\n"
        "pages: 12\N{EN DASH}34\nedition: 2\ndoi: https://doi.org/10.1000/xyz\n"
        "isbn: 978-0-306-40615-7\n"
    ) == Metadata(
        "On Rice",
        "Roe; Ana Poe",
        "The Rice Times",
        "2019-05-31",
        "en",
        "https://example.org/rice",
        "article-journal",
        "Roe & Sons",
        "Bonn",
        "12",
        "3",
        "12-34",
        "2",
        "10.1000/xyz",
        "978-0-306-40615-7",
    )


def test_every_kind_of_metadata_has_a_key_of_its_name() -> None:
    assert {field.name for field in fields(Metadata)} == set(KEYS.values())
    assert all(KEYS[name] == name for name in KEYS.values())


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("title: 1984", Metadata(title="1984")),
        ("title: No", Metadata(title="No")),
        ("title: 1.10", Metadata(title="1.10")),
        ("Title: On Rice", Metadata(title="On Rice")),
        ("title: |\n  On\n  Rice\n", Metadata(title="On Rice")),
        ('title: "On \\uD800\\e[31m Rice"', Metadata(title="On ? [31m Rice")),
        ("title: Über Reis", Metadata(title="Über Reis")),
        ("author: Roe, Ana", Metadata(author="Roe, Ana")),
        ("authors:\n- Roe, Ana\n- \n- Poe, Ben\n", Metadata(author="Roe, Ana; Poe, Ben")),
        ("author: []", NOTHING),
        ("journal: Rice", Metadata(publication="Rice")),
        (
            "publisher: Roe & Sons\njournal: Rice",
            Metadata(publication="Rice", publisher="Roe & Sons"),
        ),
        ("publisher: Roe & Sons\njournal:", Metadata(publisher="Roe & Sons")),
        ("type: Book", Metadata(type="book")),
        ("doi: doi:10.1000/xyz", Metadata(doi="10.1000/xyz")),
        ("isbn: 9780306406157", Metadata(isbn="9780306406157")),
        (
            "volume: 007\nissue: 1.10\nedition: No",
            Metadata(volume="007", issue="1.10", edition="No"),
        ),
        ("site: Rice Blog", Metadata(publication="Rice Blog")),
        ("date: 2019", Metadata(date="2019")),
        ("date: 2019-05", Metadata(date="2019-05")),
        ("date: 2019-05-31T10:00:00Z", Metadata(date="2019-05-31")),
        ("date: 31 May 2019", Metadata(date="2019-05-31")),
        ("language: PT_br", Metadata(language="pt")),
        ("title:\nauthor: ~\ndate: null\nurl: ''", NOTHING),
        ("# nothing yet\n", NOTHING),
        ("", NOTHING),
    ],
)
def test_what_a_sidecar_says(sidecar: Sidecar, written: str, known: Metadata) -> None:
    assert sidecar(written) == known
    assert sidecar(b"\xef\xbb\xbf" + written.encode()) == known


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ("title: A\nyear: 2019", 2, '"year" is unknown'),
        ("title: A\ntitle: B", 2, "twice"),
        ("title: A\ndate: 2019-02-31", 2, '"2019-02-31" is no date'),
        ("date: yesterday", 1, '"yesterday" is no date'),
        ("date: 8/10/2025", 1, "is no date"),
        ("title: [A, B]", 1, '"title"'),
        ("title: A\nauthor: {family: Roe}", 2, '"author"'),
        ("author: [[Roe]]", 1, '"author"'),
        ("language: Klingon", 1, "is no known language"),
        ("url: example.org", 1, "is no web address"),
        ("url: javascript:alert(1)", 1, "is no web address"),
        ("title: A\ntype: novel", 2, '"novel" is no type of work'),
        ("title: A\ndoi: 1000/xyz", 2, '"1000/xyz" is no DOI'),
        ("isbn: 978-0-306-40615-8", 1, "is no ISBN"),
        ("pages: --", 1, "are no pages"),
        ("volume: [1, 2]", 1, '"volume"'),
        ("title: A\nauthor: On Rice: B", 2, "no YAML"),
        ("title: 'A", 1, "no YAML"),
        ("- A\n- B", 1, "keys and their values"),
        ("just words", 1, "keys and their values"),
        ("? [a]\n: b", 1, "a key"),
        ("title: *other", 1, "no YAML"),
        ("title: A\n---\ntitle: B", 2, "no YAML"),
        ("<<: {title: A}", 1, '"<<" is unknown'),
    ],
)
def test_what_is_wrong_in_a_sidecar_is_named_with_its_line(
    sidecar: Sidecar, written: str, line: int, said: str
) -> None:
    with pytest.raises(MetadataInvalid) as refused:
        sidecar(written)
    assert f"a.txt.meta.yaml: line {line}: " in refused.value.message
    assert said in refused.value.message
    assert refused.value.remedy.endswith(".")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"title: \xff\xfe", "UTF-8"),
        (b"title: A\x00", "UTF-8"),
        (b"title: " + b"A" * 2**16, "64 KB"),
        (b"[" * 2**15, "no YAML"),
        (b"a: &a [x]\nb: &b [*a, *a]\n", "unknown"),
    ],
)
def test_a_sidecar_of_garbage_is_refused(sidecar: Sidecar, content: bytes, said: str) -> None:
    with pytest.raises(MetadataInvalid, match=said):
        sidecar(content)


def test_what_is_no_file_is_no_sidecar(tmp_path: Path) -> None:
    with pytest.raises(MetadataInvalid, match="is not there"):
        read_sidecar(tmp_path / "a.meta.yaml")
    os.mkfifo(tmp_path / "a.meta.yaml")
    with pytest.raises(MetadataInvalid, match="not a regular file"):
        read_sidecar(tmp_path / "a.meta.yaml")


@given(st.one_of(st.binary(max_size=200), st.text(":\n -[]{}&*!|>'\"%@`#?,a\\", max_size=60)))
def test_a_sidecar_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes | str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.meta.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with suppress(MetadataInvalid):
        assert isinstance(read_sidecar(path), Metadata)
