"""Money without an order is moved on when two people know what it was."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from clinic.core.clock import clinic_day, now
from clinic.core.errors import ClinicError
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from payments.enums import AccountKind, BillKind, ClearingTarget, Provider, Verdict
from payments.models import (
    LedgerTransaction,
    MerchantConfig,
    ReconciliationItem,
    ReconciliationRun,
    SuspenseClearing,
)
from payments.selectors.ledger import total_of
from payments.services.clearings import confirm_clearing, propose_clearing
from payments.services.movements import confirm_booking, propose_booking
from tests.cast import Member, make_member
from tests.payments.test_races import together
from tests.payments.test_staff_money import browser, step

Breaches = Callable[[], list[str]]
ITEMS = "admin:payments_reconciliationitem_changelist"


def _movement(amount_fen: int) -> ReconciliationItem:
    merchant = MerchantConfig.objects.create(
        provider=Provider.WECHAT_V3,
        name="merchant",
        merchant_number=f"19{MerchantConfig.objects.count():08}",
        app_id="wx1",
        secret_reference="none",
    )
    run = ReconciliationRun.objects.create(merchant=merchant, bill_date=clinic_day(now()))
    return ReconciliationItem.objects.create(
        run=run,
        kind=BillKind.MOVEMENT,
        verdict=Verdict.UNEXPLAINED,
        number="moved-first",
        gateway_fen=amount_fen,
    )


def _booked(amount_fen: int, first: Member, second: Member) -> ReconciliationItem:
    item = _movement(amount_fen)
    propose_booking(item.pk, actor=first.actor)
    return confirm_booking(item.pk, actor=second.actor)


@pytest.fixture
def fang(db: None) -> Member:
    """Finance."""
    return make_member("方财", Role.FINANCE, is_staff=True)


@pytest.fixture
def geng(db: None) -> Member:
    """The second person of finance."""
    return make_member("耿财", Role.FINANCE, is_staff=True)


def _waits(client: Client) -> bool:
    return "moved-first" in client.get(reverse(ITEMS), {"apart": "yes"}).content.decode()


def test_two_people_move_money_without_an_order_to_what_it_was(
    fang: Member, geng: Member, breaches: Breaches
) -> None:
    item = _booked(-100, fang, geng)
    assert total_of(AccountKind.SUSPENSE, "clinic") == -100

    step(fang, item, "explain", target="fee", reason="a fee of the complaint of May")
    twice = step(geng, item, "explain", target="bank", reason="another idea")
    clearing = SuspenseClearing.objects.get()
    own = step(fang, clearing, "confirm")
    before = total_of(AccountKind.SUSPENSE, "clinic"), _waits(browser(fang))
    step(geng, clearing, "confirm")

    assert "does not wait for an explanation" in twice.content.decode()
    assert "Another member of staff" in own.content.decode()
    assert (before, _waits(browser(fang))) == ((-100, True), False)
    assert total_of(AccountKind.SUSPENSE, "clinic") == 0
    assert total_of(AccountKind.FEE, "clinic") == -100
    clearing.refresh_from_db()
    assert (clearing.state, clearing.decided_by) == ("confirmed", geng.user)
    acts = AuditEntry.objects.filter(verb__startswith="movement.clear").order_by("pk")
    assert list(acts.values_list("verb", flat=True)) == ["movement.clear_propose", "movement.clear"]
    assert breaches() == []


def test_an_explanation_that_is_not_accepted_leaves_the_money_where_it_is(
    fang: Member, geng: Member, breaches: Breaches
) -> None:
    item = _booked(250, fang, geng)
    step(fang, item, "explain", target="income", reason="a gift")

    step(geng, SuspenseClearing.objects.get(), "reject", reason="it came from the bank")
    step(geng, SuspenseClearing.objects.get(), "confirm")
    between = total_of(AccountKind.SUSPENSE, "clinic")
    step(geng, item, "explain", target="bank", reason="paid in by mistake")
    step(fang, SuspenseClearing.objects.latest("pk"), "confirm")

    assert between == 250
    assert list(SuspenseClearing.objects.order_by("pk").values_list("state", flat=True)) == [
        "rejected",
        "confirmed",
    ]
    kinds = AccountKind.SUSPENSE, AccountKind.INCOME, AccountKind.BANK
    totals = [total_of(kind, "clinic") for kind in kinds]
    assert totals == [0, 0, 250]
    assert breaches() == []


def test_only_what_stands_in_suspense_is_explained(fang: Member, geng: Member) -> None:
    item = _movement(100)
    words = {"target": ClearingTarget.FEE, "why": "a guess", "actor": fang.actor}

    with pytest.raises(ClinicError, match="nothing_to_clear"):
        propose_clearing(item.pk, **words)
    step(fang, item, "resolve", reason="booked as money without an order")
    with pytest.raises(ClinicError, match="nothing_to_clear"):
        propose_clearing(item.pk, **words)

    page = step(fang, item, "explain", target="wallet", reason="mine")
    assert "wallet is not one of the available choices" in page.content.decode()
    assert not SuspenseClearing.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_who_confirm_at_once_one_moves_the_money(breaches: Breaches) -> None:
    fang, geng = (make_member(name, Role.FINANCE, is_staff=True) for name in ("方财", "耿财"))
    item = _booked(-100, fang, geng)
    words = {"target": ClearingTarget.FEE, "why": "a fee"}
    proposed = together(4, lambda _n: propose_clearing(item.pk, actor=fang.actor, **words).state)
    clearing = SuspenseClearing.objects.get()

    confirmed = together(4, lambda _n: confirm_clearing(clearing.pk, actor=geng.actor).state)

    assert proposed == Counter({"waiting": 1, "nothing_to_clear": 3})
    assert confirmed == Counter({"confirmed": 1, "claim_decided": 3})
    assert LedgerTransaction.objects.filter(kind="suspense_cleared").count() == 1
    assert total_of(AccountKind.SUSPENSE, "clinic") == 0
    assert breaches() == []
