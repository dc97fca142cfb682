"""The page for people, through HTTP as a browser sends it."""

import json
import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from clinic.adapters.aliyun_calls import VENDOR_TIME, VENDOR_ZONE
from clinic.embedded.simulator import calls, orders
from clinic.embedded.simulator.model import Gateway, NoticeState, OrderState, RefundState
from clinic.embedded.simulator.state import SETTINGS, FaultKind
from clinic.embedded.simulator.words import speaker
from tests.simulator.support import Sim


class Browser:
    """Keeps cookies and the token of the last form, follows redirects."""

    def __init__(self, sim: Sim, **headers: str) -> None:
        self.origin = sim.base_url
        self.http = httpx2.Client(
            base_url=sim.base_url, trust_env=False, follow_redirects=True, headers=headers
        )
        self.token = ""

    def get(self, path: str) -> str:
        answer = self.http.get(path)
        assert answer.status_code == 200
        found = re.search(r'name="form_token" value="([0-9a-f]{64})"', answer.text)
        self.token = found.group(1) if found else ""
        return answer.text

    def post(self, path: str, **form: Any) -> httpx2.Response:
        return self.http.post(
            path, data={"form_token": self.token} | form, headers={"Origin": self.origin}
        )


@pytest.fixture
def browser(sim: Sim) -> Browser:
    """A visitor reading English."""
    return Browser(sim, **{"Accept-Language": "en-GB,en"})


def _new_order(sim: Sim, **changes: Any) -> str:
    order = sim.order(**changes)
    sim.client().create_native(order)
    return order.out_trade_no


def _state(sim: Sim, number: str) -> OrderState:
    return orders.by_number(sim.state, number).state


def test_paying_on_the_page_notifies_the_shop(sim: Sim, browser: Browser) -> None:
    number = _new_order(sim)
    assert number in browser.get("/")

    answer = browser.post(f"/pages/orders/{number}/pay")

    assert answer.status_code == 200
    assert _state(sim, number) is OrderState.SUCCESS
    assert sim.shop.next().event_type == "TRANSACTION.SUCCESS"


def test_code_url_leads_to_the_payment_page(sim: Sim, browser: Browser) -> None:
    order = sim.order(description="图文问诊 <张医生>")
    code_url = sim.client().create_native(order).code_url

    page = browser.get("/pay/" + code_url.partition("pr=")[2])

    assert "图文问诊 &lt;张医生&gt;" in page
    assert "¥39.00" in page
    assert "<svg" in page


def test_decline_expire_late_payment_and_refunds_by_button(sim: Sim, browser: Browser) -> None:
    declined, expired = _new_order(sim), _new_order(sim)
    browser.get("/")

    browser.post(f"/pages/orders/{declined}/decline")
    browser.post(f"/pages/orders/{expired}/expire")
    assert _state(sim, declined) is OrderState.PAYERROR
    assert _state(sim, expired) is OrderState.CLOSED
    browser.post(f"/pages/orders/{expired}/pay-late")
    browser.post(f"/pages/orders/{expired}/refund-abnormal")
    browser.post(f"/pages/orders/{expired}/refund")
    sim.advance(seconds=3)

    # The clock was turned at once: both may leave together, in either order.
    assert {sim.shop.next().event_type for _ in range(2)} == {
        "TRANSACTION.SUCCESS",
        "REFUND.ABNORMAL",
    }
    assert "ABNORMAL" in browser.get("/")


def test_inbox_faults_and_settings_work_by_form(sim: Sim, browser: Browser) -> None:
    browser.get("/")

    browser.post("/pages/faults", kind="duplicate", scope="*", times="", value="2")
    browser.post("/pages/settings", time_factor="60")
    page = browser.get("/")

    assert "for ever" in page
    assert sim.state.setting("time_factor") == 60
    browser.post(f"/pages/faults/{sim.state.faults()[0].id}/remove")
    assert sim.state.faults() == []
    assert browser.post("/pages/settings", time_factor="0").status_code == 400


def test_bound_phones_are_listed_and_dialled_and_the_report_finds_its_way(
    sim: Sim, browser: Browser
) -> None:
    ends = (sim.state.now() + timedelta(hours=1)).astimezone(VENDOR_ZONE).strftime(VENDOR_TIME)
    phones = {"PhoneNoA": "13600000001", "PhoneNoB": "13700000001"}
    told = {"PoolKey": calls.POOL_KEY, "Expiration": ends, "OutId": "case", **phones}
    sub_id = calls.bind(sim.state, told)["SecretBindDTO"]["SubsId"]
    sim.state.reports_url = sim.shop.notify_url
    page = browser.get("/")
    assert all(phone in page for phone in phones.values())

    browser.post(f"/pages/calls/{sub_id}/dial", by="b", seconds="60")
    by_control = sim.control("POST", f"calls/{sub_id}/dial", {"by": "a", "seconds": 0}).json()

    heard = [json.loads(sim.shop.next().body)[0] for _ in range(2)]
    assert {row["out_id"] for row in heard} == {"case"}
    assert by_control["report"]["call_id"] in {row["call_id"] for row in heard}
    assert browser.post(f"/pages/calls/{sub_id}/dial", by="c", seconds="60").status_code == 400
    assert browser.post("/pages/calls/nothing/dial", by="a", seconds="60").status_code == 404


def test_language_follows_the_browser_the_switch_and_is_remembered(sim: Sim) -> None:
    assert "待支付订单" in Browser(sim, **{"Accept-Language": "zh-CN"}).get("/")
    browser = Browser(sim, **{"Accept-Language": "zh-CN"})
    assert "Open orders" in browser.get("/?lang=en")
    assert "Open orders" in browser.get("/")


def test_forms_of_others_change_nothing(sim: Sim, browser: Browser) -> None:
    number = _new_order(sim)
    browser.get("/")
    path, form = f"{sim.base_url}/pages/orders/{number}/pay", {"form_token": browser.token}
    own, foreign = {"Origin": sim.base_url}, {"Origin": "http://evil.example"}

    refused = [
        browser.http.post(path, data=form, headers=foreign),
        browser.http.post(path, data=form),
        browser.http.post(path, data={"form_token": "0" * 64}, headers=own),
        sim.http.post(path, data=form, headers=own),
    ]
    rebound = sim.http.get(sim.base_url, headers={"Host": "evil.example"})

    assert [answer.status_code for answer in refused] == [403] * 4
    assert rebound.status_code == 421
    assert _state(sim, number) is OrderState.NOTPAY


def test_hostile_text_is_shown_as_text(sim: Sim, browser: Browser) -> None:
    attack = "<script>alert(1)</script>\"'"
    _new_order(sim, description=attack)
    browser.get("/")
    browser.post("/pages/faults", kind="drop", scope=attack[:30], times="1", value="1")

    page = browser.get("/")

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert (
        sim.http.get(f"{sim.base_url}/")
        .headers["content-security-policy"]
        .startswith("default-src 'none'")
    )


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/pay/nothing", 404),
        ("POST", "/pages/nothing", 404),
        ("PUT", "/", 405),
        ("GET", "/page.css", 200),
        ("GET", "/page.js", 200),
        ("GET", "/healthz", 200),
        ("GET", "/%00%ff?lang=%ff", 404),
    ],
)
def test_odd_requests_get_plain_answers(sim: Sim, method: str, path: str, status: int) -> None:
    assert sim.http.request(method, sim.base_url + path).status_code == status


def test_cookie_noise_is_ignored(sim: Sim) -> None:
    for noise in ("sim_visitor=x", "=;;;", 'sim_visitor="en.', "sim_visitor=fr.abcdefgh12"):
        answer = sim.http.get(sim.base_url, headers={"Cookie": noise})
        assert answer.status_code == 200


def _new_trade(sim: Sim, **changes: Any) -> str:
    trade = sim.trade(**changes)
    sim.alipay().precreate(trade)
    return trade.out_trade_no


def test_an_alipay_trade_is_scanned_paid_and_finished_by_button(sim: Sim, browser: Browser) -> None:
    number = _new_trade(sim)
    token = orders.by_number(sim.state, number).token
    assert f"/pages/orders/{number}/scan" in browser.get(f"/pay/{token}")

    browser.post(f"/pages/orders/{number}/scan", back=token)
    assert not sim.alipay().query(number).was_paid
    browser.post(f"/pages/orders/{number}/pay", back=token)
    assert f"/pages/orders/{number}/finish" in browser.get("/")
    browser.post(f"/pages/orders/{number}/finish")

    assert sim.alipay().query(number).status.value == "TRADE_FINISHED"


def test_the_way_back_to_the_merchant_is_shown_after_paying(sim: Sim, browser: Browser) -> None:
    trade = sim.trade(return_url="http://127.0.0.1:1/back/")
    page = browser.http.post(
        sim.alipay().page_form(trade).action, data=dict(sim.alipay().page_form(trade).fields)
    )
    orders.pay(sim.state, trade.out_trade_no)

    assert "http://127.0.0.1:1/back/" not in page.text
    assert 'href="http://127.0.0.1:1/back/"' in browser.http.get(page.url).text


def test_keys_are_changed_by_button(sim: Sim, browser: Browser) -> None:
    browser.get("/")
    browser.post("/pages/keys/certificate/rotate")

    found = sim.client(answer_key_id="").platform_certificates()

    assert len(found) == 2
    assert all(item.serial in browser.get("/") for item in found)
    assert browser.post("/pages/keys/nonsense/rotate").status_code == 400


def test_an_account_is_paid_out_by_button(sim: Sim, browser: Browser) -> None:
    order = sim.order()
    sim.client().create_native(order)
    orders.pay(sim.state, order.out_trade_no)

    assert "¥38.77" in browser.get("/")
    browser.post("/pages/accounts/wechat/payout")

    assert "¥38.77" not in browser.get("/")
    assert browser.post("/pages/accounts/wechat/payout").status_code == 400
    assert browser.post("/pages/accounts/nobody/payout").status_code == 404


def test_a_fault_can_be_narrowed_by_form(sim: Sim, browser: Browser) -> None:
    browser.get("/")
    form = {"kind": "rate_limited", "scope": "ORDER1", "times": "2", "value": "1"}

    browser.post("/pages/faults", **form, operation="refund", chance="50")

    fault = sim.state.faults()[0]
    assert (fault.scope, fault.operation, fault.times, fault.chance) == ("ORDER1", "refund", 2, 50)


@pytest.mark.parametrize(
    "phrase", [*FaultKind, *SETTINGS, *OrderState, *RefundState, *NoticeState, *Gateway]
)
def test_every_word_of_the_gateway_has_its_chinese(phrase: str) -> None:
    assert speaker("zh")(phrase) != phrase
    assert "_" not in speaker("en")(phrase)
