"""The control API that tests and the demo use."""

from tests.simulator.support import Sim


def test_orders_are_listed_paid_declined_and_expired_by_number(sim: Sim) -> None:
    first, second, third = (sim.order() for _ in range(3))
    for order in (first, second, third):
        sim.client().create_native(order)

    paid = sim.control("POST", f"orders/{first.out_trade_no}/pay").json()
    declined = sim.control("POST", f"orders/{second.out_trade_no}/decline").json()
    expired = sim.control("POST", f"orders/{third.out_trade_no}/expire").json()

    assert [o["state"] for o in (paid, declined, expired)] == ["SUCCESS", "PAYERROR", "CLOSED"]
    assert sim.control("POST", f"orders/{first.out_trade_no}/pay").json()["code"] == "ORDERPAID"
    late = sim.control("POST", f"orders/{third.out_trade_no}/pay", {"late": True}).json()
    assert late["state"] == "SUCCESS"
    listed = sim.control("GET", "orders?state=SUCCESS").json()["orders"]
    assert {o["out_trade_no"] for o in listed} == {first.out_trade_no, third.out_trade_no}
    assert listed[0]["code_url"].startswith("weixin://")


def test_refunds_settle_as_told(sim: Sim) -> None:
    order = sim.order()
    sim.client().create_native(order)
    sim.control("POST", f"orders/{order.out_trade_no}/pay")
    sim.client().refund(sim.refund_of(order))

    settle = f"refunds/R{order.out_trade_no}/settle"
    assert sim.control("POST", settle, {"status": "ABNORMAL"}).json()["state"] == "ABNORMAL"
    assert sim.control("POST", settle, {"status": "SUCCESS"}).json()["state"] == "SUCCESS"
    assert sim.control("POST", settle, {"status": "CLOSED"}).status_code == 400
    outside = sim.control("POST", f"orders/{order.out_trade_no}/refund", {"amount_fen": 2900})
    assert outside.json()["amount_fen"] == 2900
    more = sim.control("POST", f"orders/{order.out_trade_no}/refund", {"amount_fen": 1})
    assert more.status_code == 400

    kinds = [sim.shop.next().event_type for _ in range(3)]
    assert sorted(kinds) == ["REFUND.ABNORMAL", "REFUND.SUCCESS", "TRANSACTION.SUCCESS"]


def test_accounts_are_paid_out_as_far_as_they_hold(sim: Sim) -> None:
    order = sim.order()
    sim.client().create_native(order)
    sim.control("POST", f"orders/{order.out_trade_no}/pay")

    assert sim.control("GET", "accounts").json() == {"wechat": 3877, "alipay": 0}
    assert sim.control("POST", "accounts/wechat/payout", {"amount_fen": 3878}).status_code == 400
    assert sim.control("POST", "accounts/wechat/payout").json()["amount_fen"] == 3877
    assert sim.control("POST", "accounts/wechat/payout").status_code == 400
    assert sim.control("POST", "accounts/nobody/payout").status_code == 404
    assert sim.control("GET", "accounts").json() == {"wechat": 0, "alipay": 0}


def test_faults_and_settings_are_set_listed_and_removed(sim: Sim) -> None:
    fault = sim.control("POST", "faults", {"kind": "drop", "times": 2}).json()

    assert sim.control("GET", "faults").json()["faults"] == [fault]
    assert sim.control("DELETE", f"faults/{fault['id']}").json() == {"removed": 1}
    assert sim.control("POST", "faults", {"kind": "nonsense"}).status_code == 400
    assert sim.control("POST", "faults", {"kind": "drop", "times": "x"}).status_code == 400
    assert sim.control("POST", "settings", {"time_factor": 600}).json()["time_factor"] == 600
    assert sim.control("POST", "settings", {"time_factor": 0}).status_code == 400
    assert sim.control("POST", "settings", {"nonsense": 1}).status_code == 400
    assert sim.control("POST", "reset").json() == {"ok": True}
    assert sim.control("GET", "settings").json()["time_factor"] == 1


def test_only_the_token_opens_it(sim: Sim) -> None:
    for token in ("", "wrong", "ä"):
        answer = sim.http.post(
            f"{sim.base_url}/control/reset", headers={"X-Control-Token": token.encode("latin-1")}
        )
        assert answer.status_code == 401


def test_unknown_calls_and_bodies_are_refused(sim: Sim) -> None:
    assert sim.control("GET", "nothing").status_code == 404
    assert sim.control("GET", "orders/NOSUCH").status_code == 404
    assert sim.control("POST", "settings", [1]).status_code == 400
    assert sim.control("POST", "notifications/nothing/resend").status_code == 404


def test_trades_of_alipay_are_scanned_and_finished_by_number(sim: Sim) -> None:
    trade = sim.trade()
    sim.alipay().precreate(trade)
    base = f"orders/{trade.out_trade_no}"

    scanned = sim.control("POST", f"{base}/scan").json()
    refused = sim.control("POST", f"{base}/finish")
    sim.control("POST", f"{base}/pay")
    finished = sim.control("POST", f"{base}/finish").json()

    assert (scanned["is_scanned"], scanned["gateway"]) == (True, "alipay")
    assert scanned["code_url"].startswith("https://qr.alipay.com/")
    assert refused.status_code == 400
    assert finished["state"] == "FINISHED"


def test_two_attempts_of_one_order_can_both_be_paid(sim: Sim) -> None:
    first, second = sim.order(), sim.order()
    for order in (first, second):
        sim.client().create_native(order)
    sim.client().close(first.out_trade_no)

    sim.control("POST", f"orders/{second.out_trade_no}/pay")
    late = sim.control("POST", f"orders/{first.out_trade_no}/pay", {"late": True})

    assert late.json()["state"] == "SUCCESS"
    assert {sim.shop.next().event_type for _ in range(2)} == {"TRANSACTION.SUCCESS"}


def test_keys_change_by_kind_alone(sim: Sim) -> None:
    assert sim.control("POST", "keys/rotate", {"kind": "nonsense"}).status_code == 400
    made = sim.control("POST", "keys/rotate", {"kind": "public_key"}).json()

    assert made["id"].startswith("PUB_KEY_ID_")
    assert "PRIVATE" not in made["public_pem"]
