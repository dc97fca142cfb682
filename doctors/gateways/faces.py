"""The port that compares a live picture with the portrait: named by DOCTOR_FACE_CHECK."""

from io import BytesIO
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from PIL import Image

from clinic.settings import rules

SIDE = 8  # pixels; 64 bits tell one picture


class FaceComparer(Protocol):
    """Says whether two pictures show one person."""

    def is_same(self, portrait: bytes, live: bytes) -> bool:
        """Compare. Raises AdapterError while the service is away."""
        ...


class SimulatedFaceComparer:
    """For sandboxes: one picture is as good as one face, another picture never is."""

    def is_same(self, portrait: bytes, live: bytes) -> bool:
        """Compare what is left of both pictures when they are made small and grey."""
        apart = _print_of(portrait) ^ _print_of(live)
        return apart.bit_count() <= rules.FACE_DIFFERENCE_MAX


def face_comparer() -> FaceComparer | None:
    """Return the comparer that is set up here, or None."""
    if not settings.DOCTOR_FACE_CHECK:
        return None
    comparer: FaceComparer = import_string(settings.DOCTOR_FACE_CHECK)()
    return comparer


def _print_of(picture: bytes) -> int:
    """Return one bit for each step from a pixel to the next: brighter or not."""
    with Image.open(BytesIO(picture)) as opened:
        grey = opened.convert("L").resize((SIDE + 1, SIDE))
    pixels = grey.tobytes()
    bits = 0
    for row in range(SIDE):
        for column in range(SIDE):
            at = row * (SIDE + 1) + column
            bits = bits << 1 | (pixels[at] < pixels[at + 1])
    return bits
