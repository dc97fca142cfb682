"""A till: orders, a real gateway beside it, and the notifications it sends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from clinic.core.actor import system_actor
from clinic.core.clock import now
from clinic.core.ids import uuid7
from clinic.core.invariants import all_invariants
from clinic.embedded.simulator import orders as gateway_orders
from payments.enums import AccountKind, TransactionKind
from payments.models import MerchantConfig, PaymentAttempt, PaymentOrder
from payments.selectors.prices import Price
from payments.services.ledger import Leg, book
from payments.services.merchants import ensure_embedded_merchant
from payments.services.orders import create_order
from tests.cast import Member
from tests.simulator.support import Received, Shop, Sim, gateway_keys, served, shop, sim

__all__ = ["gateway_keys", "served", "shop", "sim"]
CLERK = system_actor("clerk of these tests")  # a refund by hand that is nobody's own


def make_order(payer: Member, amount_fen: int = 3900, **changes: Any) -> PaymentOrder:
    """Store an order as a room above would."""
    values: dict[str, Any] = {
        "payer_id": payer.user.pk,
        "subject_kind": "consultation",
        "subject_public_id": uuid7(),
        "price": Price(amount_fen=amount_fen, source="global"),
        "title": "图文问诊",
        "expires_at": now() + timedelta(minutes=30),
        "actor": payer.actor,
    }
    return create_order(**(values | changes))


def give_balance(member: Member, amount_fen: int) -> None:
    """Put money on a balance, from a bank that tests have."""
    order = make_order(member, 100, subject_kind="gift")
    legs = [
        Leg(AccountKind.GATEWAY, "gift", -amount_fen),
        Leg(AccountKind.WALLET, member.public_id, amount_fen),
    ]
    with transaction.atomic():
        book(key=f"gift:{order.pk}", kind=TransactionKind.TOP_UP, order=order, legs=legs)


# What staff say who give all of an order back.
WHOLE = {"all": True, "reason": "the visit did not take place"}


def post(member: Member, path: str, body: Any = None, key: str | None = None) -> Any:
    """Send a POST with an Idempotency-Key."""
    headers = {"Idempotency-Key": key or str(uuid7())}
    return member.client.post(f"/api/v1/{path}", body or {}, format="json", headers=headers)


def get(member: Member, path: str) -> Any:
    """Send a GET."""
    return member.client.get(f"/api/v1/{path}")


@dataclass
class Till:
    """Our side of the counter with the real gateway on the other."""

    sim: Sim
    merchant: MerchantConfig

    @property
    def callback_path(self) -> str:
        return f"/api/v1/payments/callbacks/wechat_v3/{self.merchant.public_id}/"

    def start(self, payer: Member, order: PaymentOrder, method: str = "wechat_native") -> Any:
        body = {"method": method}
        if method == "wechat_jsapi":
            body["openid"] = "oLin0001"
        return post(payer, f"orders/{order.public_id}/pay", body)

    def attempt(self, order: PaymentOrder) -> PaymentAttempt:
        return PaymentAttempt.objects.filter(order=order).order_by("-pk")[0]

    def pay_at_gateway(self, order: PaymentOrder, *, late: bool = False) -> Received:
        """Pay the newest attempt at the gateway; return the notification it sent."""
        number = self.attempt(order).out_trade_no
        (gateway_orders.pay_late if late else gateway_orders.pay)(self.sim.state, number)
        return self.sim.shop.next()

    def deliver(self, notice: Received, **changes: Any) -> HttpResponse:
        """Hand a notification over as the gateway would, or changed."""
        values = {"headers": notice.headers, "body": notice.body} | changes
        return self.send(values["headers"], values["body"])

    def send(self, headers: dict[str, str], body: bytes) -> HttpResponse:
        kept = {k: v for k, v in headers.items() if k.lower().startswith("wechatpay")}
        kind = headers.get("Content-Type", headers.get("content-type", "application/json"))
        return Client().post(self.callback_path, body, content_type=kind, headers=kept)

    def paid(self, payer: Member, amount_fen: int = 3900, **changes: Any) -> PaymentOrder:
        """Return an order that was paid through the gateway and its notification."""
        order = make_order(payer, amount_fen, **changes)
        assert self.start(payer, order).status_code == 200
        assert self.deliver(self.pay_at_gateway(order)).status_code == 204
        order.refresh_from_db()
        return order


def make_till(sim: Sim, shop: Shop, settings: Any) -> Till:
    """Point the room at a running gateway."""
    settings.GATEWAY_KEYS = sim.keys
    settings.WECHATPAY_BASE_URL = sim.base_url
    settings.PUBLIC_BASE_URL = shop.notify_url.split("/callbacks")[0]
    sim.state.set_setting("refund_delay_seconds", 0)
    return Till(sim, ensure_embedded_merchant())


@pytest.fixture
def till(db: None, sim: Sim, shop: Shop, settings: Any) -> Till:
    """A till whose gateway runs in a thread of this process."""
    return make_till(sim, shop, settings)


@pytest.fixture
def breaches() -> Callable[[], list[str]]:
    """Return a function that proves I2."""
    check = next(item for item in all_invariants() if item.code == "I2")
    return check.breaches


def later(**duration: float) -> datetime:
    """Return a moment after now."""
    return now() + timedelta(**duration)
