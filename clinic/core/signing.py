"""Electronic signatures of the house: Ed25519 over a canonical form of what is signed.

The private key comes from SIGNING_KEY. Public keys of former years stay in SIGNING_FORMER_KEYS, so
that what they signed can be proven for as long as it is kept.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings


@dataclass(frozen=True, slots=True)
class Signature:
    """``digest`` is SHA-256 of the content in hex, ``text`` the signature in base64."""

    digest: str
    key_id: str
    text: str


def canonical(content: dict[str, Any]) -> bytes:
    """Return the one form of a document of plain values: sorted keys, no blanks, UTF-8."""
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return plain.encode()


def digest_of(content: dict[str, Any]) -> str:
    """Return SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(content)).hexdigest()


def sign(content: dict[str, Any]) -> Signature:
    """Sign a document of plain values with the key of the house."""
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.SIGNING_KEY))
    text = base64.b64encode(key.sign(canonical(content))).decode()
    return Signature(digest_of(content), _key_id(key.public_key()), text)


def is_genuine(content: dict[str, Any], signature: Signature) -> bool:
    """Say whether the document is what the house signed, to the letter."""
    key = _public_keys().get(signature.key_id)
    if key is None or digest_of(content) != signature.digest:
        return False
    try:
        key.verify(base64.b64decode(signature.text), canonical(content))
    except (InvalidSignature, binascii.Error):
        return False
    return True


def _public_keys() -> dict[str, Ed25519PublicKey]:
    own = Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.SIGNING_KEY))
    former = [
        Ed25519PublicKey.from_public_bytes(base64.b64decode(text))
        for text in settings.SIGNING_FORMER_KEYS
    ]
    return {_key_id(key): key for key in (own.public_key(), *former)}


def _key_id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]
