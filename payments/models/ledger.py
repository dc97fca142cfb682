"""The double-entry ledger. Its promises are held by triggers (migration ``ledger_promises``):

postings of a transaction sum to zero and are at least two; nothing is changed or removed; a kept
balance moves only through a posting and never below zero.
"""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from payments.enums import AccountKind, TransactionKind
from payments.models.order import PaymentOrder
from payments.models.refund import Refund

UUID_LENGTH: Final = 36  # of an owner who is a person


class LedgerAccount(models.Model):
    """One account. Only wallets keep a balance; others are summed, or every payment would wait
    for the same row.
    """

    code = models.CharField(_("code"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=AccountKind.choices)
    balance_fen = models.BigIntegerField(_("balance (fen)"), null=True)
    last_sequence = models.BigIntegerField(_("last sequence number"), default=0)
    created_at = models.DateTimeField(_("created at"), default=now)

    class Meta:
        verbose_name = _("ledger account")
        verbose_name_plural = _("ledger accounts")
        constraints = [
            models.CheckConstraint(
                condition=Q(balance_fen=None) | Q(balance_fen__gte=0), name="wallet_not_overdrawn"
            ),
            models.CheckConstraint(
                condition=Q(kind="wallet", balance_fen__isnull=False)
                | ~Q(kind="wallet") & Q(balance_fen=None),
                name="ledger_only_wallets_keep_balance",
            ),
        ]

    def __str__(self) -> str:
        """The kind in words, and the end of its owner's id where it has one."""
        owner = self.code.partition(":")[2]
        kind = self.get_kind_display()
        return f"{kind} …{owner[-8:]}" if len(owner) == UUID_LENGTH else kind


class LedgerTransaction(models.Model):
    """One booking. ``key`` makes it happen once: what it books and for which row."""

    key = models.CharField(_("key"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=TransactionKind.choices)
    order = models.ForeignKey(
        PaymentOrder,
        on_delete=models.PROTECT,
        null=True,
        related_name="bookings",
        verbose_name=_("order"),
    )
    refund = models.ForeignKey(
        Refund,
        on_delete=models.PROTECT,
        null=True,
        related_name="bookings",
        verbose_name=_("refund"),
    )
    created_at = models.DateTimeField(_("at"), default=now)

    class Meta:
        verbose_name = _("ledger transaction")
        verbose_name_plural = _("ledger transactions")

    def __str__(self) -> str:
        return self.key


class LedgerPosting(models.Model):
    """One leg of a booking. Sequence and balance after it are filled in for wallets."""

    transaction = models.ForeignKey(
        LedgerTransaction, on_delete=models.PROTECT, related_name="postings"
    )
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="postings")
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    sequence = models.BigIntegerField(_("sequence number"), null=True, editable=False)
    balance_after_fen = models.BigIntegerField(_("balance after (fen)"), null=True, editable=False)

    class Meta:
        verbose_name = _("ledger posting")
        verbose_name_plural = _("ledger postings")
        indexes = [models.Index(fields=["account", "-id"], name="posting_by_account")]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_fen=0), name="posting_not_zero"),
            models.CheckConstraint(
                condition=Q(sequence=None) | Q(sequence__gt=0),
                name="posting_sequence_counts",
            ),
            models.UniqueConstraint(fields=["account", "sequence"], name="posting_sequence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_fen}"
