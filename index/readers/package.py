"""Zip archives of XML, as DOCX, ODT, EPUB and PPTX are, opened with their limits kept."""

from __future__ import annotations

import io
import lzma
import posixpath
import struct
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import FileDamaged, FileEncrypted, LimitExceeded
from index.readers.limits import MAX_ENTRIES, check_unpacked

if TYPE_CHECKING:
    from lxml import etree

ENCRYPTED = 0x1
"""The flag bit of a zip entry that asks for a password."""

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
"""What Office files with a password, and those of before 2007, begin with."""

_OLD_STREAMS = ("WordDocument", "PowerPoint Document", "Workbook")
"""Named in the directories of Office files of before 2007, in UTF-16."""

_OTHER_FORMATS = (
    (b"%PDF", "a PDF", ".pdf"),
    (b"{\\rtf", "RTF", ".rtf"),
    (b"<!doctype html", "HTML", ".html"),
    (b"<html", "HTML", ".html"),
)
"""What files begin with that are often given the suffix of another format."""

_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # with NotImplementedError, for what zipfile cannot unpack
    ValueError,  # with UnicodeDecodeError, for names
    LookupError,
    OverflowError,
)
"""What the standard library raises on archives that are none."""


class Package:
    """A zip archive. Nothing is ever written to disk, so names in it can lead nowhere.

    Raises:
        FileDamaged, FileEncrypted, LimitExceeded: when it cannot be opened, or an entry read.
    """

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self._packed = len(data)
        self._unpacked = 0
        _check_kind(path, data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _ZIP_ERRORS as error:
            raise damaged(path, error) from None
        if len(self._zip.filelist) > MAX_ENTRIES:
            raise LimitExceeded(
                path,
                f"it holds {len(self._zip.filelist):,} files; at most {MAX_ENTRIES:,} are read.",
                "Take apart what is in it, and add the parts.",
            )
        # Some programs part folders with "\\", some spell a name one way and refer to it another.
        self._folded = {_folded(entry.filename): entry for entry in self._zip.filelist}

    def names(self) -> list[str]:
        """The entries' names, in the archive's order."""
        return [entry.filename for entry in self._zip.filelist]

    def has(self, name: str) -> bool:
        """Whether there is such an entry."""
        return self._entry(name) is not None

    def read(self, name: str) -> bytes:
        """An entry's bytes. All that is read out of one package counts towards its limits."""
        entry = self._entry(name)
        if entry is None:
            raise damaged(self.path, f"{name} is missing")
        if entry.flag_bits & ENCRYPTED:
            raise FileEncrypted(
                self.path,
                "parts of it are locked with a password.",
                "Save it without a password, or with no protection against copying.",
            )
        parts = bytearray()
        try:
            with self._zip.open(entry) as file:  # sizes an archive states of itself may lie
                while chunk := file.read(2**20):
                    parts += chunk
                    self._unpacked += len(chunk)
                    check_unpacked(self.path, self._packed, self._unpacked)
        except _ZIP_ERRORS as error:
            raise damaged(self.path, error) from None
        return bytes(parts)

    def xml(self, name: str) -> etree._Element:
        """The root of an entry that is XML."""
        return parse_xml(self.path, self.read(name))

    def _entry(self, name: str) -> zipfile.ZipInfo | None:
        exact = self._zip.NameToInfo.get(normal(name))
        return exact or self._folded.get(_folded(name))


def normal(name: str) -> str:
    """An entry's name without "..", "." and a leading slash, as links inside packages need it."""
    return posixpath.normpath(name).lstrip("/")


def _folded(name: str) -> str:
    return normal(name.replace("\\", "/")).casefold()


def _check_kind(path: Path, data: bytes) -> None:
    """Refuse what is plainly another format, saying which."""
    if data.startswith(OLE_MAGIC):
        if any(stream.encode("utf-16-le") in data for stream in _OLD_STREAMS):
            raise FileDamaged(
                path,
                "it is in the format of Office before 2007, whatever its name says.",
                "Open it, and save it in today's format (DOCX, XLSX, PPTX) or as PDF.",
            )
        raise FileEncrypted(
            path,
            "it is locked with a password, or in the format of Office before 2007.",
            "Open it, and save it without a password in today's format.",
        )
    start = data[:1000].lstrip().lower()
    for magic, kind, suffix in _OTHER_FORMATS:
        if start.startswith(magic.lower()):
            raise FileDamaged(
                path, f"its content is {kind}, not what its name says.", f"Rename it to {suffix}."
            )


def parse_xml(path: Path, data: bytes) -> etree._Element:
    """Parse XML without entities, network or unbounded depth: libxml2 stops at 256 elements.

    Comments and processing instructions are left out, so that they part no text.

    Raises:
        FileDamaged: when it is no XML, or declares entities ("a billion laughs").
        LimitExceeded: when there is no memory for it.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise damaged(path, error) from None
    except MemoryError:
        raise LimitExceeded(
            path, "it takes more memory than one file may.", "Split it into smaller files."
        ) from None
    if root is None:
        raise damaged(path, "a part of it is empty")
    definitions: Any = root.getroottree().docinfo.internalDTD  # its stub knows no entities
    if definitions is not None and any(True for _ in definitions.iterentities()):
        raise damaged(path, "its XML declares entities of its own, as files made to do harm do")
    return root


def damaged(path: Path, reason: object) -> FileDamaged:
    """A refusal of a file that breaks the rules of its format."""
    return FileDamaged(
        path,
        f"it is not whole, or not what its name says ({reason}).",
        "Open it in the program that made it, and save it again.",
    )
