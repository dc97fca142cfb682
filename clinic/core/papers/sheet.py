"""A sheet to write on: A4, a head on each page, page numbers below, Chinese everywhere."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import segno
from fpdf import FPDF
from fpdf.enums import Align, TextMode, XPos, YPos
from fpdf.fonts import TTFFont

from clinic.core.papers.faces import Face, faces
from clinic.core.papers.lines import lines_of

FAMILY = "paper"
INK, GREY, LEAF = (33, 37, 41), (110, 118, 125), (26, 107, 72)
MARGIN = 18.0  # mm
LINE = 6.2  # mm per line of text
TEXT, SMALL, TITLE = 10.5, 8.5, 17.0  # points
HEADING_KEEPS = 3 * LINE  # a heading stays with the first lines below it
THIN_OUTLINE = 0.12  # mm; makes the thinnest weight of a font look regular
BOLD_OUTLINE = 0.25


class NoFaceError(Exception):
    """This machine has no font for papers."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on top of the first page, small on top of the others, and at the foot of each."""

    clinic: str
    lines: Sequence[str]
    title: str
    foot: str
    page_words: str  # "Page {page} of {pages}" in the language of the paper
    running: str = ""  # of whom and from where, on top of every page but the first


class Sheet(FPDF):
    """Pages under one head. Raises NoFaceError without a font."""

    def __init__(self, head: Head, *, text: str, moment: datetime) -> None:
        """Take fonts that write ``text``, all that will be written; ``moment`` dates the file."""
        super().__init__(format="A4", unit="mm")
        self.head = head
        self._widths: dict[str, float] = {}  # of a character in size 1
        self._faces = _chosen(
            "".join((text, head.clinic, *head.lines, head.title, head.foot, head.running))
        )
        self._thickness = THIN_OUTLINE if self._faces[0].is_thin else 0.0
        for number, face in enumerate(self._faces):
            self.add_font(f"{FAMILY}{number}", "", face.path, collection_font_number=face.number)
        spare = [f"{FAMILY}{number}" for number in range(1, len(self._faces))]
        if spare:
            self.set_fallback_fonts(spare)
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + 6)
        self.set_title(head.title)
        self.set_author(head.clinic)
        self.set_lang("zh-CN")
        self.set_creation_date(moment)
        self.set_font(f"{FAMILY}0", size=TEXT)
        self.add_page()
        self._write_head()

    def header(self) -> None:
        """Say on every page but the first whose paper it is."""
        if self.page_no() == 1 or not self.head.running:
            return
        self.set_font(f"{FAMILY}0", size=SMALL)
        self._colour(GREY)
        text = self.writable(self.head.running)
        self.cell(self.epw, LINE, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.rule()

    def footer(self) -> None:
        """Write what belongs below each page."""
        self.set_y(-MARGIN)
        self.set_font(f"{FAMILY}0", size=SMALL)
        self._colour(GREY)
        page = self.head.page_words.format(page=self.page_no(), pages="{nb}")
        self.cell(self.epw / 2, LINE, self.writable(self.head.foot))
        self.cell(self.epw / 2, LINE, page, align=Align.R)

    def heading(self, text: str) -> None:
        """Write the name of a section; it never stands alone at the end of a page."""
        if self.will_page_break(LINE + HEADING_KEEPS):
            self.add_page()
        self.ln(1.5)
        self._write(text, size=TEXT + 0.5, colour=LEAF, is_bold=True)

    def paragraph(self, text: str, *, size: float = TEXT, is_grey: bool = False) -> None:
        """Write text as people typed it, with its line breaks."""
        self._write(text, size=size, colour=GREY if is_grey else INK)

    def facts(self, pairs: Sequence[tuple[str, str]], *, columns: int = 3) -> None:
        """Write short facts side by side, one rule above and one below."""
        self.rule()
        width = self.epw / columns
        for start in range(0, len(pairs), columns):
            row = pairs[start : start + columns]
            top, bottom = self.get_y(), self.get_y()
            for place, (name, value) in enumerate(row):
                self.set_xy(self.l_margin + place * width, top)
                self._write(f"{name}：{value}", size=TEXT, colour=INK, width=width - 2)
                bottom = max(bottom, self.get_y())
            self.set_y(bottom)
        self.rule()

    def rule(self) -> None:
        """Draw a thin line across."""
        self.ln(1.2)
        self._stroke(GREY, 0.15)
        self.line(self.l_margin, self.get_y(), self.l_margin + self.epw, self.get_y())
        self.ln(1.2)

    def keep_together(self, height: float) -> None:
        """Begin a page when less than this many mm are left."""
        if self.will_page_break(height):
            self.add_page()

    def square_code(self, content: str, *, x: float, y: float, side: float) -> None:
        """Draw a QR code of a text, ``side`` mm wide with its quiet zone."""
        matrix = [bytes(row) for row in segno.make(content, error="m").matrix_iter(border=2)]
        dot = side / len(matrix)
        self.set_fill_color(0)
        for down, row in enumerate(matrix):
            for across, is_dark in enumerate(row):
                if is_dark:
                    self.rect(x + across * dot, y + down * dot, dot, dot, style="F")

    def writable(self, text: str) -> str:
        """Return text without control characters; what no font has becomes [U+20BB7]."""
        return "".join(self._character(char) for char in text)

    def finished(self) -> bytes:
        """Return the file, and let go of the fonts: nothing can be written afterwards.

        They hang in circles, so that 30 MB of a paper would stay until all objects are looked at.
        """
        content = bytes(self.output())
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.tables.clear()
                font.ttfont.close()
                del font.ttfont, font.subset, font.cmap, font.cw, font.glyph_ids
        self.fonts.clear()
        return content

    def _character(self, char: str) -> str:
        if char in "\n\t":
            return "\n" if char == "\n" else "    "
        if _is_mute(char):
            return ""
        if any(ord(char) in face.characters for face in self._faces):
            return char
        return f"[U+{ord(char):04X}]"

    def _write_head(self) -> None:
        self._write(self.head.clinic, size=TITLE, colour=LEAF, is_bold=True, align=Align.C)
        for line in self.head.lines:
            self._write(line, size=SMALL, colour=GREY, align=Align.C)
        self.ln(2)
        self._write(self.head.title, size=TITLE - 3, colour=INK, is_bold=True, align=Align.C)

    def _write(
        self,
        text: str,
        *,
        size: float,
        colour: tuple[int, int, int],
        is_bold: bool = False,
        align: Align = Align.L,
        width: float = 0,
    ) -> None:
        outline = BOLD_OUTLINE if is_bold else self._thickness
        self.set_font(f"{FAMILY}0", size=size)
        self._colour(colour)
        self._stroke(colour, outline)
        left, room = self.x, width or self.epw
        with self.local_context(
            text_mode=TextMode.FILL_STROKE if outline else TextMode.FILL, line_width=outline
        ):
            # Cells have a margin of their own on both sides.
            for line in lines_of(self.writable(text), room - 2 * self.c_margin, self._measure):
                self.set_x(left)
                height = LINE * max(1.0, size / TEXT)
                self.cell(room, height, line, align=align, new_x=XPos.LEFT, new_y=YPos.NEXT)
        self.set_x(self.l_margin)

    def _measure(self, char: str) -> float:
        """Return how wide a character is in the size that is set now; asked once per character."""
        size = self.font_size_pt
        if char not in self._widths:
            self._widths[char] = self.get_string_width(char) / size
        return self._widths[char] * size

    def _colour(self, colour: tuple[int, int, int]) -> None:
        self.set_text_color(*colour)

    def _stroke(self, colour: tuple[int, int, int], width: float) -> None:
        self.set_draw_color(*colour)
        self.set_line_width(width)


def _chosen(text: str) -> list[Face]:
    """Return the preferred font, and others only for characters that those before them lack."""
    wanted = {ord(char) for char in text if not _is_mute(char)}
    chosen: list[Face] = []
    for face in faces():
        if not wanted and chosen:
            break
        if not chosen or wanted & face.characters:
            chosen.append(face)
            wanted -= face.characters
    if not chosen:
        raise NoFaceError
    return chosen


def _is_mute(char: str) -> bool:
    """Tell whether a character is never drawn."""
    return unicodedata.category(char) in {"Cc", "Cf", "Cs"}
