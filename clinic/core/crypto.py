"""Encryption of the few fields that need it, and blind indexes to find them again."""

import base64
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

KEY_ID = "k1"


def encrypt(plain: str, *, context: str) -> str:
    """Return AES-256-GCM ciphertext as text, bound to a context such as ``visit_person.id``."""
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(_field_key()).encrypt(nonce, plain.encode(), context.encode())
    return f"{KEY_ID}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(sealed: str, *, context: str) -> str:
    """Return the plain text. Raises cryptography's InvalidTag when changed or moved."""
    raw = base64.urlsafe_b64decode(sealed.removeprefix(f"{KEY_ID}:"))
    return AESGCM(_field_key()).decrypt(raw[:12], raw[12:], context.encode()).decode()


def blind_index(value: str, *, context: str) -> str:
    """Return a keyed hash by which equal values are found without being readable."""
    key = base64.b64decode(settings.BLIND_INDEX_KEY)
    return hmac.new(key, f"{context}\n{value}".encode(), hashlib.sha256).hexdigest()


def _field_key() -> bytes:
    return base64.b64decode(settings.FIELD_KEY)
