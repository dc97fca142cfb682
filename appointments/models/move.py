"""What moved in calendars: how kept answers about free times learn that they are no longer true."""

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class TransactionField(models.BigIntegerField):  # type: ignore[type-arg]
    """A transaction of PostgreSQL (xid8): comparable with snapshots, never used again."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 given by Django
        """Name the column's type."""
        return "xid8"


class CalendarMove(models.Model):
    """A transaction changed when somebody is free. Triggers write it, rows are never changed.

    ``doctor_id`` is the doctor whose appointments or leave moved, EVERYBODY for the rest: hours,
    special days, types, branches, who may work, prices, and the texts of consents.
    No foreign key: nobody waits for anybody.
    """

    EVERYBODY = 0

    doctor_id = models.BigIntegerField(_("doctor"))
    made_by = TransactionField(
        _("transaction"), db_default=models.Func(function="pg_current_xact_id")
    )
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("move in calendars")
        verbose_name_plural = _("moves in calendars")
        indexes = [
            models.Index(fields=["made_by"], name="calendar_move_made_by"),
            models.Index(
                fields=["made_by"], condition=models.Q(doctor_id=0), name="house_move_made_by"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.doctor_id}"
