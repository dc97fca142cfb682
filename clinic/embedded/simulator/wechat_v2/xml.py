"""The flat signed XML of version 2, written and read apart from the client's on purpose."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from html import unescape

from clinic.embedded.simulator.model import GatewayRefusal

MD5 = "MD5"
HMAC_SHA256 = "HMAC-SHA256"
_FRAME = re.compile(r"\s*(?:<\?xml[^<>]*\?>)?\s*<(xml|root)>(.*)</\1>\s*", re.DOTALL)
_MEMBER = re.compile(
    r"\s*<([A-Za-z_][A-Za-z0-9_]*)>(?:<!\[CDATA\[(.*?)\]\]>|([^<>]*))</\1>", re.DOTALL
)


def read(body: bytes) -> dict[str, str]:
    """Return the members of a flat document; anything deeper or twice is refused."""
    try:
        found = _FRAME.fullmatch(body.decode())
    except ValueError as error:
        raise _wrong() from error
    if found is None:
        raise _wrong()
    inner, position, values = found.group(2), 0, dict[str, str]()
    while member := _MEMBER.match(inner, position):
        name, marked, plain = member.groups()
        if name in values:
            raise _wrong()
        values[name] = marked if marked is not None else unescape(plain)
        position = member.end()
    if inner[position:].strip():
        raise _wrong()
    return values


def _wrong() -> GatewayRefusal:
    return GatewayRefusal(400, "XML_FORMAT_ERROR", "XML格式错误")


def write(values: Mapping[str, str], root: str = "xml") -> str:
    """Return the document; every value is marked as plain text."""
    members = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in values.items())
    return f"<{root}>{members}</{root}>"


def signature(values: Mapping[str, str], key: str, sign_type: str) -> str:
    """Return the signature over the sorted members that are not empty."""
    pairs = [f"{name}={values[name]}" for name in sorted(values) if values[name] and name != "sign"]
    plain = "&".join([*pairs, f"key={key}"]).encode()
    if sign_type == HMAC_SHA256:
        return hmac.new(key.encode(), plain, hashlib.sha256).hexdigest().upper()
    return hashlib.md5(plain, usedforsecurity=False).hexdigest().upper()
