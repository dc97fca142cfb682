"""Rivals for one archive, one account, one batch."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from clinic.accounts.models import User
from clinic.core.clock import now
from clinic.core.errors import ClinicError
from clinic.core.ids import uuid7
from clinic.privacy.enums import BatchAct
from clinic.privacy.models import BatchItem, DataExport
from clinic.privacy.services import batches, exports, leaving
from clinic.privacy.services.leaving import let_go
from payments.errors import PayerGoneError
from payments.models import PaymentOrder
from payments.selectors.prices import Price
from payments.services.orders import create_order
from tests.cast import Member
from tests.doctors.rivals import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_of_rivals_who_ask_for_an_archive_one_gets_it(lin: Member) -> None:
    def ask(_number: int) -> str:
        try:
            exports.ask_for_export(actor=lin.actor, now=now())
        except ClinicError as error:
            return error.code
        return "asked"

    assert sorted(together(4, ask)) == ["asked", *["export_open"] * 3]
    assert DataExport.objects.count() == 1


def test_of_rivals_who_build_and_who_fetch_one_does(lin: Member, ge: Member) -> None:
    export = exports.ask_for_export(actor=lin.actor, now=now())
    assert sorted(together(3, lambda _n: exports.build_export(export.pk))) == [False, False, True]
    token = exports.renew_token(export=export, actor=lin.actor, now=now())

    def fetch(_number: int) -> str:
        try:
            exports.fetch_export(export=export, token=token, actor=lin.actor, now=now()).close()
        except ClinicError as error:
            return error.code
        return "fetched"

    assert sorted(together(4, fetch)) == [*["export_not_ready"] * 3, "fetched"]


def order_of(member: Member) -> PaymentOrder:
    return create_order(
        payer_id=member.user.pk,
        subject_kind="test",
        subject_public_id=uuid7(),
        price=Price(amount_fen=100, source="global", rule_id=None),
        title="图文问诊",
        expires_at=now(),
        actor=member.actor,
    )


def test_an_order_beside_the_removal_is_refused_or_keeps_the_account(
    lin: Member, an: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The removal looks, and the order comes between looking and removing: it waits, and fails."""
    looked, gone = threading.Event(), threading.Event()
    real = leaving.obstacles_of

    def slowly(account: User) -> list[str]:
        found = real(account)
        looked.set()
        assert not gone.wait(0.3), "the order did not wait"
        return found

    monkeypatch.setattr(leaving, "obstacles_of", slowly)

    def act(number: int) -> str:
        if number == 0:
            let_go(lin.user.pk, by=an.actor, now=now())
            return "removed"
        looked.wait(10)
        try:
            order_of(lin)
        except Exception as error:  # noqa: BLE001 the constraint's error, as the API sees it
            return _code(error)
        finally:
            gone.set()
        return "ordered"

    assert together(2, act) == ["removed", PayerGoneError.code]
    assert not PaymentOrder.objects.exists()


def test_a_removal_beside_an_order_waits_and_sees_it(lin: Member, an: Member) -> None:
    stored = threading.Event()

    def act(number: int) -> str:
        if number == 0:
            with transaction.atomic():
                order_of(lin)
                stored.set()
                connection.cursor().execute("SELECT pg_sleep(0.2)")
            return "ordered"
        stored.wait(10)
        try:
            let_go(lin.user.pk, by=an.actor, now=now())
        except ClinicError as error:
            return error.code
        return "removed"

    assert together(2, act) == ["ordered", "open_matters"]
    assert User.objects.get(pk=lin.user.pk).phone == lin.user.phone


def test_workers_share_a_batch_and_handle_each_account_once(
    an: Member, lin: Member, ge: Member
) -> None:
    batches.order_batch(act=BatchAct.ANONYMISE, accounts=[lin.public_id, ge.public_id], by=an.actor)

    done = together(3, lambda _n: batches.work_batches())

    assert sum(done) == 2
    assert set(BatchItem.objects.values_list("state", flat=True)) == {"done"}


def _code(error: Any) -> str:
    from clinic.core.constraints import translate

    return translate(error).code
