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

MCHID = "1900000001"
APPID = "wx51b0000000000001"
# A production start-up check may refuse secrets that begin like this.
SIMULATOR_MARK = "SIM"
_FORMAT = 1
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
    control_token: str = field(repr=False)


def ensure_gateway_keys(data_dir: str | Path) -> GatewayKeys:
    """Return the keys of this data folder, made now if absent. Safe from several processes."""
    folder = gateway_folder(data_dir)
    path = folder / "keys.json"
    if not path.exists():
        with _locked(folder):
            if not path.exists():
                _write(folder, _new_keys(folder))
    found = json.loads(path.read_text())
    token = _control_token(Path(data_dir)) or found["control_token"]
    paths = {"merchant_private_key_path": str(folder / "merchant_key.pem")}
    values = {name: value for name, value in found.items() if name != "format"}
    return GatewayKeys(**(values | paths | {"control_token": token}))


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
        mchid=MCHID,
        appid=APPID,
        merchant_serial=_serial(merchant_certificate),
        merchant_private_key_path=str(folder / "merchant_key.pem"),
        merchant_private_key_pem=_private_pem(merchant),
        merchant_certificate_pem=_certificate_pem(merchant_certificate),
        apiv3_key=SIMULATOR_MARK + _letters(29),
        platform_key_id=f"PUB_KEY_ID_0{MCHID}{secrets.randbelow(10**18):018d}",
        platform_public_key_pem=_public_pem(platform),
        platform_private_key_pem=_private_pem(platform),
        certificate_serial=_serial(certificate),
        certificate_pem=_certificate_pem(certificate),
        certificate_private_key_pem=_private_pem(certified),
        sms_access_key_id=SIMULATOR_MARK + _letters(17),
        sms_access_key_secret=SIMULATOR_MARK + _letters(27),
        control_token=secrets.token_urlsafe(24),
    )


def _write(folder: Path, keys: GatewayKeys) -> None:
    """Write the merchant's export first and `keys.json` last: its presence means complete."""
    write_private(folder / "merchant_key.pem", keys.merchant_private_key_pem)
    write_private(folder / "platform_public_key.pem", keys.platform_public_key_pem)
    write_private(folder / "platform_certificate.pem", keys.certificate_pem)
    write_private(folder / "merchant.json", json.dumps(_merchant_export(keys), indent=2))
    everything = {"format": _FORMAT} | asdict(keys)
    write_private(folder / "keys.json", json.dumps(everything, indent=2))


def _merchant_export(keys: GatewayKeys) -> dict[str, object]:
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


def _certificate(key: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime.now(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + _TEN_YEARS)
        .sign(key, hashes.SHA256())
    )


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
