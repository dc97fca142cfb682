"""How certificate mode names a certificate, written apart from the client's on purpose."""

import hashlib
from functools import lru_cache

from cryptography import x509
from cryptography.x509.oid import NameOID

_PARTS = (
    ("CN", NameOID.COMMON_NAME),
    ("OU", NameOID.ORGANIZATIONAL_UNIT_NAME),
    ("O", NameOID.ORGANIZATION_NAME),
    ("C", NameOID.COUNTRY_NAME),
)


@lru_cache(maxsize=16)
def serial_of(pem: str) -> str:
    """Return the serial of the first certificate."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    issuer = ",".join(
        f"{word}={certificate.issuer.get_attributes_for_oid(oid)[0].value!s}"
        for word, oid in _PARTS
    )
    plain = f"{issuer}{certificate.serial_number}".encode()
    return hashlib.md5(plain, usedforsecurity=False).hexdigest()
