"""What a merchant account of version 2 consists of. Secrets never show in `repr`."""

from dataclasses import dataclass, field
from enum import StrEnum


class SignType(StrEnum):
    """How both sides sign. Chosen here, never taken from a message."""

    MD5 = "MD5"
    HMAC_SHA256 = "HMAC-SHA256"


@dataclass(frozen=True, kw_only=True)
class MerchantV2Config:
    """One merchant. Refunds and bills of movements want his client certificate (paths of PEM).

    Such calls go to `secure_base_url`, by default the address of all others; `server_ca_path` names
    the authority of a server that public authorities do not know.
    `server_address` is our own public address, told with orders that no payer's device makes.
    """

    mchid: str
    appid: str
    api_key: str = field(repr=False)
    sign_type: SignType = SignType.HMAC_SHA256
    base_url: str = "https://api.mch.weixin.qq.com"
    client_certificate_path: str = ""
    client_key_path: str = ""
    secure_base_url: str = ""
    server_ca_path: str = ""
    server_address: str = "127.0.0.1"
