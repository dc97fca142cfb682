"""What a file is, is read from its bytes alone."""

from contextlib import suppress
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_LZMA
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from clinic.files.contents.reading import read_content
from clinic.files.enums import FileKind
from clinic.files.errors import FileEmptyError, FileKindRefusedError, FileTooLargeError
from clinic.files.rules import clean_name, wanted_range
from clinic.settings import rules
from tests.files import samples

ALL = frozenset(FileKind)


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (samples.image("JPEG"), "image/jpeg"),
        (samples.image("PNG"), "image/png"),
        (samples.image("WEBP"), "image/webp"),
        (samples.image("GIF"), "image/gif"),
        (samples.moving(), "image/gif"),
        (samples.wav(), "audio/wav"),
        (samples.mp3(), "audio/mpeg"),
        (samples.mp3(tag=b"ID3\x03\x00\x00\x00\x00\x00\x05title"), "audio/mpeg"),
        (samples.aac(), "audio/aac"),
        (samples.amr(), "audio/amr"),
        (samples.opus(), "audio/ogg"),
        (samples.m4a(), "audio/mp4"),
        (samples.pdf(), "application/pdf"),
        (
            samples.office(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            samples.office("xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_what_is_taken_is_known_by_its_bytes(data: bytes, mime: str) -> None:
    assert read_content(data, ALL).mime == mime


@pytest.mark.parametrize(
    "data",
    [
        samples.SVG,
        samples.HTML,
        b"MZ\x90\x00" + bytes(100),
        b"\x7fELF" + bytes(100),
        b"GIF89a" + samples.HTML,
        b"\xff\xd8\xff\xe0" + bytes(50),
        samples.image()[:60],
        b"%PDF-1.4\nno end",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"RIFF\x00\x00\x00\x00AVI " + bytes(40),
        samples.mp3(1),
        samples.mp3() + samples.HTML * 200,
        samples.amr()[:-1],
        samples.m4a(handler=b"vide"),
        samples.m4a()[:40],
        samples.opus()[:-1],
        samples.office(word__vbaProject=b"x"),
        samples.office(word__embeddings__a=b"x"),
        samples.office("xl/workbook.xml", **{"../x": b"x"}),
        samples.office("other.xml"),
        samples.office(word__bomb=bytes(5_000_000)),
        samples.office()[:-30],
        samples.broken_office(),
        samples.office(method=ZIP_LZMA),
        samples.office(method=ZIP_BZIP2),
        b"PK\x03\x04" + bytes(60),
        b"plain words",
    ],
)
def test_anything_else_is_refused_whatever_it_is_called(data: bytes) -> None:
    with pytest.raises(FileKindRefusedError):
        read_content(data, ALL)


@pytest.mark.parametrize(
    "data",
    [
        samples.wav(2),
        samples.mp3(77),
        samples.aac(86),
        samples.amr(),
        samples.opus(),
        samples.m4a(),
    ],
)
def test_recordings_tell_how_long_they_play(data: bytes) -> None:
    assert read_content(data, ALL).duration_ms == pytest.approx(2000, abs=20)


@pytest.mark.parametrize(
    "data",
    [samples.wav(61), samples.amr(3051), samples.opus(61), samples.m4a(61), samples.mp3(5100)],
)
def test_recordings_above_a_minute_or_two_megabytes_are_too_large(data: bytes) -> None:
    with pytest.raises(FileTooLargeError):
        read_content(data, ALL)


def test_limits_hold_for_bytes_and_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileEmptyError):
        read_content(b"", ALL)
    with pytest.raises(FileTooLargeError):
        read_content(bytes(rules.FILE_MAX_BYTES + 1), ALL)
    monkeypatch.setattr(rules, "IMAGE_MAX_PIXELS", 40 * 30)
    assert read_content(samples.image(), ALL).width == 40
    with pytest.raises(FileTooLargeError):
        read_content(samples.image(size=(41, 30)), ALL)


def test_a_picture_that_claims_to_be_enormous_is_too_large() -> None:
    head = bytearray(samples.image("PNG"))
    head[16:24] = (60_000).to_bytes(4) * 2
    head[29:33] = crc32(head[12:29]).to_bytes(4)

    with pytest.raises(FileTooLargeError):
        read_content(bytes(head), ALL)


def test_a_kind_that_the_purpose_does_not_take_is_refused() -> None:
    with pytest.raises(FileKindRefusedError):
        read_content(samples.pdf(), frozenset({FileKind.IMAGE}))


def test_a_photo_stands_upright_and_tells_nothing_but_the_picture() -> None:
    data = samples.photo_with_place()
    content = read_content(data, ALL)

    assert b"CanaryPhone" in data
    assert b"canary comment" in data
    assert b"anary" not in content.data
    assert (content.width, content.height) == (30, 40)
    with Image.open(BytesIO(content.data)) as picture:
        assert dict(picture.getexif()) == {}
        assert "comment" not in picture.info


def test_a_moving_picture_keeps_moving_and_tells_nothing_else() -> None:
    content = read_content(samples.moving(), ALL)

    with Image.open(BytesIO(content.data)) as picture:
        assert (picture.n_frames, picture.info["duration"]) == (3, 50)  # type: ignore[attr-defined]
    assert b"canary" not in content.data


@given(data=st.binary(max_size=300), place=st.integers(0, 2000), kind=st.integers(0, 11))
@settings(max_examples=300, deadline=None)
def test_damaged_files_are_refused_or_read_and_never_a_fault(
    data: bytes, place: int, kind: int
) -> None:
    makers = [
        *(samples.wav, samples.mp3, samples.aac, samples.amr, samples.opus, samples.m4a),
        *(samples.pdf, samples.office, samples.image, samples.moving, samples.photo_with_place),
        lambda: b"",
    ]
    whole = makers[kind]()
    place %= len(whole) + 1
    with suppress(FileEmptyError, FileKindRefusedError, FileTooLargeError):
        read_content(whole[:place] + data + whole[place + len(data) :], ALL)


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("报告.pdf", "报告.jpg"),
        ("C:\\Users\\me\\a.b.exe", "a.b.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("", "file.jpg"),
        ("\x00\x1f\u202egpj.exe", "gpj.jpg"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("长" * 500, "长" * 100 + ".jpg"),
        ("\ud800x.png", "x.jpg"),
    ],
)
def test_names_are_made_harmless(given_name: str, shown: str) -> None:
    assert clean_name(given_name, "jpg") == shown


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", None),
        ("bytes=0-9", (0, 10)),
        ("bytes=90-", (90, 100)),
        ("bytes=-5", (95, 100)),
        ("bytes=-500", (0, 100)),
        ("bytes=99-500", (99, 100)),
        ("bytes=5-2", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=-", None),
        ("bytes=" + "9" * 40 + "-", None),
    ],
)
def test_one_range_is_served_and_odd_ones_are_the_whole(
    header: str, part: tuple[int, int] | None
) -> None:
    assert wanted_range(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=-0", "bytes=200-300"])
def test_a_range_behind_the_end_is_told(header: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        wanted_range(header, 100)
