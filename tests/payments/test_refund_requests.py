"""Payers ask for their money, staff decide."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.core.errors import ClinicError
from clinic.core.masking import mask_name, mask_phone
from clinic.core.roles import Role
from clinic.settings import rules
from payments.models import PaymentOrder, Refund, RefundRequest
from payments.services.refund_requests import ask_for_refund, grant_request, refuse_request
from payments.services.refunds import approve_refund, reject_refund
from tests.cast import Member, make_member
from tests.payments.conftest import get, give_balance, make_order, post

Breaches = Callable[[], list[str]]


@pytest.fixture
def fang(db: None) -> Member:
    """Finance."""
    return make_member("方财", Role.FINANCE, is_staff=True)


def paid(payer: Member, amount_fen: int = 3900) -> PaymentOrder:
    give_balance(payer, amount_fen)
    order = make_order(payer, amount_fen)
    assert post(payer, f"orders/{order.public_id}/pay", {"method": "balance"}).status_code == 200
    return order


def ask(payer: Member, order: PaymentOrder, **body: Any) -> Any:
    return post(payer, f"orders/{order.public_id}/refund-requests", body)


def test_a_request_moves_nothing_until_staff_grant_it(
    db: None, lin: Member, fang: Member, breaches: Breaches
) -> None:
    order = paid(lin)

    answer = ask(lin, order, amount_fen=900)

    assert (answer.status_code, answer.json()["state"]) == (201, "waiting")
    assert not Refund.objects.exists()
    grant_request(RefundRequest.objects.get().pk, actor=fang.actor)
    order.refresh_from_db()
    assert order.refunded_fen == 900
    refund = Refund.objects.get()
    assert (refund.source, refund.reason, refund.status) == ("patient", "asked_for", "succeeded")
    listed = get(lin, f"orders/{order.public_id}/refund-requests").json()["results"]
    assert [row["state"] for row in listed] == ["granted"]
    assert breaches() == []


def test_a_large_request_still_needs_a_second_person(
    db: None, lin: Member, fang: Member, an: Member
) -> None:
    order = paid(lin, rules.STAFF_REFUND_LIMIT_FEN + 1)
    ask(lin, order)

    refund = grant_request(RefundRequest.objects.get().pk, actor=fang.actor)

    assert refund.status == "requested"
    with pytest.raises(ClinicError, match="second_person_required"):
        approve_refund(refund.pk, actor=fang.actor)
    assert approve_refund(refund.pk, actor=an.actor).status == "succeeded"


def test_a_refused_request_can_be_made_again_and_each_is_decided_once(
    db: None, lin: Member, fang: Member
) -> None:
    order = paid(lin)
    ask(lin, order)
    request = RefundRequest.objects.get()

    assert ask(lin, order).json()["code"] == "refund_already_requested"
    refuse_request(request.pk, actor=fang.actor, reason="the service was given")
    for decide in (
        lambda: refuse_request(request.pk, actor=fang.actor, reason="again"),
        lambda: grant_request(request.pk, actor=fang.actor),
    ):
        with pytest.raises(ClinicError, match="refund_request_decided"):
            decide()

    assert ask(lin, order).status_code == 201
    assert not Refund.objects.exists()


def told(payer: Member) -> list[tuple[str, str]]:
    return [(row["kind"], row["subject_id"]) for row in get(payer, "notices").json()["results"]]


def test_a_payer_whose_request_is_refused_is_told_once(db: None, lin: Member, fang: Member) -> None:
    order = paid(lin)
    ask(lin, order, amount_fen=900)
    request = RefundRequest.objects.get()

    refuse_request(request.pk, actor=fang.actor, reason="the service was given")
    with pytest.raises(ClinicError, match="refund_request_decided"):
        refuse_request(request.pk, actor=fang.actor, reason="again")

    assert told(lin) == [("refund_refused", str(order.public_id))]
    notice = get(lin, "notices").json()["results"][0]
    assert "9.00" in notice["body"]
    assert "the service" not in notice["body"]  # the reason stays with staff


def test_a_payer_is_told_when_the_second_person_gives_a_granted_refund_up(
    db: None, lin: Member, fang: Member, an: Member
) -> None:
    order = paid(lin, rules.STAFF_REFUND_LIMIT_FEN + 1)
    ask(lin, order)
    refund = grant_request(RefundRequest.objects.get().pk, actor=fang.actor)

    reject_refund(refund.pk, actor=an.actor, reason="not this one")

    assert told(lin) == [("refund_refused", str(order.public_id))]


def test_staff_never_decide_alone_on_money_of_their_own(
    db: None, an: Member, breaches: Breaches
) -> None:
    ill = make_member("许财", Role.FINANCE, Role.PATIENT, is_staff=True)
    orders = [paid(ill), paid(ill, rules.STAFF_REFUND_LIMIT_FEN + 1)]
    small, large = (ask_for_refund(row.pk, amount_fen=None, actor=ill.actor) for row in orders)

    own = grant_request(small.pk, actor=ill.actor)
    colleagues = grant_request(large.pk, actor=an.actor)

    for refund in (own, colleagues):
        assert refund.status == "requested"
        with pytest.raises(ClinicError, match="second_person_required"):
            approve_refund(refund.pk, actor=ill.actor)
    assert approve_refund(own.pk, actor=an.actor).status == "succeeded"
    assert breaches() == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"amount_fen": 3901}, 409, "refund_too_large"),
        ({"amount_fen": 0}, 400, "invalid_input"),
        ({"amount_fen": -1}, 400, "invalid_input"),
        ({"amount_fen": "x"}, 400, "invalid_input"),
        ({"amount_fen": 10**12}, 400, "invalid_input"),
    ],
)
def test_odd_amounts_are_refused(
    db: None, lin: Member, body: dict[str, Any], status: int, code: str
) -> None:
    answer = ask(lin, paid(lin), **body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not RefundRequest.objects.exists()


def test_nothing_is_asked_of_an_unpaid_a_returned_or_an_old_order(
    db: None, lin: Member, fang: Member
) -> None:
    unpaid, returned, old = make_order(lin), paid(lin), paid(lin)
    ask(lin, returned)
    grant_request(RefundRequest.objects.get().pk, actor=fang.actor)
    old.refresh_from_db()
    assert old.paid_at is not None
    long_ago = old.paid_at - rules.REFUND_ASK_WITHIN - timedelta(minutes=1)
    PaymentOrder.objects.filter(pk=old.pk).update(paid_at=long_ago)

    codes = [ask(lin, order).json()["code"] for order in (unpaid, returned, old)]

    assert codes == ["nothing_to_refund", "nothing_to_refund", "refund_too_late"]


def test_only_the_payer_asks(db: None, lin: Member, fang: Member) -> None:
    order = paid(lin)
    ge, doctor = make_member("葛明", Role.PATIENT), make_member("沈一鸣", Role.DOCTOR)

    assert ask(ge, order).status_code == 404
    assert ask(doctor, order).status_code == 403
    assert ask(fang, order).status_code == 403
    path = f"orders/{order.public_id}/refund-requests"
    assert [get(member, path).status_code for member in (ge, doctor, fang)] == [404, 403, 200]


def test_the_console_grants_and_refuses(
    db: None, lin: Member, fang: Member, client: Client
) -> None:
    first = ask_for_refund(paid(lin).pk, amount_fen=None, actor=lin.actor)
    second = ask_for_refund(paid(lin).pk, amount_fen=None, actor=lin.actor)
    client.force_login(fang.user)

    for row, step, fields in ((first, "grant", {}), (second, "refuse", {"reason": "given"})):
        address = reverse("admin:payments_refundrequest_step", args=[row.pk, step])
        assert client.post(address, fields).status_code == 302

    assert client.get(reverse("admin:payments_refundrequest_changelist")).status_code == 200
    states = RefundRequest.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["granted", "refused"]


def test_a_payer_says_why_and_staff_read_it_beside_a_masked_payer(
    db: None, lin: Member, fang: Member, client: Client
) -> None:
    order = paid(lin)

    answer = ask(lin, order, reason="医生没有回复我")

    assert (answer.status_code, answer.json()["reason"]) == (201, "医生没有回复我")
    client.force_login(fang.user)
    row = RefundRequest.objects.get()
    for address in (
        reverse("admin:payments_refundrequest_changelist"),
        reverse("admin:payments_refundrequest_change", args=[row.pk]),
    ):
        page = client.get(address).content.decode()
        assert "医生没有回复我" in page
        assert f"{mask_name(lin.user.name)} · {mask_phone(lin.user.phone)}" in page
        assert str(lin.user.phone) not in page


@pytest.mark.parametrize("reason", ["字" * 301, "a\0b", ["no text"], None])
def test_odd_words_of_a_payer_are_refused(db: None, lin: Member, reason: Any) -> None:
    answer = ask(lin, paid(lin), reason=reason)

    assert answer.status_code == 400
    assert not RefundRequest.objects.exists()


def test_giving_money_back_asks_for_confirmation(
    db: None, lin: Member, fang: Member, an: Member, client: Client
) -> None:
    order = paid(lin, rules.STAFF_REFUND_LIMIT_FEN + 1)
    asked = ask_for_refund(order.pk, amount_fen=None, actor=lin.actor)

    def steps_of(member: Member, row: RefundRequest | Refund) -> dict[str, str]:
        client.force_login(member.user)
        kind = row._meta.model_name
        page = client.get(reverse(f"admin:payments_{kind}_change", args=[row.pk]))
        return {item["step"].name: str(item["step"].asks) for item in page.context["steps"]}

    assert steps_of(fang, asked)["grant"]
    refund = grant_request(asked.pk, actor=fang.actor)
    assert "approve" not in steps_of(fang, refund)
    assert steps_of(an, refund)["approve"]
