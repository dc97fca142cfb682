"""Cards drawn for the demo: papers of doctors and of visit persons."""

import hashlib
from io import BytesIO

from PIL import Image, ImageDraw


def draw_card(colour: str, words: str) -> bytes:
    """Return a PNG card of one colour with words and a pattern that is the words' own."""
    image = Image.new("RGB", (480, 300), colour)
    pen = ImageDraw.Draw(image)
    pen.rectangle((12, 12, 467, 287), outline="#555555", width=3)
    pen.text((30, 30), words, fill="#333333")
    for place, value in enumerate(hashlib.sha256(words.encode()).digest()):
        left, top = 30 + place % 16 * 26, 110 + place // 16 * 80
        pen.rectangle((left, top, left + 20, top + 60), fill=(value, value, value))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
