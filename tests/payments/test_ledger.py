"""The ledger's promises are the database's, whoever writes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from clinic.core.clock import now
from clinic.core.ids import uuid7
from payments.enums import AccountKind, TransactionKind
from payments.models import LedgerAccount, LedgerPosting, LedgerTransaction, PaymentOrder
from payments.selectors.ledger import balance_of
from payments.selectors.prices import Price
from payments.services.ledger import Leg, account, book
from payments.services.orders import create_order
from tests.cast import Member


@pytest.fixture
def order(lin: Member) -> PaymentOrder:
    """An order to book for."""
    return create_order(
        payer_id=lin.user.pk,
        subject_kind="test",
        subject_public_id=uuid7(),
        price=Price(amount_fen=1000, source="global"),
        title="Text consultation",
        expires_at=now() + timedelta(minutes=30),
        actor=lin.actor,
    )


def top_up(order: PaymentOrder, member: Member, amount: int, key: str = "t1") -> None:
    legs = [
        Leg(AccountKind.GATEWAY, "m", -amount),
        Leg(AccountKind.WALLET, member.public_id, amount),
    ]
    book(key=key, kind=TransactionKind.TOP_UP, order=order, legs=legs)


def check_now() -> None:
    connection.check_constraints()


def test_a_booking_moves_the_balance_and_numbers_it(order: PaymentOrder, lin: Member) -> None:
    top_up(order, lin, 700)
    top_up(order, lin, 300, "t2")

    check_now()
    assert balance_of(lin.public_id) == 1000
    rows = LedgerPosting.objects.filter(account__kind="wallet").order_by("pk")
    assert [(row.sequence, row.balance_after_fen) for row in rows] == [(1, 700), (2, 1000)]


def test_a_booking_between_known_accounts_takes_one_round_trip(
    order: PaymentOrder, lin: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    top_up(order, lin, 700)

    with django_assert_num_queries(1):
        top_up(order, lin, 300, "t2")
    check_now()


def test_two_legs_on_one_account_both_count(order: PaymentOrder, lin: Member) -> None:
    wallet = AccountKind.WALLET
    gateway = Leg(AccountKind.GATEWAY, "m", -300)
    legs = [Leg(wallet, lin.public_id, 100), gateway, Leg(wallet, lin.public_id, 200)]

    book(key="t1", kind=TransactionKind.TOP_UP, order=order, legs=legs)

    check_now()
    assert balance_of(lin.public_id) == 300


def test_a_key_books_once(order: PaymentOrder, lin: Member) -> None:
    top_up(order, lin, 700)

    with pytest.raises(IntegrityError), transaction.atomic():
        top_up(order, lin, 700)
    assert balance_of(lin.public_id) == 700


def test_a_balance_never_falls_below_zero(order: PaymentOrder, lin: Member) -> None:
    top_up(order, lin, 700)

    with pytest.raises(IntegrityError, match="wallet_not_overdrawn"), transaction.atomic():
        top_up(order, lin, -701, "t2")
    assert balance_of(lin.public_id) == 700


def book_raw(order: PaymentOrder, wallet: LedgerAccount, *amounts: int) -> None:
    with transaction.atomic():
        booking = LedgerTransaction.objects.create(key="x", kind="payment", order=order)
        add_legs(booking, wallet, *amounts)


def add_legs(booking: LedgerTransaction, wallet: LedgerAccount, *amounts: int) -> None:
    with transaction.atomic():
        for amount in amounts:
            LedgerPosting.objects.create(transaction=booking, account=wallet, amount_fen=amount)
        check_now()


@pytest.mark.parametrize("amounts", [(), (5,), (5, 5)])
def test_unbalanced_single_and_empty_bookings_are_refused(
    order: PaymentOrder, lin: Member, amounts: tuple[int, ...]
) -> None:
    wallet = account(AccountKind.WALLET, lin.public_id)

    with pytest.raises(IntegrityError, match="legs"):
        book_raw(order, wallet, *amounts)


def test_a_leg_added_later_is_refused(order: PaymentOrder, lin: Member) -> None:
    top_up(order, lin, 700)
    check_now()

    with pytest.raises(IntegrityError, match="legs"):
        add_legs(LedgerTransaction.objects.get(), account(AccountKind.WALLET, lin.public_id), 100)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_ledgerposting SET amount_fen = 1",
        "DELETE FROM payments_ledgerposting",
        "UPDATE payments_ledgertransaction SET key = 'y'",
        "DELETE FROM payments_ledgertransaction",
        "DELETE FROM payments_ledgeraccount",
        "UPDATE payments_ledgeraccount SET balance_fen = 9 WHERE kind = 'wallet'",
        "UPDATE payments_ledgeraccount SET code = 'z' WHERE kind = 'wallet'",
        "UPDATE payments_ledgeraccount SET balance_fen = 0 WHERE kind = 'gateway'",
        (
            "INSERT INTO payments_ledgeraccount"
            " (code, kind, balance_fen, last_sequence, created_at)"
            " VALUES ('wallet:q', 'wallet', 5, 0, now())"
        ),
        "SET LOCAL clinic.may_truncate = 'off'; TRUNCATE payments_ledgerposting",
    ],
)
def test_history_and_balances_cannot_be_written_by_hand(
    order: PaymentOrder, lin: Member, statement: str
) -> None:
    top_up(order, lin, 700)
    check_now()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert balance_of(lin.public_id) == 700


def test_only_wallets_keep_a_balance(order: PaymentOrder, lin: Member) -> None:
    top_up(order, lin, 700)

    kept = LedgerAccount.objects.exclude(balance_fen=None)
    assert [row.kind for row in kept] == ["wallet"]


def test_behind_a_pooler_a_booking_without_an_order_is_made(db: None) -> None:
    legs = [Leg(AccountKind.GATEWAY, "m", 500), Leg(AccountKind.BANK, "clinic", -500)]

    with override_settings(PREPARES_STATEMENTS=False):
        book(key="s1", kind=TransactionKind.SETTLEMENT, order=None, legs=legs)

    check_now()
    assert LedgerTransaction.objects.get(key="s1").order_id is None
