"""Small real files of every kind, made here byte by byte."""

import struct
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image


def image(form: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    """A picture."""
    out = BytesIO()
    Image.new("RGB", size, (200, 80, 60)).save(out, form, **options)
    return out.getvalue()


def photo_with_place() -> bytes:
    """A photo that stands on its side and tells the place and the telephone."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter
    exif[0x010F] = "CanaryPhone"
    exif[0x9286] = "canary comment"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (31.0, 13.0, 59.0)
    exif[0x8825] = gps
    return image("JPEG", exif=exif.tobytes(), comment=b"canary comment")


def moving() -> bytes:
    """A GIF of three pictures."""
    frames = [Image.new("RGB", (20, 10), (n * 90, 0, 0)) for n in range(3)]
    out = BytesIO()
    more = {"append_images": frames[1:], "duration": 50, "comment": b"canary"}
    frames[0].save(out, "GIF", save_all=True, **more)
    return out.getvalue()


def wav(seconds: float = 2.0) -> bytes:
    """Silence."""
    data = b"\x00" * int(8000 * seconds)
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    body = b"WAVE" + head + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mp3(frames: int = 50, tag: bytes = b"") -> bytes:
    """MPEG-1 layer III at 128 kbit/s, 44.1 kHz: 417 bytes and 26 ms a frame."""
    return tag + (b"\xff\xfb\x90\x00" + b"\x00" * 413) * frames


def aac(frames: int = 50) -> bytes:
    """ADTS at 44.1 kHz: 23 ms a frame."""
    length = 100
    head = bytes([0xFF, 0xF1, 0x50, 0x80 | length >> 11, length >> 3 & 0xFF, (length & 7) << 5, 0])
    return (head + b"\x00" * (length - 7)) * frames


def amr(frames: int = 100) -> bytes:
    """AMR narrow band at 12.2 kbit/s: 20 ms a frame."""
    return b"#!AMR\n" + (b"\x3c" + b"\x00" * 31) * frames


def opus(seconds: float = 2.0) -> bytes:
    """Two Ogg pages of an Opus stream."""
    return _page(b"OpusHead\x01\x01" + bytes(9), 0) + _page(b"\x00" * 40, int(48000 * seconds))


def _page(body: bytes, granule: int) -> bytes:
    return b"OggS\x00\x00" + struct.pack("<qIIIB", granule, 1, 0, 0, 1) + bytes([len(body)]) + body


def m4a(seconds: float = 2.0, handler: bytes = b"soun") -> bytes:
    """An MP4 container with one track."""
    head = _box(b"mvhd", bytes(12) + struct.pack(">II", 1000, int(seconds * 1000)) + bytes(80))
    track = _box(b"trak", _box(b"mdia", _box(b"hdlr", bytes(8) + handler + bytes(12))))
    return (
        _box(b"ftyp", b"M4A \x00\x00\x00\x00") + _box(b"moov", head + track) + _box(b"mdat", b"x")
    )


def _box(name: bytes, inside: bytes) -> bytes:
    return struct.pack(">I", 8 + len(inside)) + name + inside


def pdf() -> bytes:
    """The least of a PDF."""
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def office(main: str = "word/document.xml", *, method: int = ZIP_DEFLATED, **more: bytes) -> bytes:
    """A Word or Excel package."""
    out = BytesIO()
    with ZipFile(out, "w", method) as package:
        for name in ("[Content_Types].xml", main):
            package.writestr(name, "<xml/>")
        for name, content in more.items():
            package.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def broken_office() -> bytes:
    """A Word package whose first block says two lengths of itself."""
    data = bytearray(office())
    begin = 30 + len("[Content_Types].xml")
    data[begin : begin + 5] = b"\x01\x01\x01\x01\x01"
    return bytes(data)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
