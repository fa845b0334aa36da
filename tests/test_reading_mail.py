"""Mails, made with the standard library or written out where they are odd."""

from __future__ import annotations

import gzip
import hashlib
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import readers
from index.errors import FileDamaged, FileEncrypted, FileRefused, LimitExceeded
from index.readers import mail, mail_attachments
from index.readers.mail_body import unflowed
from index.types import Attachment, Failure, Mark, Metadata, SourceFile, SourceText

HEAD = b"From: Ana Roe <ana@grain.org>\r\nSubject: Rice\r\n"


def read(message: EmailMessage | bytes) -> SourceText:
    data = message if isinstance(message, bytes) else message.as_bytes()
    return mail.read(Path("any.eml"), data)


def body(message: EmailMessage | bytes) -> str:
    """The text below the headers."""
    return read(message).text.partition("\n\n")[2]


def letter(text: str | None = "Rice grows.", **headers: str) -> EmailMessage:
    message = EmailMessage()
    stated = {"From": "Ana Roe <ana@grain.org>", "To": "ben@grain.org", "Subject": "Rice"}
    for name, value in (stated | headers).items():
        message[name.replace("_", "-")] = value
    if text is not None:
        message.set_content(text)
    return message


def attached(found: SourceText) -> list[str]:
    return [attachment.name for attachment in found.attachments]


def test_headers_stand_as_people_see_them_and_are_a_part() -> None:
    found = read(
        letter(
            From="Jörg Müller <joerg@grain.org>",
            To="Ben Poe <ben@grain.org>, Zoë <zoe@grain.org>",
            Cc="cy@grain.org",
            Subject="Größe der Körner: " + "sehr lang " * 12 + "Ende",
            Date="Wed, 08 Oct 2025 23:30:00 -0500",
            Archived_At="<https://lists.grain.org/1>",
        )
    )
    head = (
        "From: Jörg Müller <joerg@grain.org>\n"
        "To: Ben Poe <ben@grain.org>, Zoë <zoe@grain.org>\n"
        "Cc: cy@grain.org\n"
        "Date: Wed, 08 Oct 2025 23:30:00 -0500\n"
        "Subject: Größe der Körner: " + "sehr lang " * 12 + "Ende"
    )
    assert found.text == f"{head}\n\nRice grows."
    start = len(head) + 2
    assert found.marks == (Mark(0, "part", 0, "mail headers"), Mark(start, "part", 0, ""))
    assert found.breaks == (start,)
    assert found.metadata == Metadata(
        "Größe der Körner: " + "sehr lang " * 12 + "Ende",
        "Jörg Müller",
        date="2025-10-08",
        url="https://lists.grain.org/1",
        type="personal_communication",
    )


def test_a_sender_without_a_name_is_an_address() -> None:
    assert read(letter(From="ana@grain.org")).metadata.author == "ana@grain.org"
    assert (
        read(letter(From='"Roe, Ana" <a@x.org>, Ben <b@x.org>')).metadata.author == "Roe, Ana; Ben"
    )


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        (b"Subject: Gr\xc3\xbc\xc3\x9fe", "Grüße"),
        (b"Subject: Gr\xfc\xdfe", "Grüße"),
        (b"Subject: =?utf-8?B?UmlzIAA=?= x", "Ris x"),
        (b"Subject: =?no-charset?Q?R=FC?=", None),
        (b"Subject: " + b"=?utf-8?Q?a?= " * 4000, None),
        (b"To: (((", None),
        (b"To: " + b"(" * 5000, None),
        (b"To: a:;:;", None),
        (b"Date: yesterday", "yesterday"),
        (b"Content-Type: text/plain; name*", None),
    ],
)
def test_odd_headers_do_no_harm(header: bytes, shown: str | None) -> None:
    found = read(b"From: ana@grain.org\r\n" + header + b"\r\n\r\nRice grows.")
    assert found.text.endswith("\n\nRice grows.")
    assert shown is None or f": {shown}\n\n" in found.text


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "koi8-r", "shift_jis", "gb2312"])
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_bodies_are_decoded(charset: str, encoding: str) -> None:
    texts = {"koi8-r": "Рис растёт.", "shift_jis": "米が育つ。", "gb2312": "水稻生长。"}
    text = texts.get(charset, "Le riz poussé à côté.") + " " + "x" * 100
    message = letter(None)
    message.set_content(text, charset=charset, cte=encoding)
    assert body(message) == text


@pytest.mark.parametrize(
    ("content_type", "data", "text"),
    [
        (b"text/plain", "Gr\u00fc\u00dfe".encode(), "Grüße"),
        (
            b"text/plain; charset=us-ascii",
            b"\x93Rice\x94 gr\xfcn und sch\xf6n",
            "“Rice” grün und schön",
        ),
        (b"text/plain; charset=iso-8859-1", b"\x93Rice\x94", "“Rice”"),
        (b"text/plain; charset=utf-8", b"Gr\xfc", "Gr\N{REPLACEMENT CHARACTER}"),
        (b"text/plain; charset=utf-16", "Größe".encode("utf-16"), "Größe"),
        (b"text/plain; charset=rot13", b"Rice", "Rice"),
        (b"text/plain; charset=x-nobody-knows", "Gr\u00fc\u00dfe".encode(), "Grüße"),
    ],
)
def test_wrong_charsets_lose_no_more_than_they_must(
    content_type: bytes, data: bytes, text: str
) -> None:
    assert body(HEAD + b"Content-Type: " + content_type + b"\r\n\r\n" + data) == text


def test_lines_and_quotations_stay_as_they_are() -> None:
    text = "Hi Ana,\n\n> You wrote\n>> this,\n> and that.\n\n  indented\nCafe\N{COMBINING ACUTE ACCENT}"
    assert body(letter(text)) == text


def test_the_plain_form_is_taken_and_the_html_only_without_one() -> None:
    both = letter("Rice grows.")
    both.add_alternative("<p>Rice <b>grows</b> in water.</p>", subtype="html")
    assert body(both) == "Rice grows."
    web_page = letter(None)
    web_page.set_content("<h1>Rice</h1><p>It grows.</p>", subtype="html")
    found = read(web_page)
    assert body(web_page) == "Rice\n\nIt grows."
    assert [found.text[mark.start :][:4] for mark in found.marks if mark.kind == "heading"] == [
        "Rice"
    ]


@pytest.mark.parametrize("stub", ["", " \n", "View this mail in your browser."])
def test_a_plain_form_that_says_nothing_gives_way(stub: str) -> None:
    message = letter(stub)
    message.add_alternative(f"<p>{'Rice grows in water. ' * 20}</p>", subtype="html")
    assert body(message) == ("Rice grows in water. " * 20).strip()


def test_what_follows_an_attached_file_is_read_too() -> None:
    message = letter("First.")
    message.add_attachment(b"\x89PNG", "image", "png", filename="rice.png")
    message.attach(part := EmailMessage())
    part.set_content("Footer of the list.")
    assert body(message) == "First.\n\nFooter of the list."
    assert read(message).attachments == ()


def test_flowed_lines_become_paragraphs() -> None:
    head = HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n"
    flowed = b"Rice \r\ngrows.\r\n>> In \r\n>> water.\r\n> Yes.\r\n From here.\r\n-- \r\nAna\r\n"
    assert body(head + flowed) == "Rice grows.\n>> In water.\n> Yes.\nFrom here.\n-- \nAna"
    assert unflowed("米が \n育つ。", delete_space=True) == "米が育つ。"


def test_attached_files_are_kept_if_they_can_be_read() -> None:
    message = letter()
    message.add_attachment("a,b\r\n1,2\r\n", subtype="csv", filename="rows.csv")
    message.add_attachment(b"GIF89a", "image", "gif", filename="rice.gif")
    message.add_attachment(gzip.compress(b"Rice."), "application", "gzip", filename="rice.txt.gz")
    message.add_attachment(b"%PDF-", "application", "pdf", filename="Größe.pdf")
    found = read(message)
    assert attached(found) == ["rows.csv", "rice.txt.gz", "Größe.pdf"]
    assert found.attachments[0].data.splitlines() == [b"a,b", b"1,2"]
    assert found.text.endswith("\n\nRice grows.")


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("../../etc/rice.txt", "rice.txt"),
        ("C:\\temp\\rice.txt", "rice.txt"),
        ("/rice.txt/", "rice.txt"),
        ("ri\tce\x00\N{RIGHT-TO-LEFT OVERRIDE}.txt", "rice.txt"),
        ("..", "attachment.txt"),
        ("x" * 300 + ".txt", "x" * 196 + ".txt"),
        ("x" * 300 + ".txt.gz", "x" * 193 + ".txt.gz"),
        ("rice", "rice.txt"),
    ],
)
def test_names_of_attached_files_lead_nowhere(stated: str, name: str) -> None:
    part = EmailMessage()
    part.set_content("Rice.")
    part.add_header("Content-Disposition", "attachment")
    part.set_param("filename", stated, header="Content-Disposition")
    assert mail_attachments.safe_name(part) == name


def test_files_of_one_name_are_numbered_before_the_suffix() -> None:
    message = letter()
    for name in ("a.txt", "a.txt", "a.txt", "b.csv.gz", "b.csv.gz"):
        message.add_attachment(b"Rice.", "application", "octet-stream", filename=name)
    names = ["a.txt", "a (2).txt", "a (3).txt", "b.csv.gz", "b (2).csv.gz"]
    assert attached(read(message)) == names


def test_mails_in_mails_are_read_as_documents_below_them(tmp_path: Path) -> None:
    message = letter("Innermost.", Subject="Level 5")
    for level in range(4, -1, -1):
        outer = letter(f"At level {level}.", Subject=f"Level/{level}")
        outer.add_attachment(message)
        message = outer
    path = tmp_path / "mail.eml"
    path.write_bytes(message.as_bytes())
    found = readers.read(SourceFile(path, hashlib.sha256(path.read_bytes()).hexdigest()))
    names = ["mail.eml", "Level-1.eml", "Level-2.eml", "Level-3.eml", "Level-4.eml"]
    assert [reading.source.path.name for reading in found] == names
    assert found[1].source.path.parent == path
    texts = [item.content.text for item in found if isinstance(item.content, SourceText)]
    assert [text.rpartition("\n")[2] for text in texts] == [f"At level {n}." for n in range(4)]
    last = found[-1].content
    assert isinstance(last, Failure)
    assert last.code == "limit-exceeded"


def test_a_broken_attachment_is_a_failure_of_its_own(tmp_path: Path) -> None:
    message = letter()
    message.add_attachment(b"not gzip", "application", "gzip", filename="rice.txt.gz")
    message.add_attachment("Water.", filename="water.txt")
    path = tmp_path / "mail.eml"
    path.write_bytes(message.as_bytes())
    found = readers.read(SourceFile(path, hashlib.sha256(path.read_bytes()).hexdigest()))
    assert [isinstance(reading.content, Failure) for reading in found] == [False, True, False]


def test_attached_texts_share_the_room_of_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "MAX_TEXT_CHARACTERS", 3000)
    message = letter()
    packed = gzip.compress(b"Rice grows. " * 100)
    for number in range(3):
        name = f"{number}.txt.gz"
        message.add_attachment(packed, "application", "gzip", filename=name)
    path = tmp_path / "mail.eml"
    path.write_bytes(message.as_bytes())
    found = readers.read(SourceFile(path, hashlib.sha256(path.read_bytes()).hexdigest()))
    failures = [reading.content for reading in found if isinstance(reading.content, Failure)]
    assert [(failure.path.name, failure.code) for failure in failures] == [
        ("2.txt.gz", "limit-exceeded")
    ]


def test_too_many_attachments_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_attachments, "MAX_ATTACHMENTS", 3)
    message = letter()
    for number in range(4):
        message.add_attachment("Rice.", filename=f"{number}.txt")
    with pytest.raises(LimitExceeded, match="3 files"):
        read(message)


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"Only words.\n\nMore.", b"Note: this is no mail\n\nMore."]
)
def test_what_has_no_mail_headers_is_refused(data: bytes) -> None:
    with pytest.raises(FileDamaged, match="no mail headers"):
        read(data)


def test_encrypted_mails_are_refused_as_such() -> None:
    sealed = (
        HEAD + b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nMIAGCSq="
    )
    with pytest.raises(FileEncrypted):
        read(sealed)


def test_a_mail_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    message = letter("Rice grows.")
    message.add_attachment("Water. " * 100, filename="water.txt", cte="base64")
    whole = message.as_bytes()
    for cut in range(200, 204):
        found = read(whole[: len(whole) - cut])
        assert found.text.endswith("Rice grows.")
        assert found.attachments[0].data.startswith(b"Water.")


def test_a_mail_saved_with_a_byte_order_mark_is_read() -> None:
    assert body(b"\xef\xbb\xbf\r\n" + HEAD + b"\r\nRice grows.") == "Rice grows."


def test_parts_nested_without_end_are_refused() -> None:
    depth = 2000
    data = HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(depth)
    )
    with pytest.raises(FileRefused):
        read(data + b"\r\nRice.")


WORDS = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters="\n ", codec="utf-8"),
    max_size=300,
)


@given(
    WORDS, st.sampled_from(["utf-8", "gb18030"]), st.sampled_from(["base64", "quoted-printable"])
)
def test_any_text_comes_back_as_it_was_sent(text: str, charset: str, encoding: str) -> None:
    message = letter(None)
    message.set_content(text, charset=charset, cte=encoding)
    assert body(message) == text.strip()


@given(st.lists(st.tuples(st.binary(max_size=60), st.integers(0, 10**6)), max_size=5))
def test_damage_anywhere_is_read_or_refused(damage: list[tuple[bytes, int]]) -> None:
    message = letter("Grüße", Subject="Rice " * 30)
    message.add_alternative("<p>Rice</p>", subtype="html")
    message.add_attachment("Rice.", filename="rice.txt")
    message.add_attachment(letter("Inner."))
    data = bytearray(message.as_bytes())
    for junk, place in damage:
        at = place % len(data)
        data[at : at + len(junk) // 2] = junk
    try:
        found = read(bytes(data))
    except FileRefused:
        return
    assert all(0 <= mark.start <= len(found.text) for mark in found.marks)
    assert all(isinstance(each, Attachment) and "/" not in each.name for each in found.attachments)
