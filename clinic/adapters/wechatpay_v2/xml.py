"""XML from outside, read strictly: one level, no doctype, no member twice."""

from collections.abc import Mapping
from xml.parsers import expat
from xml.sax.saxutils import escape

MAX_BYTES = 64 * 1024
_MAX_MEMBERS = 500


class StrictXmlError(ValueError):
    """The bytes are not a flat document."""


class _Reader:
    """Collects the members of one flat document."""

    def __init__(self) -> None:
        self.members: dict[str, str] = {}
        self._depth = 0
        self._name = ""
        self._parts: list[str] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > 2 or attributes:
            raise StrictXmlError("not flat")
        if self._depth == 2:
            if name in self.members or len(self.members) >= _MAX_MEMBERS:
                raise StrictXmlError("member twice")
            self._name, self._parts = name, []

    def end(self, name: str) -> None:
        if self._depth == 2:
            self.members[name] = "".join(self._parts)
        self._depth -= 1

    def text(self, text: str) -> None:
        if self._depth == 2:
            self._parts.append(text)
        elif text.strip():
            raise StrictXmlError("text between members")


def read_flat(body: bytes) -> dict[str, str]:
    """Return the members of the document. Raises StrictXmlError on anything but flat XML."""
    if len(body) > MAX_BYTES:
        raise StrictXmlError("too large")
    reader, parser = _Reader(), expat.ParserCreate()
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.ProcessingInstructionHandler = _refuse_instruction
    try:
        parser.Parse(body.decode(), True)
    except (expat.ExpatError, UnicodeDecodeError) as error:
        raise StrictXmlError("not XML") from error
    return reader.members


def write_flat(members: Mapping[str, str]) -> bytes:
    """Return the document of the members that are not empty."""
    inner = "".join(f"<{k}>{escape(value)}</{k}>" for k, value in members.items() if value)
    return f"<xml>{inner}</xml>".encode()


def _refuse_doctype(*_args: object) -> None:
    raise StrictXmlError("doctype")


def _refuse_instruction(*_args: object) -> None:
    raise StrictXmlError("processing instruction")
