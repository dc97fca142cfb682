"""The gateway's half of the cryptography, written apart from the client's on purpose."""

import base64
import binascii
import json
import secrets
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key


@lru_cache(maxsize=16)
def _signer(pem: str) -> rsa.RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("not an RSA key")
    return key


@lru_cache(maxsize=16)
def _certified_key(pem: str) -> rsa.RSAPublicKey:
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError("not an RSA key")
    return key


@lru_cache(maxsize=1)
def foreign_private_key() -> rsa.RSAPrivateKey:
    """Return a key nobody trusts, for forged messages."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def sign_message(key: rsa.RSAPrivateKey, message: bytes) -> str:
    """Return the base64 RSA-SHA256 signature."""
    return base64.b64encode(key.sign(message, padding.PKCS1v15(), SHA256())).decode()


def private_key(pem: str) -> rsa.RSAPrivateKey:
    """Return the loaded key; loading is remembered."""
    return _signer(pem)


def is_signed_by(certificate_pem: str, message: bytes, signature: str) -> bool:
    """Return whether the owner of the certificate signed the message."""
    try:
        raw = base64.b64decode(signature, validate=True)
        _certified_key(certificate_pem).verify(raw, message, padding.PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def can_open(private_key_pem: str, sealed: str) -> bool:
    """Return whether a personal field was encrypted (RSA-OAEP) for the owner of this key."""
    scheme = padding.OAEP(mgf=padding.MGF1(SHA1()), algorithm=SHA1(), label=None)  # noqa: S303
    try:
        private_key(private_key_pem).decrypt(base64.b64decode(sealed, validate=True), scheme)
    except (binascii.Error, ValueError):
        return False
    return True


def seal(apiv3_key: str, plaintext: str, associated_data: str) -> dict[str, str]:
    """Return the encrypted-resource members for a text."""
    nonce = secrets.token_hex(6)
    sealed = AESGCM(apiv3_key.encode()).encrypt(
        nonce.encode(), plaintext.encode(), associated_data.encode()
    )
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": nonce,
        "associated_data": associated_data,
        "ciphertext": base64.b64encode(sealed).decode(),
    }


def compact(document: object) -> str:
    """Return JSON without spaces, Chinese as it is."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
