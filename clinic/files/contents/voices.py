"""Voice: the container is walked to its end, which also tells how long it plays."""

import struct
from collections.abc import Callable, Iterator
from typing import Final

from clinic.files.contents.parts import Content
from clinic.files.enums import FileKind

# Bits and samples per second by the numbers in frame headers; 0 is not allowed there.
MP3_KBPS: Final = {
    "1": (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    "2": (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
MP3_HERTZ: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
AAC_HERTZ: Final = (
    *(96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350),
)
AMR_BYTES: Final[tuple[int, ...]] = (12, 13, 15, 17, 19, 20, 26, 31, 5)
AMR_WB_BYTES: Final[tuple[int, ...]] = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5)
TAIL_MAX_BYTES: Final = 4096  # tags and padding that players write behind the last frame
Seconds = float | None


def read_voice(data: bytes) -> Content | None:
    """Return the recording and how long it plays; None when it is none that is taken."""
    for mime, ending, measure in READERS:
        try:
            seconds = measure(data)
        except (struct.error, IndexError, ZeroDivisionError):
            continue
        if seconds:
            milliseconds = max(1, round(seconds * 1000))
            return Content(FileKind.VOICE, mime, ending, data, duration_ms=milliseconds)
    return None


def _mp3(data: bytes) -> Seconds:
    at = 0
    if data[:3] == b"ID3":
        size = data[6:10]
        at = 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
    seconds, frames = 0.0, 0
    while at + 4 <= len(data) and (frame := _mp3_frame(data, at)) is not None:
        length, duration = frame
        at, seconds, frames = at + length, seconds + duration, frames + 1
    return seconds if frames >= 2 and len(data) - at <= TAIL_MAX_BYTES else None


def _mp3_frame(data: bytes, at: int) -> tuple[int, float] | None:
    one, two, three = data[at : at + 3]
    version, layer, rate = two >> 3 & 3, two >> 1 & 3, three >> 2 & 3
    if one != 0xFF or two < 0xE0 or version == 1 or layer != 1 or rate == 3:
        return None
    kbps = MP3_KBPS["1" if version == 3 else "2"][three >> 4]
    if kbps == 0:
        return None
    hertz, samples = MP3_HERTZ[version][rate], 1152 if version == 3 else 576
    length = samples // 8 * kbps * 1000 // hertz + (three >> 1 & 1)
    return length, samples / hertz


def _aac(data: bytes) -> Seconds:
    at, seconds, frames = 0, 0.0, 0
    while at + 7 <= len(data) and data[at] == 0xFF and data[at + 1] & 0xF6 == 0xF0:
        length = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        if length < 7:
            return None
        seconds += 1024 / AAC_HERTZ[data[at + 2] >> 2 & 15]
        at, frames = at + length, frames + 1
    return seconds if frames >= 2 and len(data) - at <= TAIL_MAX_BYTES else None


def _amr(data: bytes) -> Seconds:
    head, sizes = b"#!AMR\n", AMR_BYTES
    if data.startswith(b"#!AMR-WB\n"):
        head, sizes = b"#!AMR-WB\n", AMR_WB_BYTES
    if not data.startswith(head):
        return None
    at, frames = len(head), 0
    while at < len(data):
        mode = data[at] >> 3 & 15
        if mode != 15 and mode >= len(sizes):
            return None
        at += 1 + (0 if mode == 15 else sizes[mode])
        frames += 1
    return frames * 0.02 if at == len(data) else None


def _wav(data: bytes) -> Seconds:
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    at, bytes_a_second = 12, 0
    while at + 8 <= len(data):
        name, (size,) = data[at : at + 4], struct.unpack_from("<I", data, at + 4)
        if name == b"fmt ":
            (bytes_a_second,) = struct.unpack_from("<I", data, at + 16)
        if name == b"data":
            return float(min(size, len(data) - at - 8) / bytes_a_second)
        at += 8 + size + size % 2
    return None


def _ogg(data: bytes) -> Seconds:
    at, last, hertz = 0, 0, 0
    while data[at : at + 4] == b"OggS":
        pieces = data[at + 26]
        length = 27 + pieces + sum(data[at + 27 : at + 27 + pieces])
        body = data[at + 27 + pieces : at + length]
        if at == 0:
            hertz = _ogg_hertz(body)
        (granule,) = struct.unpack_from("<q", data, at + 6)
        at, last = at + length, max(last, granule)
    return last / hertz if hertz and at == len(data) else None


def _ogg_hertz(body: bytes) -> int:
    if body.startswith(b"OpusHead"):
        return 48000
    if body.startswith(b"\x01vorbis"):
        return int(struct.unpack_from("<I", body, 12)[0])
    return 0


def _m4a(data: bytes) -> Seconds:
    boxes = list(_boxes(data, 0, len(data)))
    if not boxes or boxes[0][0] != b"ftyp":
        return None
    seconds, tracks = 0.0, []
    for name, start, end in _inside(data, boxes, b"moov"):
        if name == b"mvhd":
            form, at = (">IQ", 20) if data[start] == 1 else (">II", 12)
            scale, length = struct.unpack_from(form, data, start + at)
            seconds = length / scale
        if name == b"trak":
            media = _inside(data, list(_boxes(data, start, end)), b"mdia")
            tracks += [data[at + 8 : at + 12] for box, at, _end in media if box == b"hdlr"]
    return seconds if tracks == [b"soun"] else None


def _inside(
    data: bytes, boxes: list[tuple[bytes, int, int]], wanted: bytes
) -> list[tuple[bytes, int, int]]:
    return [
        inner for name, start, end in boxes if name == wanted for inner in _boxes(data, start, end)
    ]


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (name, start, end) of each box's inside."""
    while at + 8 <= end:
        (size,) = struct.unpack_from(">I", data, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        stop = at + size if size else end
        if stop > end or stop < at + head:
            return
        yield data[at + 4 : at + 8], at + head, stop
        at = stop


READERS: Final[tuple[tuple[str, str, Callable[[bytes], Seconds]], ...]] = (
    ("audio/amr", "amr", _amr),
    ("audio/wav", "wav", _wav),
    ("audio/ogg", "ogg", _ogg),
    ("audio/mp4", "m4a", _m4a),
    ("audio/aac", "aac", _aac),
    ("audio/mpeg", "mp3", _mp3),
)
