"""RSA2 signatures of both sides and the serial numbers of certificate mode."""

import binascii
import hashlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from clinic.adapters.alipay.config import AlipayConfig

_RSA_SIGNATURES = "1.2.840.113549.1.1."  # the bundle of roots also holds SM2 certificates


@lru_cache(maxsize=16)
def _private_key(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the application key must be RSA")
    return key


@lru_cache(maxsize=16)
def _public_key(pem: str) -> RSAPublicKey:
    key: object
    if "BEGIN CERTIFICATE" in pem:
        key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    else:
        key = load_pem_public_key(pem.encode())
    if not isinstance(key, RSAPublicKey):
        raise TypeError("a key of Alipay must be RSA")
    return key


def signed_text(fields: Mapping[str, str], *, without: frozenset[str]) -> str:
    """Return the sorted `name=value` pairs joined by `&`; empty values are left out."""
    return "&".join(
        f"{name}={fields[name]}" for name in sorted(fields) if fields[name] and name not in without
    )


def sign(private_key_pem: str, text: str) -> str:
    """Return the base64 RSA-SHA256 signature of the text."""
    key = _private_key(private_key_pem)
    return b64encode(key.sign(text.encode(), PKCS1v15(), SHA256())).decode()


def is_signed_by_alipay(
    config: AlipayConfig, message: bytes, signature: str, certificate_serial: str = ""
) -> bool:
    """Return whether one of the configured keys of Alipay signed the message.

    A certificate serial narrows the choice; one that is not configured is not believed.
    """
    try:
        raw = b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    return any(_verifies(pem, message, raw) for pem in _candidates(config, certificate_serial))


def _candidates(config: AlipayConfig, serial: str) -> tuple[str, ...]:
    if not config.is_certificate_mode:
        return config.alipay_public_keys_pem
    certificates = config.alipay_certificates_pem
    if not serial:
        return certificates
    return tuple(pem for pem in certificates if certificate_serial(pem) == serial)


def _verifies(pem: str, message: bytes, signature: bytes) -> bool:
    try:
        _public_key(pem).verify(signature, message, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=16)
def certificate_serial(pem: str) -> str:
    """Return the serial by which messages name this certificate."""
    return _serial_of(x509.load_pem_x509_certificate(pem.encode()))


@lru_cache(maxsize=16)
def root_serial(bundle_pem: str) -> str:
    """Return the serials of the RSA certificates in the bundle of roots, joined."""
    found = x509.load_pem_x509_certificates(bundle_pem.encode())
    serials = [
        _serial_of(certificate)
        for certificate in found
        if certificate.signature_algorithm_oid.dotted_string.startswith(_RSA_SIGNATURES)
    ]
    return "_".join(serials)


def _serial_of(certificate: x509.Certificate) -> str:
    named = f"{certificate.issuer.rfc4514_string()}{certificate.serial_number}"
    return hashlib.md5(named.encode(), usedforsecurity=False).hexdigest()
