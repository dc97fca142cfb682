"""Signatures of WeChat Pay APIv3: ours on requests, theirs on answers and callbacks."""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)

from clinic.adapters.wechatpay import facts
from clinic.adapters.wechatpay.config import MerchantConfig

_MAX_HEADER = 1024


class Refusal(StrEnum):
    """Why a signed message is not believed. For our logs: the sender is never told."""

    TOO_LARGE = "too_large"
    CONTENT_TYPE = "content_type"
    HEADER = "header"
    TIMESTAMP = "timestamp"
    STALE = "stale"
    PROBE = "probe"
    ALGORITHM = "algorithm"
    UNKNOWN_SERIAL = "unknown_serial"
    KEY_EXPIRED = "key_expired"
    SIGNATURE = "signature"
    JSON = "json"
    EVENT = "event"
    CIPHER = "cipher"
    FIELD = "field"
    MERCHANT = "merchant"


class SignatureRefused(Exception):  # noqa: N818 - a refusal is an outcome, not a fault
    """A message is not believed, for one reason."""

    def __init__(self, reason: Refusal) -> None:
        """Keep the reason."""
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class PlatformKey:
    """A public key of the gateway; the dates are None outside certificates."""

    key: RSAPublicKey
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@lru_cache(maxsize=32)
def _private_key(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the merchant key must be RSA")
    return key


@lru_cache(maxsize=32)
def _platform_key(pem: str) -> PlatformKey:
    if "BEGIN CERTIFICATE" in pem:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        return PlatformKey(
            _rsa(certificate.public_key()),
            valid_from=certificate.not_valid_before_utc,
            valid_until=certificate.not_valid_after_utc,
        )
    return PlatformKey(_rsa(load_pem_public_key(pem.encode())))


def public_key_of(pem: str) -> RSAPublicKey:
    """Return the RSA key in a public key or certificate."""
    return _platform_key(pem).key


def _rsa(key: object) -> RSAPublicKey:
    if not isinstance(key, RSAPublicKey):
        raise TypeError("a platform key must be RSA")
    return key


def sign(private_key_pem: str, *lines: str) -> str:
    """Return the base64 RSA-SHA256 signature over the lines, each ended by a newline."""
    message = "".join(f"{line}\n" for line in lines).encode()
    return b64encode(_private_key(private_key_pem).sign(message, PKCS1v15(), SHA256())).decode()


def authorization(
    config: MerchantConfig, *, method: str, target: str, body: str, now: datetime, nonce: str
) -> str:
    """Return the Authorization header for exactly these bytes; `target` is path and query."""
    stamp = str(int(now.timestamp()))
    signature = sign(config.merchant_private_key_pem, method, target, stamp, nonce, body)
    return (
        f'{facts.SIGNATURE_TYPE} mchid="{config.mchid}",nonce_str="{nonce}",'
        f'signature="{signature}",timestamp="{stamp}",serial_no="{config.merchant_serial}"'
    )


def check_signature(
    config: MerchantConfig, headers: Mapping[str, str], body: bytes, now: datetime
) -> None:
    """Return when the body was signed by a configured platform key within the window.

    Raises SignatureRefused. STALE is raised last: everything else about such a message is right.
    """
    values = {name.lower(): value for name, value in headers.items()}
    stamp, nonce, serial, signature = (
        _header(values, name) for name in ("timestamp", "nonce", "serial", "signature")
    )
    if values.get("wechatpay-signature-type", facts.SIGNATURE_TYPE) != facts.SIGNATURE_TYPE:
        raise SignatureRefused(Refusal.ALGORITHM)
    signed_at = _moment(stamp)
    if signature.startswith(facts.PROBE_PREFIX):
        raise SignatureRefused(Refusal.PROBE)
    key = _configured_key(config, serial, now)
    _verify(key, signature, f"{stamp}\n{nonce}\n".encode() + body + b"\n")
    if abs(now - signed_at) > facts.SIGNATURE_WINDOW:
        raise SignatureRefused(Refusal.STALE)


def _header(values: Mapping[str, str], name: str) -> str:
    value = values.get(f"wechatpay-{name}", "")
    if not value or len(value) > _MAX_HEADER or not value.isascii() or not value.isprintable():
        raise SignatureRefused(Refusal.TIMESTAMP if name == "timestamp" else Refusal.HEADER)
    return value


def _moment(stamp: str) -> datetime:
    # isdigit alone also accepts Arabic digits; ASCII was checked with the header
    if not stamp.isdigit() or len(stamp) > 11:
        raise SignatureRefused(Refusal.TIMESTAMP)
    return datetime.fromtimestamp(int(stamp), UTC)


def _configured_key(config: MerchantConfig, serial: str, now: datetime) -> RSAPublicKey:
    pem = config.platform_keys.get(serial)
    if pem is None:  # never fetched: a stranger must not make us call out
        raise SignatureRefused(Refusal.UNKNOWN_SERIAL)
    found = _platform_key(pem)
    if found.valid_from and found.valid_until and not found.valid_from <= now <= found.valid_until:
        raise SignatureRefused(Refusal.KEY_EXPIRED)
    return found.key


def _verify(key: RSAPublicKey, signature: str, message: bytes) -> None:
    try:
        key.verify(b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise SignatureRefused(Refusal.SIGNATURE) from error
