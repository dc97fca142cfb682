"""What an Alipay merchant account consists of. Secrets never show in `repr`."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class AlipayConfig:
    """One application of one seller.

    Key mode uses `alipay_public_keys_pem`. Certificate mode is on when `app_certificate_pem` is
    set, and then needs `alipay_certificates_pem` and `root_certificates_pem` (the bundle as
    downloaded). Several keys or certificates of Alipay overlap during a change.
    """

    app_id: str
    seller_id: str
    app_private_key_pem: str = field(repr=False)
    alipay_public_keys_pem: tuple[str, ...] = field(default=(), repr=False)
    app_certificate_pem: str = field(default="", repr=False)
    alipay_certificates_pem: tuple[str, ...] = field(default=(), repr=False)
    root_certificates_pem: str = field(default="", repr=False)
    gateway_url: str = "https://openapi.alipay.com/gateway.do"

    @property
    def is_certificate_mode(self) -> bool:
        """Whether both sides name their certificates in every message."""
        return bool(self.app_certificate_pem)
