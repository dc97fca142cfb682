"""The gateway's door: genuine messages count once, all others bounce without a word."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from clinic.core import crypto
from clinic.core.clock import now
from clinic.core.ids import uuid7
from clinic.embedded.simulator.model import SignedBy
from clinic.embedded.simulator.notices import signed_headers
from clinic.embedded.simulator.state import FaultKind
from clinic.settings import rules
from payments.checks import provider_addresses_are_real
from payments.models import GatewayEvent, PaymentAttempt
from payments.services.callbacks import replay_events
from payments.services.staff import confirm_by_staff
from tests.cast import Member
from tests.payments.conftest import Till, later, make_order
from tests.simulator.support import Received

Breaches = Callable[[], list[str]]


def started(till: Till, lin: Member) -> Received:
    """Return the notification of an order that was paid at the gateway."""
    order = make_order(lin)
    till.start(lin, order)
    return till.pay_at_gateway(order)


def status_of_last() -> str:
    return PaymentAttempt.objects.order_by("-pk")[0].order.status


def test_a_message_many_times_counts_once(till: Till, lin: Member, breaches: Breaches) -> None:
    notice = started(till, lin)

    codes = {till.deliver(notice).status_code for _ in range(5)}

    assert codes == {204}
    event = GatewayEvent.objects.get()
    assert (event.outcome, event.deliveries) == ("applied", 5)
    assert breaches() == []


def test_a_callback_takes_nine_round_trips(
    till: Till, lin: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    till.deliver(started(till, lin))
    notice = started(till, lin)

    # merchant, keys, message, block, lock, number, all writes of a payment, message done, block
    with django_assert_num_queries(9):
        till.deliver(notice)
    assert status_of_last() == "paid"


def test_the_kept_body_is_encrypted(till: Till, lin: Member) -> None:
    notice = started(till, lin)
    till.deliver(notice)

    sealed = GatewayEvent.objects.get().body_sealed

    assert notice.body.decode() not in sealed
    assert crypto.decrypt(sealed, context="gateway_event.body").encode() == notice.body


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (FaultKind.WRONG_APPID, 401),
        (FaultKind.WRONG_MCHID, 401),
        (FaultKind.FOREIGN_KEY, 401),
        (FaultKind.UNKNOWN_SERIAL, 401),
        (FaultKind.SIGNTEST, 401),
        (FaultKind.STALE, 401),
        (FaultKind.FUTURE, 401),
        (FaultKind.WRONG_AMOUNT, 204),
    ],
)
def test_spoiled_messages_change_nothing(
    till: Till, lin: Member, fault: FaultKind, status: int
) -> None:
    till.sim.state.inject(fault, times=1)
    notice = started(till, lin)

    answer = till.deliver(notice)

    assert answer.status_code == status
    assert status_of_last() == "pending"


def test_a_wrong_amount_is_put_aside_for_staff(till: Till, lin: Member) -> None:
    till.sim.state.inject(FaultKind.WRONG_AMOUNT, times=1)
    till.deliver(started(till, lin))

    attempt = PaymentAttempt.objects.get()
    assert (attempt.disposition, attempt.status) == ("mismatch", "submitted")
    assert GatewayEvent.objects.get().outcome == "mismatch"


def test_a_genuine_but_old_message_makes_us_ask(till: Till, lin: Member) -> None:
    till.sim.state.inject(FaultKind.STALE, times=1)
    notice = started(till, lin)

    till.deliver(notice)

    assert PaymentAttempt.objects.get().next_poll_at <= now()


def hostile(notice: Received) -> list[tuple[str, dict[str, str], bytes]]:
    """Return changed copies of a genuine message."""
    good, body = notice.headers, notice.body

    def without(name: str) -> dict[str, str]:
        return {key: value for key, value in good.items() if key.lower() != name}

    def with_(name: str, value: str) -> dict[str, str]:
        return without(name.lower()) | {name: value}

    return [
        ("no headers", {}, body),
        ("no signature", without("wechatpay-signature"), body),
        ("no serial", without("wechatpay-serial"), body),
        ("no timestamp", without("wechatpay-timestamp"), body),
        ("words as timestamp", with_("Wechatpay-Timestamp", "yesterday"), body),
        ("huge timestamp", with_("Wechatpay-Timestamp", "9" * 400), body),
        ("negative timestamp", with_("Wechatpay-Timestamp", "-1"), body),
        ("odd digits", with_("Wechatpay-Timestamp", "١٧٣٠٠٠٠٠٠٠"), body),
        ("no base64", with_("Wechatpay-Signature", "%%%"), body),
        ("other type", with_("Wechatpay-Signature-Type", "NONE"), body),
        ("odd serial", with_("Wechatpay-Serial", "ZZZ"), body),
        ("empty", good, b""),
        ("cut", good, body[:-1]),
        ("list", good, b"[]"),
        ("number", good, b"1"),
        ("NUL", good, b"\x00" * 10),
        ("bad UTF-8", good, b"\xff\xfe{}"),
        ("deep", good, b"[" * 20_000),
        ("large", good, b" " * 70_000),
        ("form", with_("Content-Type", "application/x-www-form-urlencoded"), body),
        ("XML", with_("Content-Type", "text/xml"), b"<!DOCTYPE a><a/>"),
        ("changed", good, body.replace(b"encrypt", b"encrupt")),
    ]


def test_hostile_messages_are_refused_in_one_way(till: Till, lin: Member) -> None:
    notice = started(till, lin)

    answers = [(name, till.send(headers, body)) for name, headers, body in hostile(notice)]

    assert {name: a.status_code for name, a in answers if a.status_code != 401} == {}
    assert {a.content for _name, a in answers} == {b'{"code": "FAIL", "message": "FAIL"}'}
    assert status_of_last() == "pending"
    assert not GatewayEvent.objects.exists()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"id": 1},
        {"event_type": ["x"], "resource": {}},
        {"event_type": "TRANSACTION.SUCCESS", "resource_type": "encrypt-resource", "resource": []},
        {
            "id": "x",
            "create_time": "2026-01-01T00:00:00+08:00",
            "event_type": "TRANSACTION.SUCCESS",
            "resource_type": "encrypt-resource",
            "resource": {
                "algorithm": "AEAD_AES_256_GCM",
                "nonce": "1",
                "ciphertext": "AAAA",
                "associated_data": None,
            },
        },
        {"id": "\ud800"},
    ],
)
def test_signed_nonsense_is_refused_too(till: Till, document: object) -> None:
    body = json.dumps(document).encode()
    headers = signed_headers(till.sim.state, body, SignedBy.PUBLIC_KEY)

    assert till.send(headers, body).status_code == 401


def test_refusals_are_counted_and_genuine_messages_are_not(till: Till, lin: Member) -> None:
    notice = started(till, lin)
    allowed = int(rules.CALLBACK_REFUSALS.partition("/")[0])

    codes = [till.send({}, b"{}").status_code for _ in range(allowed + 1)]

    assert codes[-1] == 429
    assert till.deliver(notice).status_code == 204


def test_other_methods_and_merchants_are_refused(till: Till, lin: Member) -> None:
    notice = started(till, lin)
    elsewhere = till.callback_path.replace(str(till.merchant.public_id), str(uuid7()))
    kept = {k: v for k, v in notice.headers.items() if k.lower().startswith("wechatpay")}

    assert Client().get(till.callback_path).status_code == 405
    answer = Client().post(elsewhere, notice.body, "application/json", headers=kept)
    assert answer.status_code == 401


def test_a_crash_between_keeping_and_applying_is_healed(
    till: Till, lin: Member, monkeypatch: pytest.MonkeyPatch, breaches: Breaches
) -> None:
    notice = started(till, lin)
    with monkeypatch.context() as patched:
        patched.setattr("payments.services.callbacks._process", lambda row, *_a, **_k: row)
        till.deliver(notice)
    assert status_of_last() == "pending"

    replay_events(moment=later(minutes=20))

    assert status_of_last() == "paid"
    assert GatewayEvent.objects.get().outcome == "applied"
    assert breaches() == []


def test_many_messages_that_cannot_be_finished_hold_up_no_other(
    till: Till, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:  # as a process of the version before writes them
        cursor.execute(
            """INSERT INTO payments_gatewayevent (merchant_id, dedup_key, kind, gateway_event_id,
                headers, body_sealed, received_at, deliveries, outcome)
            SELECT %s, 'odd-' || n, 'odd', '', '{}', 'broken', now(), 1, 'received'
            FROM generate_series(1, 3) AS n""",
            [till.merchant.pk],
        )
    notice = started(till, lin)
    with monkeypatch.context() as patched:
        patched.setattr("payments.services.callbacks._process", lambda row, *_a, **_k: row)
        till.deliver(notice)

    before = replay_events(moment=later(minutes=2), limit=3), status_of_last()
    after = replay_events(moment=later(minutes=2), limit=3), status_of_last()
    for minutes in (4, 6, 8, 10, 14):
        replay_events(moment=later(minutes=minutes))

    assert (before, after) == ((3, "pending"), (1, "paid"))
    assert set(GatewayEvent.objects.filter(kind="odd").values_list("tries", flat=True)) == {5}


def test_a_refund_begun_at_the_gateway_is_taken_over(
    till: Till, lin: Member, breaches: Breaches
) -> None:
    order = till.paid(lin)
    till.sim.control(
        "POST", f"orders/{till.attempt(order).out_trade_no}/refund", {"amount_fen": 100}
    )

    notice = till.sim.shop.next()
    assert [till.deliver(notice).status_code for _ in range(2)] == [204, 204]
    assert GatewayEvent.objects.latest("pk").outcome == "adopted"
    order.refresh_from_db()
    assert (order.status, order.refunded_fen) == ("partially_refunded", 100)
    assert order.refunds.get().source == "gateway"
    assert breaches() == []


def test_staff_confirm_what_they_saw_and_the_gateway_only_repeats_it(
    till: Till, lin: Member, an: Member, breaches: Breaches
) -> None:
    notice = started(till, lin)
    attempt = PaymentAttempt.objects.get()
    number = (
        json.loads(till.sim.control("GET", f"orders/{attempt.out_trade_no}").text).get(
            "transaction_id"
        )
        or "4200000000000000000000000001"
    )

    confirm_by_staff(attempt.pk, actor=an.actor, transaction_id=number, paid_at=now())
    till.deliver(notice)

    assert status_of_last() == "paid"
    assert breaches() == []


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("https://api.mch.weixin.qq.com", False),
        ("http://api.mch.weixin.qq.com", True),
        ("https://127.0.0.1:8001", True),
    ],
)
def test_real_money_never_goes_to_a_simulator(settings: Any, address: str, wrong: bool) -> None:
    settings.GATEWAY_KEYS = None
    settings.WECHATPAY_BASE_URL = address

    assert [found.id for found in provider_addresses_are_real()] == ["payments.E001"] * wrong
