"""Keys and secrets of both sides of the local gateway, made once in the data folder (0600)."""

import fcntl
import json
import os
import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from clinic.embedded.simulator.tls import new_tls_pems

MCHID = "1900000001"
APPID = "wx51b0000000000001"
# A production start-up check may refuse secrets that begin like this.
SIMULATOR_MARK = "SIM"
ALIPAY_APP_ID = "2021000000000001"
ALIPAY_SELLER_ID = "2088000000000001"
_FORMAT = 5
_TEN_YEARS = timedelta(days=3650)


@dataclass(frozen=True, kw_only=True)
class GatewayKeys:
    """Everything both sides need. The merchant side must use only what `merchant.json` exports."""

    mchid: str
    appid: str
    merchant_serial: str
    merchant_private_key_path: str
    merchant_private_key_pem: str = field(repr=False)
    merchant_certificate_pem: str = field(repr=False)
    apiv3_key: str = field(repr=False)
    platform_key_id: str
    platform_public_key_pem: str = field(repr=False)
    platform_private_key_pem: str = field(repr=False)
    certificate_serial: str
    certificate_pem: str = field(repr=False)
    certificate_private_key_pem: str = field(repr=False)
    sms_access_key_id: str
    sms_access_key_secret: str = field(repr=False)
    identity_access_key_id: str
    identity_access_key_secret: str = field(repr=False)
    mini_program_secret: str = field(repr=False)
    control_token: str = field(repr=False)
    api_v2_key: str = field(repr=False)
    alipay_app_id: str
    alipay_seller_id: str
    alipay_app_private_key_pem: str = field(repr=False)
    alipay_app_certificate_pem: str = field(repr=False)
    alipay_private_key_pem: str = field(repr=False)
    alipay_public_key_pem: str = field(repr=False)
    alipay_certificate_pem: str = field(repr=False)
    alipay_root_certificates_pem: str = field(repr=False)
    tls_ca_pem: str = field(repr=False)
    tls_server_pem: str = field(repr=False)
    client_certificate_pem: str = field(repr=False)
    client_private_key_pem: str = field(repr=False)
    tls_ca_path: str = ""
    tls_server_path: str = field(default="", repr=False)
    client_certificate_path: str = ""
    client_key_path: str = ""


# Files beside keys.json that hold one field each, by the field that holds their path.
_FILES = {
    "merchant_private_key_path": ("merchant_key.pem", "merchant_private_key_pem"),
    "tls_ca_path": ("tls_ca.pem", "tls_ca_pem"),
    "tls_server_path": ("tls_server.pem", "tls_server_pem"),
    "client_certificate_path": ("apiclient_cert.pem", "client_certificate_pem"),
    "client_key_path": ("apiclient_key.pem", "client_private_key_pem"),
}


def ensure_gateway_keys(data_dir: str | Path) -> GatewayKeys:
    """Return the keys of this data folder, made now if absent. Safe from several processes."""
    folder = gateway_folder(data_dir)
    path = folder / "keys.json"
    if not _is_complete(path):
        with _locked(folder):
            if not _is_complete(path):
                _write(folder, _completed(folder, path))
    found = json.loads(path.read_text())
    token = _control_token(Path(data_dir)) or found["control_token"]
    paths = {field_name: str(folder / name) for field_name, (name, _pem) in _FILES.items()}
    values = {name: value for name, value in found.items() if name != "format"}
    keys = GatewayKeys(**(values | paths | {"control_token": token}))
    if token != found["control_token"]:  # a second token that opens nothing would mislead
        with _locked(folder):
            _write(folder, keys)
    return keys


def _is_complete(path: Path) -> bool:
    return path.exists() and json.loads(path.read_text()).get("format") == _FORMAT


def _completed(folder: Path, path: Path) -> GatewayKeys:
    """Return new keys, except those that an older version made already."""
    made = asdict(_new_keys(folder))
    kept = json.loads(path.read_text()) if path.exists() else {}
    return GatewayKeys(**(made | {name: kept[name] for name in made if name in kept}))


def gateway_folder(data_dir: str | Path) -> Path:
    """Return the gateway's own folder, made with owner-only rights if absent."""
    folder = Path(data_dir).absolute() / "gateway"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _control_token(data_dir: Path) -> str:
    if token := os.environ.get("CONTROL_TOKEN", ""):
        return token
    try:
        secrets_file = json.loads((data_dir / "secrets.json").read_text())
    except (OSError, ValueError):
        return ""
    token = secrets_file.get("CONTROL_TOKEN", "") if isinstance(secrets_file, dict) else ""
    return token if isinstance(token, str) else ""


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _new_keys(folder: Path) -> GatewayKeys:
    merchant, platform, certified = (_rsa_key() for _ in range(3))
    merchant_certificate = _certificate(merchant, f"Xiangcao simulator merchant {MCHID}")
    certificate = _certificate(certified, "Xiangcao simulator platform")
    return GatewayKeys(
        **_alipay_keys(),
        **new_tls_pems(),
        api_v2_key=SIMULATOR_MARK + _letters(29),
        mchid=MCHID,
        appid=APPID,
        merchant_serial=_serial(merchant_certificate),
        merchant_private_key_path=str(folder / "merchant_key.pem"),
        merchant_private_key_pem=_private_pem(merchant),
        merchant_certificate_pem=_certificate_pem(merchant_certificate),
        apiv3_key=SIMULATOR_MARK + _letters(29),
        platform_key_id=_public_key_id(),
        platform_public_key_pem=_public_pem(platform),
        platform_private_key_pem=_private_pem(platform),
        certificate_serial=_serial(certificate),
        certificate_pem=_certificate_pem(certificate),
        certificate_private_key_pem=_private_pem(certified),
        sms_access_key_id=SIMULATOR_MARK + _letters(17),
        sms_access_key_secret=SIMULATOR_MARK + _letters(27),
        identity_access_key_id=SIMULATOR_MARK + _letters(17),
        identity_access_key_secret=SIMULATOR_MARK + _letters(27),
        mini_program_secret=SIMULATOR_MARK + _letters(29),
        control_token=secrets.token_urlsafe(24),
    )


def _alipay_keys() -> dict[str, str]:
    """Return both sides' keys and certificates, issued by a root of their own."""
    root, app, alipay = (_rsa_key() for _ in range(3))
    root_name = "Xiangcao simulator root"
    certificates = {
        "alipay_app_certificate_pem": _issued(app, "Xiangcao simulator app", root, root_name),
        "alipay_certificate_pem": _issued(alipay, "Xiangcao simulator Alipay", root, root_name),
        "alipay_root_certificates_pem": _issued(root, root_name, root, root_name),
    }
    return {
        "alipay_app_id": ALIPAY_APP_ID,
        "alipay_seller_id": ALIPAY_SELLER_ID,
        "alipay_app_private_key_pem": _private_pem(app),
        "alipay_private_key_pem": _private_pem(alipay),
        "alipay_public_key_pem": _public_pem(alipay),
        **{name: _certificate_pem(certificate) for name, certificate in certificates.items()},
    }


def _write(folder: Path, keys: GatewayKeys) -> None:
    """Write the merchant's export first and `keys.json` last: its presence means complete."""
    for name, pem in _FILES.values():
        write_private(folder / name, getattr(keys, pem))
    write_private(folder / "platform_public_key.pem", keys.platform_public_key_pem)
    write_private(folder / "platform_certificate.pem", keys.certificate_pem)
    write_private(folder / "merchant.json", json.dumps(_merchant_export(keys), indent=2))
    write_private(folder / "alipay_app_key.pem", keys.alipay_app_private_key_pem)
    everything = {"format": _FORMAT} | asdict(keys)
    write_private(folder / "keys.json", json.dumps(everything, indent=2))


def _merchant_export(keys: GatewayKeys) -> dict[str, object]:
    folder = Path(keys.merchant_private_key_path).parent
    return {
        "simulator": True,
        "mchid": keys.mchid,
        "appid": keys.appid,
        "merchant_serial": keys.merchant_serial,
        "merchant_private_key_path": keys.merchant_private_key_path,
        "apiv3_key": keys.apiv3_key,
        "platform_key_id": keys.platform_key_id,
        "platform_public_key_pem": keys.platform_public_key_pem,
        "platform_keys": {
            keys.platform_key_id: keys.platform_public_key_pem,
            keys.certificate_serial: keys.certificate_pem,
        },
        "sms_access_key_id": keys.sms_access_key_id,
        "sms_access_key_secret": keys.sms_access_key_secret,
        "api_v2_key": keys.api_v2_key,
        "client_certificate_path": str(folder / "apiclient_cert.pem"),
        "client_key_path": str(folder / "apiclient_key.pem"),
        "server_ca_path": str(folder / "tls_ca.pem"),
        "alipay_app_id": keys.alipay_app_id,
        "alipay_seller_id": keys.alipay_seller_id,
        "alipay_app_private_key_path": str(folder / "alipay_app_key.pem"),
        "alipay_app_certificate_pem": keys.alipay_app_certificate_pem,
        "alipay_public_key_pem": keys.alipay_public_key_pem,
        "alipay_certificate_pem": keys.alipay_certificate_pem,
        "alipay_root_certificates_pem": keys.alipay_root_certificates_pem,
    }


def write_private(path: Path, content: str) -> None:
    """Replace the file in one step, readable by its owner alone."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(content)
    draft.replace(path)


def _letters(count: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(count))


def _rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def new_platform_certificate() -> tuple[str, str, str]:
    """Return serial, certificate and private key (PEM) of a further platform certificate."""
    key = _rsa_key()
    certificate = _certificate(key, "Xiangcao simulator platform")
    return _serial(certificate), _certificate_pem(certificate), _private_pem(key)


def new_platform_public_key() -> tuple[str, str, str]:
    """Return id, public and private key (PEM) of a further platform public key."""
    key = _rsa_key()
    return _public_key_id(), _public_pem(key), _private_pem(key)


def _public_key_id() -> str:
    return f"PUB_KEY_ID_0{MCHID}{secrets.randbelow(10**18):018d}"


def _certificate(key: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    return _issued(key, name, key, name)


def _issued(
    key: rsa.RSAPrivateKey, name: str, issuer: rsa.RSAPrivateKey, issuer_name: str
) -> x509.Certificate:
    start = datetime.now(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(_full_name(name))
        .issuer_name(_full_name(issuer_name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + _TEN_YEARS)
        .sign(issuer, hashes.SHA256())
    )


def _full_name(name: str) -> x509.Name:
    parts = (
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, "Xiangcao"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, "Simulator"),
        (NameOID.COMMON_NAME, name),
    )
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def _serial(certificate: x509.Certificate) -> str:
    return f"{certificate.serial_number:040X}"


def _certificate_pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _private_pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def _public_pem(key: rsa.RSAPrivateKey) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
