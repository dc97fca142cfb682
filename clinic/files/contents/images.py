"""Images, encoded anew: what a camera wrote beside the picture (place, device) does not survive."""

import struct
import warnings
import zlib
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from clinic.files.contents.parts import Content
from clinic.files.enums import FileKind
from clinic.files.errors import FileKindRefusedError, FileTooLargeError
from clinic.settings import rules

FORMATS: Final = {
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "WEBP": ("image/webp", "webp"),
    "GIF": ("image/gif", "gif"),
}
QUALITY: Final = 92
PROFILE_MAX_BYTES: Final = 64 * 1024  # colours of a tongue matter: a usual profile is kept


def is_image(data: bytes) -> bool:
    """Say whether the bytes begin like an image that is taken."""
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    )


def read_image(data: bytes) -> Content:
    """Return the picture encoded anew. Raises FileKindRefusedError, FileTooLargeError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _encoded(data)
    except FileTooLargeError:
        raise
    except Image.DecompressionBombError:  # told by the head alone, before anything is decoded
        raise FileTooLargeError from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError):
        raise FileKindRefusedError from None
    except (IndexError, KeyError, OverflowError, MemoryError, struct.error, zlib.error):
        raise FileKindRefusedError from None  # a damaged file, deep in a decoder


def _encoded(data: bytes) -> Content:
    with Image.open(BytesIO(data), formats=list(FORMATS)) as image:
        frames = int(getattr(image, "n_frames", 1))
        if image.width * image.height * frames > rules.IMAGE_MAX_PIXELS:
            raise FileTooLargeError
        mime, ending = FORMATS[str(image.format)]
        out = BytesIO()
        if frames > 1:
            _save_moving(image, out)
            size = image.size
        else:
            size = _save_still(image, out)
    return Content(FileKind.IMAGE, mime, ending, out.getvalue(), size[0], size[1])


def _save_still(image: Image.Image, out: BytesIO) -> tuple[int, int]:
    options: dict[str, Any] = {"icc_profile": _profile(image)}
    if image.format in {"JPEG", "WEBP"}:
        options["quality"] = QUALITY
    upright = ImageOps.exif_transpose(image)
    upright.info = {key: upright.info[key] for key in ("transparency",) if key in upright.info}
    upright.save(out, str(image.format), **options)
    return upright.size


def _save_moving(image: Image.Image, out: BytesIO) -> None:
    frames = [frame.copy() for frame in ImageSequence.Iterator(image)]
    waits = [int(frame.info.get("duration") or 100) for frame in frames]
    for frame in frames:
        frame.info = {key: frame.info[key] for key in ("transparency",) if key in frame.info}
    frames[0].save(
        out,
        str(image.format),
        save_all=True,
        append_images=frames[1:],
        duration=waits,
        loop=int(image.info.get("loop", 0)),
    )


def _profile(image: Image.Image) -> bytes | None:
    profile = image.info.get("icc_profile")
    return profile if profile and len(profile) <= PROFILE_MAX_BYTES else None
