"""The gateway's certificates as they come, and fields encrypted for the gateway alone."""

import binascii
from base64 import b64decode, b64encode
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1

from clinic.adapters.errors import DefiniteError
from clinic.adapters.wechatpay import facts
from clinic.adapters.wechatpay.config import MerchantConfig
from clinic.adapters.wechatpay.signing import public_key_of
from clinic.adapters.wechatpay.strict_json import Document, StrictJsonError, child, text
from clinic.adapters.wechatpay.types import PlatformCertificate

_MAX_CERTIFICATES = 20


def read_certificates(config: MerchantConfig, document: Document) -> list[PlatformCertificate]:
    """Return the certificates in an answer; each must open under our APIv3 key."""
    entries: Any = document.get("data")
    if not isinstance(entries, list) or len(entries) > _MAX_CERTIFICATES:
        raise StrictJsonError("data")
    return [_read(config, entry) for entry in entries]


def _read(config: MerchantConfig, entry: Any) -> PlatformCertificate:
    if not isinstance(entry, dict):
        raise StrictJsonError("data")
    pem = _opened(config, child(entry, "encrypt_certificate"))
    serial = text(entry, "serial_no", limit=64)
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        is_named = int(serial, 16) == certificate.serial_number
    except ValueError as error:
        raise StrictJsonError("certificate") from error
    if not is_named:
        raise StrictJsonError("serial_no")
    return PlatformCertificate(
        serial=serial,
        pem=pem.decode(),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
    )


def _opened(config: MerchantConfig, sealed: Document) -> bytes:
    if sealed.get("algorithm") != facts.CIPHER:
        raise StrictJsonError("algorithm")
    nonce = text(sealed, "nonce", limit=32).encode()
    associated = text(sealed, "associated_data", limit=32).encode()
    if len(nonce) != facts.GCM_NONCE_BYTES:
        raise StrictJsonError("nonce")
    try:
        raw = b64decode(text(sealed, "ciphertext", limit=16_384), validate=True)
        return AESGCM(config.apiv3_key.encode()).decrypt(nonce, raw, associated)
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise StrictJsonError("ciphertext") from error


def encrypted_field(config: MerchantConfig, value: str) -> str:
    """Return a personal field that only the owner of the answering platform key can read.

    Needs `answer_key_id`: the header that names the key goes with the same call.
    """
    pem = config.platform_keys.get(config.answer_key_id)
    if pem is None:
        raise DefiniteError("no platform key to encrypt for")
    scheme = OAEP(mgf=MGF1(SHA1()), algorithm=SHA1(), label=None)  # noqa: S303 - the protocol
    return b64encode(public_key_of(pem).encrypt(value.encode(), scheme)).decode()
