"""What a merchant account consists of. Secrets never show in `repr`."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class MerchantConfig:
    """One direct merchant. `platform_keys` maps `PUB_KEY_ID_…` or a certificate serial to PEM.

    `answer_key_id` names the platform public key the gateway shall answer with; empty leaves the
    choice (a platform certificate) to the gateway.
    """

    mchid: str
    appid: str
    merchant_serial: str
    merchant_private_key_pem: str = field(repr=False)
    apiv3_key: str = field(repr=False)
    platform_keys: Mapping[str, str] = field(repr=False)
    base_url: str = "https://api.mch.weixin.qq.com"
    answer_key_id: str = ""
