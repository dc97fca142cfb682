"""Certificates for calls that demand one: an authority of this machine, its server, its client."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_TEN_YEARS = timedelta(days=3650)
_NAMES = x509.SubjectAlternativeName(
    [
        x509.DNSName("localhost"),
        x509.IPAddress(ip_address("127.0.0.1")),
        x509.IPAddress(ip_address("::1")),
    ]
)


def new_tls_pems() -> dict[str, str]:
    """Return a new authority, what its server shows, and what its only client must show.

    The authority's own key is forgotten: nobody can make a second client.
    """
    authority, server, client = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    root = _signed(_root(authority), authority)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    shown = _leaf(server, "Xiangcao simulator server", root, usage)
    shown = shown.add_extension(_NAMES, critical=False)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    asked = _leaf(client, "Xiangcao simulator merchant", root, usage)
    return {
        "tls_ca_pem": _pem(root),
        "tls_server_pem": _pem(_signed(shown, authority)) + _key_pem(server),
        "client_certificate_pem": _pem(_signed(asked, authority)),
        "client_private_key_pem": _key_pem(client),
    }


def _root(key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    name = _name("Xiangcao simulator authority")
    signs = _key_usage(signs_certificates=True)
    return (
        _begun(key, name, name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(signs, critical=True)
        .add_extension(_identifier(key), critical=False)
    )


def _leaf(
    key: ec.EllipticCurvePrivateKey,
    name: str,
    root: x509.Certificate,
    usage: x509.ExtendedKeyUsage,
) -> x509.CertificateBuilder:
    known = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    signer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known)
    return (
        _begun(key, _name(name), root.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(usage, critical=False)
        .add_extension(_identifier(key), critical=False)
        .add_extension(signer, critical=False)
    )


def _begun(
    key: ec.EllipticCurvePrivateKey, subject: x509.Name, issuer: x509.Name
) -> x509.CertificateBuilder:
    start = datetime.now(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + _TEN_YEARS)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _identifier(key: ec.EllipticCurvePrivateKey) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _signed(builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    return builder.sign(key, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
