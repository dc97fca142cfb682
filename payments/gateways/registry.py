"""Providers by name."""

from payments.enums import Provider
from payments.gateways.alipay import AlipayGateway
from payments.gateways.internal import BalanceGateway, FreeGateway
from payments.gateways.offline import OfflineGateway
from payments.gateways.types import PaymentGateway
from payments.gateways.wechat_v2 import WeChatV2Gateway
from payments.gateways.wechat_v3 import WeChatGateway

_GATEWAYS: dict[str, PaymentGateway] = {
    Provider.FREE: FreeGateway(),
    Provider.BALANCE: BalanceGateway(),
    Provider.OFFLINE: OfflineGateway(),
    Provider.WECHAT_V3: WeChatGateway(),
    Provider.WECHAT_V2: WeChatV2Gateway(),
    Provider.ALIPAY: AlipayGateway(),
}
_TO_CARDS: dict[str, WeChatGateway] = {Provider.WECHAT_V3: WeChatGateway()}


def gateway_of(provider: str) -> PaymentGateway:
    """Return the door to a provider. Raises KeyError for an unknown name."""
    return _GATEWAYS[provider]


def card_gateway_of(provider: str) -> WeChatGateway | None:
    """Return the door to a provider that sends a stuck refund to a card; None: it cannot."""
    return _TO_CARDS.get(provider)
