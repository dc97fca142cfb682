"""Each promise of the database has a name of its own and an error that clients understand."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import UniqueConstraint

from clinic.core.constraints import explained

ROOMS = ("clinic.", "doctors", "payments", "chat", "consultations", "appointments")
# Promises that no client can touch: a breach there is a fault of ours.
INTERNAL = frozenset({
    "idempotency_once_per_key",
    "one_message_per_number",  # the number is taken under the conversation's lock
    "one_message_per_revision",  # so is the revision
    "one_former_text_per_revision",  # written by the trigger of the message alone
    "one_message_per_client_id",  # a resend is answered by the same statement
    "one_note_per_number",  # the number is taken under the chat's lock
    "one_draft_per_chat_and_mode",  # drafts are stored by upsert
    "one_sla_timer_per_metric",  # timers are started by the house, a repeat is ignored
    "one_reminder_per_appointment_and_time",  # made with the booking, a repeat is ignored
    "one_calendar_feed_per_doctor",  # the old feed is revoked in the same transaction
    "one_push_of_a_kind",  # kept by the house, a repeat is ignored
    "one_call_per_binding",  # the provider names each binding anew
    "consent_used_once_per_case",  # rows are made with the order, once
    "one_standing_consent",  # two at once give one
    "real_name_try_counts_once",  # the number is taken under the person's lock
    "one_item_per_account",  # a batch takes each account once, however often it is named
    "one_seat_per_member",  # seats are made by the rooms, never by a client
})  # fmt: skip


def _names_in_database() -> str:
    """Every constraint, index and trigger function, as one text to look names up in."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conname::text FROM pg_constraint
            UNION ALL SELECT relname::text FROM pg_class WHERE relkind = 'i'
            UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger
            UNION ALL SELECT prosrc FROM pg_proc JOIN pg_language l ON l.oid = prolang
              WHERE l.lanname = 'plpgsql'
            """
        )
        return "\n".join(text for (text,) in cursor.fetchall())


@pytest.mark.django_db
def test_explained_promises_exist_in_the_database() -> None:
    known = _names_in_database()

    assert [name for name in explained() if name not in known] == []


def test_unique_promises_are_explained() -> None:
    unexplained = sorted(
        constraint.name
        for model in apps.get_models()
        if model._meta.app_config.name.startswith(ROOMS)
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint)
        and constraint.name not in explained()
        and constraint.name not in INTERNAL
    )

    assert unexplained == []
