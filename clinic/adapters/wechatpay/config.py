"""What a merchant account consists of. Secrets never show in `repr`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clinic.adapters.wechatpay import facts


@dataclass(frozen=True, kw_only=True)
class MerchantConfig:
    """One direct merchant. `platform_keys` maps `PUB_KEY_ID_…` or a certificate serial to PEM.

    `answer_key_id` names the platform public key the gateway shall answer with; empty leaves the
    choice (a platform certificate) to the gateway. Both kinds may be configured at once, as long
    as a merchant moves from certificates to the public key.
    """

    mchid: str
    appid: str
    merchant_serial: str
    merchant_private_key_pem: str = field(repr=False)
    apiv3_key: str = field(repr=False)
    platform_keys: Mapping[str, str] = field(repr=False)
    base_url: str = facts.PRIMARY_URL
    spare_url: str = ""
    answer_key_id: str = ""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The address to call and, where one is known, the spare one."""
        spare = self.spare_url
        if not spare and self.base_url == facts.PRIMARY_URL:
            spare = facts.SPARE_URL
        return (self.base_url, spare) if spare else (self.base_url,)
