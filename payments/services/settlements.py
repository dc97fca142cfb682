"""Money that leaves a provider: his fees and what he paid out to the bank, a day at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from clinic.adapters.errors import NotExistError
from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.constraints import translate
from payments.enums import AccountKind, BillKind, MovementKind, TransactionKind, Verdict
from payments.gateways.registry import gateway_of
from payments.gateways.types import Movement
from payments.models import ReconciliationRun
from payments.selectors.bills import Settled, settled_of_day
from payments.services.bill_findings import note
from payments.services.ledger import CLINIC, Leg, book
from payments.services.provider_calls import outside_transaction


@dataclass
class _Sums:
    """Adds up a bill of movements as it passes."""

    run: ReconciliationRun
    bank_fen: int = 0
    fee_fen: int = 0

    def add(self, line: Movement) -> None:
        """Count one line; one that nobody can explain goes to the work list."""
        if line.kind == MovementKind.BANK:
            self.bank_fen -= line.amount_fen
        elif line.kind == MovementKind.FEE:
            self.fee_fen -= line.amount_fen
        elif line.kind == MovementKind.OTHER:
            note(
                self.run,
                BillKind.MOVEMENT,
                Verdict.UNEXPLAINED,
                line.number,
                gateway_number=f"{line.word} {line.gateway_number}"[:64],
                gateway_fen=line.amount_fen,
            )


def settle_day(run: ReconciliationRun) -> Settled:
    """Book what the bill of movements says the provider kept and paid out, once a day.

    Talks to the provider: never in a transaction. A day that is booked with other sums, and every
    movement that is neither trade, fee nor payout, is put on the work list. Raises AdapterError.
    """
    outside_transaction()
    sums = _Sums(run)
    for line in _movements(run):
        sums.add(line)
    seen = Settled(bank_fen=sums.bank_fen, fee_fen=sums.fee_fen)
    booked = settled_of_day(run)
    if booked is None and seen.moves_money:
        booked = _book_once(run, seen)
    if booked is not None and booked != seen:
        note(
            run,
            BillKind.MOVEMENT,
            Verdict.TOTALS,
            f"{run.bill_date:%Y%m%d}",
            gateway_fen=seen.total_fen,
            our_fen=booked.total_fen,
        )
    return seen


def record_settlement(run_id: int, *, bank_fen: int, fee_fen: int, actor: Actor) -> None:
    """Book by hand what a provider without a bill of movements paid out and kept, once a day.

    Raises LedgerRefusedError when it was booked before.
    """
    if bank_fen < 0 or fee_fen < 0 or bank_fen + fee_fen == 0:
        raise ValueError("a settlement moves money")
    run = ReconciliationRun.objects.select_related("merchant").get(pk=run_id)
    try:
        with transaction.atomic():
            _book(run, Settled(bank_fen=bank_fen, fee_fen=fee_fen))
            audit.record(
                actor,
                "settlement.record",
                "reconciliation",
                run.public_id,
                bank_fen=bank_fen,
                fee_fen=fee_fen,
            )
    except IntegrityError as error:
        raise translate(error) from None


def _movements(run: ReconciliationRun) -> Iterator[Movement]:
    try:
        yield from gateway_of(run.merchant.provider).movements(run.merchant, run.bill_date)
    except NotExistError:  # nothing moved in the account
        return


def _book_once(run: ReconciliationRun, seen: Settled) -> Settled:
    """Book the day; when somebody was faster, return what he booked."""
    try:
        with transaction.atomic():
            _book(run, seen)
    except IntegrityError:
        return settled_of_day(run) or seen
    return seen


def _book(run: ReconciliationRun, settled: Settled) -> None:
    legs = [
        Leg(AccountKind.GATEWAY, run.merchant.public_id, settled.total_fen),
        Leg(AccountKind.BANK, CLINIC, -settled.bank_fen),
        Leg(AccountKind.FEE, CLINIC, -settled.fee_fen),
    ]
    book(key=f"settlement:{run.pk}", kind=TransactionKind.SETTLEMENT, order=None, legs=legs)
