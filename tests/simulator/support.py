"""A running gateway, a merchant's shop that receives its notifications, and a clock to turn."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from typing import Any

import httpx2
import pytest

from clinic.adapters.alipay.client import AlipayClient
from clinic.adapters.alipay.config import AlipayConfig
from clinic.adapters.alipay.types import NewTrade
from clinic.adapters.wechatpay.client import WeChatPayClient
from clinic.adapters.wechatpay.config import MerchantConfig
from clinic.adapters.wechatpay.types import NewOrder, NewRefund
from clinic.adapters.wechatpay_v2.client import WeChatPayV2Client
from clinic.adapters.wechatpay_v2.config import MerchantV2Config
from clinic.core.clock import now
from clinic.embedded.simulator import notices
from clinic.embedded.simulator.facts import DELIVERY_LEASE
from clinic.embedded.simulator.keys import GatewayKeys, ensure_gateway_keys
from clinic.embedded.simulator.model import Notification, Order, Refund
from clinic.embedded.simulator.serve import running_simulator
from clinic.embedded.simulator.state import SimulatorState
from clinic.embedded.simulator.store import Store

WAIT_SECONDS = 10


# What each gateway takes for "heard", by the provider in the address.
_HEARD: dict[str, tuple[int, bytes]] = {
    "wechat": (204, b""),
    "wechat_v3": (204, b""),
    "wechat_v2": (200, b"<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>"),
    "alipay": (200, b"success"),
}


class Clock:
    """Real time plus what a test turned it on by."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def __call__(self) -> datetime:
        return now() + self.offset


@dataclass
class Received:
    """One notification as it came over the wire."""

    headers: dict[str, str]
    body: bytes

    @property
    def event_type(self) -> str:
        return str(json.loads(self.body)["event_type"])


class Shop:
    """The merchant's HTTP door: keeps what comes, answers what it is told."""

    def __init__(self) -> None:
        self.received: Queue[Received] = Queue()
        self.answers: Queue[int | tuple[int, bytes]] = Queue()
        shop = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                shop.received.put(Received(dict(self.headers.items()), body))
                try:
                    chosen = shop.answers.get_nowait()
                except Empty:
                    named = (part for part in self.path.split("/") if part in _HEARD)
                    chosen = _HEARD[next(named)]
                status, words = chosen if isinstance(chosen, tuple) else (chosen, b"")
                self.send_response(status)
                self.send_header("Content-Length", str(len(words)))
                self.end_headers()
                self.wfile.write(words)

            def log_message(self, *_args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.notify_url = self.address("wechat")
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def address(self, provider: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/callbacks/{provider}/1/"

    def next(self) -> Received:
        return self.received.get(timeout=WAIT_SECONDS)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Sim:
    """What a test talks to."""

    base_url: str
    state: SimulatorState
    clock: Clock
    shop: Shop
    http: httpx2.Client
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))

    @property
    def keys(self) -> GatewayKeys:
        return self.state.keys

    @property
    def secure_base_url(self) -> str:
        return self.base_url.replace("http://", "https://")

    def config(self, **changes: Any) -> MerchantConfig:
        return merchant_config(self.keys, **({"base_url": self.base_url} | changes))

    def client(self, **changes: Any) -> WeChatPayClient:
        return WeChatPayClient(self.config(**changes), http=self.http, now=self.clock)

    def v2_config(self, **changes: Any) -> MerchantV2Config:
        secure = {"base_url": self.base_url, "secure_base_url": self.secure_base_url}
        return v2_config(self.keys, **(secure | changes))

    def v2(self, **changes: Any) -> WeChatPayV2Client:
        return WeChatPayV2Client(self.v2_config(**changes), http=self.http, now=self.clock)

    def v2_order(self, **changes: Any) -> NewOrder:
        return self.order(**({"notify_url": self.shop.address("wechat_v2")} | changes))

    def alipay_config(self, **changes: Any) -> AlipayConfig:
        return alipay_config(self.keys, self.base_url, **changes)

    def alipay(self, **changes: Any) -> AlipayClient:
        return AlipayClient(self.alipay_config(**changes), http=self.http, now=self.clock)

    def trade(self, **changes: Any) -> NewTrade:
        values: dict[str, Any] = {
            "out_trade_no": f"ALI{next(self._numbers):08d}",
            "subject": "图文问诊",
            "amount_fen": 3900,
            "expires_at": self.clock() + timedelta(minutes=30),
            "notify_url": self.shop.address("alipay"),
        }
        return NewTrade(**(values | changes))

    def order(self, **changes: Any) -> NewOrder:
        values: dict[str, Any] = {
            "out_trade_no": f"TEST{next(self._numbers):08d}",
            "description": "图文问诊",
            "amount_fen": 3900,
            "expires_at": self.clock() + timedelta(minutes=30),
            "notify_url": self.shop.notify_url,
        }
        return NewOrder(**(values | changes))

    def refund_of(self, order: NewOrder, **changes: Any) -> NewRefund:
        values: dict[str, Any] = {
            "out_trade_no": order.out_trade_no,
            "out_refund_no": f"R{order.out_trade_no}",
            "refund_fen": 1000,
            "total_fen": order.amount_fen,
            "notify_url": self.shop.notify_url,
            "reason": "未分配到医生",
        }
        return NewRefund(**(values | changes))

    def advance(self, **duration: float) -> None:
        """Turn the clock on and let the deliverer see it."""
        self.clock.offset += timedelta(**duration)
        self.state.on_change()

    def tried(self, out_trade_no: str, times: int) -> Notification:
        """Return the order's first notification once this many tries are on record."""
        give_up_at = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < give_up_at:
            found = notices.of_order(self.state, out_trade_no)[0]
            if found.attempts >= times:
                return found
            time.sleep(0.002)
        raise AssertionError(f"not tried {times} times")

    def is_quiet(self) -> bool:
        """Tell whether nothing is due now and no notification is on its way."""
        store, moment = self.state.store, self.state.now()
        due = (store.earliest(Notification, "next_at"), store.earliest(Refund, "settles_at"),
               store.earliest(Order, "pay_at"))  # fmt: skip
        if any(found is not None and found <= moment for found in due):
            return False
        # What is under way is leased for half a minute; a first retry comes before or much later.
        lease = moment + DELIVERY_LEASE
        return not store.find(
            Notification,
            "attempts < 2 AND next_at > ? AND next_at <= ?",
            [lease - timedelta(seconds=WAIT_SECONDS), lease],
        )

    def news(self) -> Iterator[Received]:
        """Yield what comes to the shop, until the gateway is quiet."""
        while True:
            is_last = self.is_quiet()
            try:
                yield self.shop.received.get(timeout=0 if is_last else 0.01)
            except Empty:
                if is_last:
                    return

    def control(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        return self.http.request(
            method,
            f"{self.base_url}/control/{path}",
            json=body,
            headers={"X-Control-Token": self.keys.control_token},
        )


def merchant_config(keys: GatewayKeys, **changes: Any) -> MerchantConfig:
    """Return the merchant's half of the keys."""
    values: dict[str, Any] = {
        "mchid": keys.mchid,
        "appid": keys.appid,
        "merchant_serial": keys.merchant_serial,
        "merchant_private_key_pem": keys.merchant_private_key_pem,
        "apiv3_key": keys.apiv3_key,
        "platform_keys": {
            keys.platform_key_id: keys.platform_public_key_pem,
            keys.certificate_serial: keys.certificate_pem,
        },
        "answer_key_id": keys.platform_key_id,
    }
    return MerchantConfig(**(values | changes))


def v2_config(keys: GatewayKeys, **changes: Any) -> MerchantV2Config:
    """Return the merchant's half of the keys for version 2."""
    values: dict[str, Any] = {
        "mchid": keys.mchid,
        "appid": keys.appid,
        "api_key": keys.api_v2_key,
        "client_certificate_path": keys.client_certificate_path,
        "client_key_path": keys.client_key_path,
        "server_ca_path": keys.tls_ca_path,
    }
    return MerchantV2Config(**(values | changes))


def alipay_config(keys: GatewayKeys, base_url: str = "", **changes: Any) -> AlipayConfig:
    """Return the merchant's half of the keys in key mode."""
    values: dict[str, Any] = {
        "app_id": keys.alipay_app_id,
        "seller_id": keys.alipay_seller_id,
        "app_private_key_pem": keys.alipay_app_private_key_pem,
        "alipay_public_keys_pem": (keys.alipay_public_key_pem,),
        "gateway_url": f"{base_url}/gateway.do",
    }
    return AlipayConfig(**(values | changes))


def alipay_certificates(keys: GatewayKeys) -> dict[str, Any]:
    """Return what turns a configuration into certificate mode."""
    return {
        "alipay_public_keys_pem": (),
        "app_certificate_pem": keys.alipay_app_certificate_pem,
        "alipay_certificates_pem": (keys.alipay_certificate_pem,),
        "root_certificates_pem": keys.alipay_root_certificates_pem,
    }


@pytest.fixture(scope="session")
def gateway_keys(tmp_path_factory: pytest.TempPathFactory) -> GatewayKeys:
    """Keys of both sides, made once: RSA keys are slow to make."""
    return ensure_gateway_keys(tmp_path_factory.mktemp("gateway"))


@pytest.fixture(scope="session")
def served(gateway_keys: GatewayKeys) -> Iterator[tuple[str, SimulatorState, Clock]]:
    """One gateway for the whole run; each test empties it."""
    clock = Clock()
    state = SimulatorState(gateway_keys, Store(":memory:"), clock=clock)
    with running_simulator(state) as running:
        yield running.base_url, state, clock
    state.store.close()


@pytest.fixture
def shop() -> Iterator[Shop]:
    """A merchant's door."""
    shop = Shop()
    yield shop
    shop.stop()


@pytest.fixture
def sim(served: tuple[str, SimulatorState, Clock], shop: Shop) -> Iterator[Sim]:
    """An empty gateway, a shop beside it, and real time."""
    base_url, state, clock = served
    clock.offset = timedelta()
    state.reset()
    with httpx2.Client(trust_env=False, timeout=5) as http:
        yield Sim(base_url=base_url, state=state, clock=clock, shop=shop, http=http)
