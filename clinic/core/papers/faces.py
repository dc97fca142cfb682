"""Finding fonts for printed papers on this machine.

PAPER_FONTS names files of one's own; then Noto Sans CJK of the system, which has some 45,000
characters; then the one that comes with the requirements, which has what Chinese offices use.
"""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

SYSTEM = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/System/Library/Fonts/Supplemental/NotoSansCJK-Regular.ttc",
)
PACKAGE, IN_PACKAGE = "justmytype_intl_cjk", "fonts/ofl/notosanssc/NotoSansSC[wght].ttf"
SIMPLIFIED = "SC"  # the member of a collection that writes as mainland China does


@dataclass(frozen=True, slots=True)
class Face:
    """A font file; ``number`` is its place in a collection.

    ``is_thin`` fonts hold a range of weights of which the thinnest is drawn: outline them.
    """

    path: Path
    number: int
    is_thin: bool

    @property
    def characters(self) -> frozenset[int]:
        """The characters it writes, read when first asked: most papers need the first font only."""
        return _characters(self.path, self.number)


@cache
def faces() -> tuple[Face, ...]:
    """Return the fonts of this machine, the preferred one first; may be empty. Found once."""
    names = [Path(name) for name in (*settings.PAPER_FONTS, *SYSTEM)]
    package = find_spec(PACKAGE)
    if package is not None and package.submodule_search_locations:
        names += [Path(place) / IN_PACKAGE for place in package.submodule_search_locations]
    return tuple(_face(path) for path in names if path.is_file())


def _face(path: Path) -> Face:
    number = _member(path) if path.suffix.lower() == ".ttc" else 0
    with TTFont(path, fontNumber=number, lazy=True) as font:
        return Face(path, number, "fvar" in font)


@cache
def _characters(path: Path, number: int) -> frozenset[int]:
    with TTFont(path, fontNumber=number, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _member(path: Path) -> int:
    """Return the place of the simplified Chinese member of a collection; 0 without one."""
    number = 0
    while True:
        try:
            with TTFont(path, fontNumber=number, lazy=True) as font:
                if str(font["name"].getBestFamilyName()).endswith(SIMPLIFIED):
                    return number
        except Exception:  # noqa: BLE001 past the last member the library raises its own errors
            return 0
        number += 1
