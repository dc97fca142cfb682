"""Rivals for one archive, one account, one batch."""

import threading
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction

from clinic.accounts.models import User
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.errors import ClinicError
from clinic.core.ids import uuid7
from clinic.core.roles import Role
from clinic.privacy.enums import BatchAct, EmergencyReason
from clinic.privacy.models import AccountBatch, BatchItem, DataExport
from clinic.privacy.services import batches, emergency, exports, leaving
from clinic.privacy.services.leaving import let_go
from clinic.settings import rules
from payments.errors import PayerGoneError
from payments.models import PaymentOrder
from payments.selectors.prices import Price
from payments.services.orders import create_order
from tests.cast import Member, make_member
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
    export = exports.ask_for_export(actor=ge.actor, now=now())
    assert sorted(together(3, lambda _n: exports.build_export(export.pk))) == [False, False, True]

    assert fetched_by_rivals(lin) == [*["export_not_ready"] * 3, "fetched"]


def fetched_by_rivals(lin: Member) -> list[str]:
    """Let four ask with one code for one archive at once; return what each was told."""
    export = exports.ask_for_export(actor=lin.actor, now=now())
    exports.build_export(export.pk)
    token = exports.renew_token(export=export, actor=lin.actor, now=now())

    def fetch(_number: int) -> str:
        try:
            exports.fetch_export(export=export, token=token, actor=lin.actor, now=now()).close()
        except ClinicError as error:
            return error.code
        return "fetched"

    return sorted(together(4, fetch))


def test_without_the_lock_several_fetch_one_archive(
    lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = threading.Barrier(4)

    def look(export_id: int, account_id: int) -> DataExport:
        found = DataExport.objects.get(pk=export_id, account_id=account_id)
        looked.wait(20)
        return found

    monkeypatch.setattr(exports, "_locked", look)

    assert fetched_by_rivals(lin).count("fetched") > 1


def emergencies_of_rivals(bao: Member, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let one person open four patients at once, of whom two are allowed; return the answers."""
    monkeypatch.setattr(rules, "EMERGENCIES_A_DAY", 2)
    people = [make_member(f"患者{number}", Role.PATIENT) for number in range(4)]

    def read(number: int) -> str:
        try:
            emergency.open_emergency(
                actor=bao.actor,
                whom=str(people[number].public_id),
                reason=EmergencyReason.DANGER,
                words="电话里昏迷，需要过敏史",
                now=now(),
            )
        except ClinicError as error:
            return error.code
        return "opened"

    return sorted(together(4, read))


def test_one_person_never_opens_more_in_a_day_than_allowed(
    bao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert emergencies_of_rivals(bao, monkeypatch) == [*["emergency_limit"] * 2, *["opened"] * 2]


def test_without_the_lock_the_limit_of_emergencies_does_not_hold(
    bao: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, real = threading.Barrier(4), emergency._check_limit

    def slowly(actor: Actor, moment: datetime) -> None:
        real(actor, moment)
        counted.wait(20)

    monkeypatch.setattr(emergency, "_lock_reader", lambda _actor: None)
    monkeypatch.setattr(emergency, "_check_limit", slowly)

    assert emergencies_of_rivals(bao, monkeypatch).count("opened") > 2


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


def test_without_the_lock_two_workers_handle_one_account(
    an: Member, lin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches.order_batch(
        act=BatchAct.DEACTIVATE, accounts=[lin.public_id], by=an.actor, reason="left"
    )
    met = threading.Barrier(2)

    def look(batch: AccountBatch) -> BatchItem | None:
        pending = BatchItem.objects.filter(batch=batch, state="pending")
        found = pending.select_related("account").first()
        if found is not None:
            met.wait(20)
        return found

    monkeypatch.setattr(batches, "_next_item", look)

    assert sum(together(2, lambda _n: batches.work_batches())) == 2


def _code(error: Any) -> str:
    from clinic.core.constraints import translate

    return translate(error).code
