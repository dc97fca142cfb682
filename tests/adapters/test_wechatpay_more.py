"""APIv3 beyond the first channels: H5, App, moving keys, abnormal refunds, the spare host."""

from dataclasses import replace

import httpx2
import pytest

from clinic.adapters.errors import DefiniteError, TransientError, UnknownOutcomeError
from clinic.adapters.wechatpay import facts
from clinic.adapters.wechatpay.callbacks import CallbackRefused, parse_callback
from clinic.adapters.wechatpay.config import MerchantConfig
from clinic.adapters.wechatpay.types import BankCard, NewOrder, RefundStatus
from clinic.embedded.simulator import orders, platform, refunds
from clinic.embedded.simulator.crypto import is_signed_by
from clinic.embedded.simulator.model import Order, RefundState, SignedBy
from clinic.embedded.simulator.state import FaultKind
from tests.simulator.support import Sim


def _paid(sim: Sim, **config: object) -> NewOrder:
    order = sim.order()
    sim.client(**config).create_native(order)
    orders.pay(sim.state, order.out_trade_no)
    return order


def test_h5_address_opens_the_payment_page(sim: Sim) -> None:
    order = sim.order()

    prepay = sim.client().create_h5(order, "2001:db8::1")

    assert order.description in sim.http.get(prepay.h5_url).text
    with pytest.raises(DefiniteError, match="PARAM_ERROR"):
        sim.client().create_h5(sim.order(), "not an address")


def test_app_parameters_are_signed_over_four_lines(sim: Sim) -> None:
    client = sim.client()
    prepay = client.create_app(sim.order())

    params = client.app_client_params(prepay.prepay_id, nonce="NONCE")

    lines = (sim.keys.appid, params.time_stamp, "NONCE", prepay.prepay_id)
    message = "".join(f"{line}\n" for line in lines).encode()
    assert is_signed_by(sim.keys.merchant_certificate_pem, message, params.sign)
    assert params.as_client_dict()["partnerid"] == sim.keys.mchid


def test_both_kinds_of_keys_are_believed_during_a_migration(sim: Sim) -> None:
    sim.state.inject(FaultKind.OTHER_KEY, times=1)
    _paid(sim)
    other = sim.shop.next()
    _paid(sim)
    usual = sim.shop.next()

    serials = {received.headers["Wechatpay-Serial"] for received in (other, usual)}
    assert serials == {sim.keys.platform_key_id, sim.keys.certificate_serial}
    for received in (other, usual):
        assert parse_callback(sim.config(), received.headers, received.body, sim.clock())


def test_a_new_certificate_is_learned_by_asking_never_from_a_stranger(sim: Sim) -> None:
    config = sim.config(answer_key_id="")
    new = platform.rotate(sim.state, SignedBy.CERTIFICATE)
    _paid_in_certificate_mode(sim)
    received = sim.shop.next()

    with pytest.raises(CallbackRefused, match="unknown_serial"):
        parse_callback(config, received.headers, received.body, sim.clock())
    found = sim.client(answer_key_id="").platform_certificates()
    more = {**config.platform_keys, **{item.serial: item.pem for item in found}}

    assert {item.serial for item in found} == {sim.keys.certificate_serial, new.id}
    assert parse_callback(
        replace(config, platform_keys=more), received.headers, received.body, sim.clock()
    )


def _paid_in_certificate_mode(sim: Sim) -> None:
    order = sim.order()
    with pytest.raises(UnknownOutcomeError, match="unknown_serial"):
        sim.client(answer_key_id="").create_native(order)
    orders.pay(sim.state, order.out_trade_no)


def test_certificates_under_another_key_are_not_taken(sim: Sim) -> None:
    with pytest.raises(TransientError, match="ciphertext"):
        sim.client(apiv3_key="0" * 32).platform_certificates()


def test_a_forged_list_of_certificates_is_not_taken(sim: Sim) -> None:
    sim.state.inject(FaultKind.FORGED_ANSWER, operation="certificates", times=1)

    with pytest.raises(TransientError, match="signature refused"):
        sim.client(answer_key_id="").platform_certificates()


@pytest.mark.parametrize("kind", list(SignedBy))
def test_keys_change_from_the_control_page(sim: Sim, kind: SignedBy) -> None:
    answer = sim.control("POST", "keys/rotate", {"kind": kind.value}).json()
    known = {**sim.config().platform_keys, answer["id"]: answer["public_pem"]}
    order = sim.order()

    sim.client(platform_keys=known, answer_key_id=answer["id"]).create_native(order)
    orders.pay(sim.state, order.out_trade_no)
    received = sim.shop.next()

    assert received.headers["Wechatpay-Serial"] == answer["id"]
    config = sim.config(platform_keys=known)
    assert parse_callback(config, received.headers, received.body, sim.clock())


@pytest.mark.parametrize(
    "card", [None, BankCard(bank_type="ICBC_DEBIT", account="6222000000000000", holder="林小月")]
)
def test_an_abnormal_refund_goes_another_way(sim: Sim, card: BankCard | None) -> None:
    client, order = sim.client(), _paid(sim)
    refund = client.refund(sim.refund_of(order))
    refunds.settle(sim.state, refund.out_refund_no, RefundState.ABNORMAL)

    again = client.apply_abnormal_refund(refund.refund_id, refund.out_refund_no, card)
    sim.advance(seconds=3)

    assert again.status is RefundStatus.PROCESSING
    refunds.settle_due(sim.state)
    assert client.query_refund(refund.out_refund_no).status is RefundStatus.SUCCESS
    with pytest.raises(DefiniteError):
        client.apply_abnormal_refund(refund.refund_id, refund.out_refund_no, card)


def test_card_details_do_not_show(sim: Sim) -> None:
    card = BankCard(bank_type="ICBC_DEBIT", account="6222000000000000", holder="林小月")

    assert "6222" not in repr(card)
    assert "林" not in repr(card)


def test_the_spare_host_is_asked_when_no_connection_comes_about(sim: Sim) -> None:
    client = sim.client(base_url="http://127.0.0.1:9", spare_url=sim.base_url)

    assert client.create_native(sim.order()).code_url


@pytest.mark.parametrize("kind", [FaultKind.RESET_ANSWER, FaultKind.SLOW_ANSWER])
def test_the_spare_host_is_not_asked_after_something_was_sent(sim: Sim, kind: FaultKind) -> None:
    sim.state.inject(kind, operation="create", times=1)
    order = sim.order()
    with httpx2.Client(timeout=0.3, trust_env=False) as http:
        client = sim.client(spare_url=sim.base_url)
        client._http = http

        with pytest.raises(UnknownOutcomeError):
            client.create_native(order)

    assert len(sim.state.store.find(Order)) == 1
    assert sim.state.faults() == []


def test_the_real_host_has_a_spare_one(sim: Sim) -> None:
    config: MerchantConfig = sim.config(base_url=facts.PRIMARY_URL)

    assert config.hosts == (facts.PRIMARY_URL, facts.SPARE_URL)
    assert len(sim.config().hosts) == 1


def test_too_many_calls_mean_later(sim: Sim) -> None:
    sim.state.inject(FaultKind.RATE_LIMITED, operation="refund", times=1)

    with pytest.raises(TransientError):
        sim.client().refund(sim.refund_of(_paid(sim)))
