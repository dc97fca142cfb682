"""Notifications: the real retry schedule and everything that can go wrong with them."""

from collections.abc import Callable

import pytest

from clinic.adapters.wechatpay.callbacks import CallbackRefused, parse_callback
from clinic.adapters.wechatpay.facts import RETRY_SECONDS
from clinic.adapters.wechatpay.signing import Refusal
from clinic.adapters.wechatpay.types import CloseResult, PaymentNotice, TradeState
from clinic.embedded.simulator import notices, orders
from clinic.embedded.simulator.state import FaultKind
from tests.simulator.support import Received, Sim


def _paid(sim: Sim) -> str:
    order = sim.order()
    sim.client().create_native(order)
    orders.pay(sim.state, order.out_trade_no)
    return order.out_trade_no


def _parse(sim: Sim, received: Received) -> PaymentNotice:
    notice = parse_callback(sim.config(), received.headers, received.body, sim.clock())
    assert isinstance(notice, PaymentNotice)
    return notice


def _wait_for(sim: Sim, condition: Callable[[], bool]) -> None:
    """Return once the deliverer has written down what it did."""
    done = sim.state.on_change
    for _ in range(2000):
        if condition():
            return
        done()
        sim.http.get(f"{sim.base_url}/healthz")  # lets the gateway's loop turn
    pytest.fail("the gateway did not get there")


def _tries(sim: Sim, number: str) -> list[int]:
    found = notices.of_order(sim.state, number)
    return [t.status for n in found for t in notices.attempts_of(sim.state, n.id)]


def test_refused_notification_comes_again_on_the_real_schedule(sim: Sim) -> None:
    for status in (500, 301, 200):
        sim.shop.answers.put(status)
    number = _paid(sim)
    first = sim.shop.next()
    _wait_for(sim, lambda: _tries(sim, number) == [500])

    sim.advance(seconds=14)
    assert sim.state.store.earliest(notices.Notification, "next_at") > sim.clock()
    sim.advance(seconds=1)
    second = sim.shop.next()
    _wait_for(sim, lambda: _tries(sim, number) == [500, 301])
    sim.advance(seconds=15)
    third = sim.shop.next()
    _wait_for(sim, lambda: _tries(sim, number) == [500, 301, 200])

    assert len({r.headers["Wechatpay-Nonce"] for r in (first, second, third)}) == 3
    assert {_parse(sim, r).event_id for r in (first, second, third)} == {
        notices.of_order(sim.state, number)[0].id
    }
    assert notices.of_order(sim.state, number)[0].next_at is None


def test_time_factor_runs_the_whole_schedule_at_once(sim: Sim) -> None:
    sim.state.set_setting("time_factor", 10_000_000)
    for _ in range(len(RETRY_SECONDS) + 1):
        sim.shop.answers.put(500)

    number = _paid(sim)
    for _ in range(len(RETRY_SECONDS) + 1):
        sim.shop.next()

    _wait_for(sim, lambda: notices.of_order(sim.state, number)[0].state == "given_up")
    assert sum(RETRY_SECONDS) == 24 * 3600 + 4 * 60


def test_changed_time_factor_shortens_the_running_wait(sim: Sim) -> None:
    sim.shop.answers.put(500)
    number = _paid(sim)
    sim.shop.next()
    _wait_for(sim, lambda: _tries(sim, number) == [500])

    sim.control("POST", "settings", {"time_factor": 1_000_000})

    assert sim.shop.next()


SPOILED = [
    (FaultKind.WRONG_APPID, Refusal.MERCHANT),
    (FaultKind.WRONG_MCHID, Refusal.MERCHANT),
    (FaultKind.FOREIGN_KEY, Refusal.SIGNATURE),
    (FaultKind.UNKNOWN_SERIAL, Refusal.UNKNOWN_SERIAL),
    (FaultKind.SIGNTEST, Refusal.PROBE),
    (FaultKind.STALE, Refusal.STALE),
    (FaultKind.FUTURE, Refusal.STALE),
]


@pytest.mark.parametrize(("kind", "reason"), SPOILED)
def test_spoiled_try_is_refused_and_the_next_is_genuine(
    sim: Sim, kind: FaultKind, reason: Refusal
) -> None:
    sim.state.inject(kind, times=1)
    sim.state.set_setting("time_factor", 1_000_000)
    sim.shop.answers.put(401)
    number = _paid(sim)

    with pytest.raises(CallbackRefused) as caught:
        _parse(sim, sim.shop.next())

    assert caught.value.reason is reason
    assert _parse(sim, sim.shop.next()).transaction.out_trade_no == number


def test_wrong_amount_is_genuine_and_for_the_caller_to_see(sim: Sim) -> None:
    sim.state.inject(FaultKind.WRONG_AMOUNT, times=1)
    _paid(sim)

    assert _parse(sim, sim.shop.next()).transaction.amount_fen == 3901


def test_duplicates_are_separate_events_of_one_fact(sim: Sim) -> None:
    sim.state.inject(FaultKind.DUPLICATE, value=2)
    _paid(sim)

    found = [_parse(sim, sim.shop.next()) for _ in range(3)]

    assert len({notice.event_id for notice in found}) == 3
    assert len({notice.transaction.transaction_id for notice in found}) == 1


def test_dropped_try_is_lost_and_delayed_news_wait(sim: Sim) -> None:
    sim.state.inject(FaultKind.DROP, times=1)
    number = _paid(sim)
    _wait_for(sim, lambda: _tries(sim, number) == [0])
    assert sim.shop.received.empty()
    sim.advance(seconds=15)
    assert _parse(sim, sim.shop.next())

    sim.state.inject(FaultKind.DELAY, times=1, value=40)
    later = _paid(sim)
    assert notices.of_order(sim.state, later)[0].next_at > sim.clock()
    sim.advance(seconds=41)
    assert _parse(sim, sim.shop.next()).transaction.out_trade_no == later


def test_reordered_payment_comes_after_its_refund(sim: Sim) -> None:
    sim.state.inject(FaultKind.REORDER, times=1)
    order = sim.order()
    sim.client().create_native(order)
    orders.pay(sim.state, order.out_trade_no)
    sim.client().refund(sim.refund_of(order))
    sim.advance(seconds=3)

    kinds = [sim.shop.next().event_type for _ in range(2)]

    assert kinds == ["REFUND.SUCCESS", "TRANSACTION.SUCCESS"]


def test_faults_can_strike_one_order_alone(sim: Sim) -> None:
    first, second = sim.order(), sim.order()
    for order in (first, second):
        sim.client().create_native(order)
    sim.state.inject(FaultKind.DELAY, scope=first.out_trade_no, value=600)

    orders.pay(sim.state, first.out_trade_no)
    orders.pay(sim.state, second.out_trade_no)

    assert _parse(sim, sim.shop.next()).transaction.out_trade_no == second.out_trade_no
    assert sim.shop.received.empty()


def test_money_can_arrive_after_a_close(sim: Sim) -> None:
    client, order = sim.client(), sim.order()
    client.create_native(order)
    sim.state.inject(FaultKind.PAY_AFTER_CLOSE, times=1)

    assert client.close(order.out_trade_no) is CloseResult.CLOSED
    sim.advance(seconds=4)

    assert _parse(sim, sim.shop.next()).transaction.out_trade_no == order.out_trade_no
    assert client.query_by_out_trade_no(order.out_trade_no).state is TradeState.SUCCESS


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        (FaultKind.REFUND_ABNORMAL, "REFUND.ABNORMAL"),
        (FaultKind.REFUND_CLOSED, "REFUND.CLOSED"),
    ],
)
def test_refunds_can_end_badly(sim: Sim, kind: FaultKind, event: str) -> None:
    number = _paid(sim)
    sim.shop.next()
    sim.state.inject(kind, times=1)
    sim.control("POST", f"orders/{number}/refund", {"amount_fen": 3900})
    sim.advance(seconds=3)

    assert sim.shop.next().event_type == event


def test_seed_repeats_the_dice(sim: Sim) -> None:
    def strikes() -> list[bool]:
        sim.state.reset()
        sim.state.set_setting("seed", 7)
        sim.state.inject(FaultKind.DROP, chance=50)
        return [sim.state.take_fault(FaultKind.DROP, "X") is not None for _ in range(32)]

    first = strikes()

    assert first == strikes()
    assert 0 < sum(first) < 32


def test_notification_log_can_send_again(sim: Sim) -> None:
    number = _paid(sim)
    sim.shop.next()
    _wait_for(sim, lambda: _tries(sim, number) == [204])
    shown = sim.control("GET", f"notifications?out_trade_no={number}").json()["notifications"]
    assert shown[0]["tries"][0]["status"] == 204

    sim.control("POST", f"notifications/{shown[0]['id']}/resend")

    assert _parse(sim, sim.shop.next()).transaction.out_trade_no == number
