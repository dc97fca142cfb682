"""What is kept for its years goes afterwards, and nothing goes earlier."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management.base import CommandError
from django.db import InternalError, connection, transaction

from chat.models import Conversation, Message, MessageRevision, MessageWords
from chat.selectors.invariants import chat_breaches
from clinic.core.clock import now
from clinic.core.ids import random_code, uuid7
from clinic.files.models import StoredFile
from clinic.records.models import MedicalRecord, RecordAddendum
from clinic.records.rules import years_before
from clinic.records.services import retention
from tests.cast import Member
from tests.consultations.conftest import Desk, person_of, post
from tests.doctors_cast import DoctorMember
from tests.records.conftest import command


def record_of(patient: Member, doctor: DoctorMember, signed_at: datetime) -> MedicalRecord:
    """Store a record as it was signed long ago."""
    return MedicalRecord.objects.create(
        number=random_code(16),
        doctor=doctor.doctor,
        person=person_of(patient),
        patient=patient.user,
        subject_kind="appointment",
        subject_public_id=uuid7(),
        diagnosis="胃脘痛",
        advice="忌辛辣",
        state="signed",
        signed_at=signed_at,
        verify_token=random_code(22),
    )


def add_to(record: MedicalRecord, signed_at: datetime) -> None:
    RecordAddendum.objects.create(
        record=record,
        position=1,
        author=record.doctor,
        author_name="沈一鸣",
        reason="补充",
        text="无",
        signed_at=signed_at,
    )


@pytest.fixture
def talk(desk: Desk, lin: Member, shen: DoctorMember) -> Conversation:
    """A conversation of four years ago with an edited text, beside a new message."""
    case = desk.row(desk.accepted(lin, shen))
    found = Conversation.objects.get(topic=case.topic)
    path = f"conversations/{found.public_id}/messages"
    sent = post(lin, path, {"cid": "1", "kind": "text", "body": "旧消息"}).json()
    address = f"/api/v1/{path}/{sent['message_id']}"
    assert lin.client.patch(address, {"body": "旧消息改"}, format="json").status_code == 200
    past(Message.objects.filter(conversation=found))
    post(lin, path, {"cid": "2", "kind": "text", "body": "新消息"})
    return found


def past(rows: Any) -> None:
    """Move messages four years back, past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        rows.update(created_at=years_before(now(), 4))
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.mark.parametrize(
    ("option", "years", "what"),
    [("--dialogue-years", "2", "Dialogue"), ("--record-years", "14", "Medical records")],
)
def test_fewer_years_than_the_law_wants_are_refused(
    db: None, option: str, years: str, what: str
) -> None:
    with pytest.raises(CommandError, match=f"{what}.* must be kept for at least"):
        command("retention", option, years)


def test_records_go_after_fifteen_years_without_a_word_added(
    lin: Member, shen: DoctorMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "STEP", 1)
    moment = now()
    old, young = (record_of(lin, shen, years_before(moment, years)) for years in (16, 14))
    amended, closed = (record_of(lin, shen, years_before(moment, 17)) for _ in range(2))
    add_to(amended, years_before(moment, 3))
    add_to(closed, years_before(moment, 16))

    counted = command("retention", "--dry-run")
    assert MedicalRecord.objects.count() == 4
    removed = command("retention")
    again = command("retention")

    assert "Medical records, kept 15 years" in counted
    assert ": 2, removed 0" in counted
    assert ": 2, removed 2" in removed
    assert "Medical records: 1 of 2" in removed
    assert ": 0, removed 0" in again
    assert set(MedicalRecord.objects.all()) == {young, amended}
    assert old.pk not in MedicalRecord.objects.values_list("pk", flat=True)


def test_the_database_keeps_a_young_record_whoever_asks(lin: Member, shen: DoctorMember) -> None:
    record_of(lin, shen, years_before(now(), 14))

    with pytest.raises(InternalError), transaction.atomic():
        MedicalRecord.objects.all().delete()


def test_dialogue_loses_its_words_after_three_years_and_keeps_its_numbers(
    talk: Conversation,
) -> None:
    told = command("retention")

    assert "Dialogue of consultations, kept 3 years" in told
    bodies = Message.objects.filter(conversation=talk, kind="text").order_by("seq")
    assert list(bodies.values_list("body", flat=True)) == ["", "新消息"]
    assert set(MessageRevision.objects.values_list("body", flat=True)) == {""}
    assert not MessageWords.objects.filter(message__in=bodies.filter(body="")).exists()
    assert chat_breaches() == []
    assert ": 0, removed 0" in command("retention").splitlines()[0]


def test_words_of_young_dialogue_stay_whoever_asks(talk: Conversation) -> None:
    with pytest.raises(InternalError), transaction.atomic():
        MessageRevision.objects.all().delete()
    Message.objects.filter(conversation=talk, seq=talk.last_seq)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Message.objects.update(created_at=now())
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    with pytest.raises(InternalError), transaction.atomic():
        MessageRevision.objects.update(body="")


def test_files_of_old_dialogue_lose_their_bytes(talk: Conversation, lin: Member) -> None:
    place = storages["files"].save("old.bin", ContentFile(b"picture"))
    file = StoredFile.objects.create(
        owner=lin.user, purpose="chat", kind="image", name="舌象.jpg", mime="image/jpeg",
        size=7, sha256="0" * 64, stored_as=place, bound_at=now(), scan="clean",
    )  # fmt: skip
    post(lin, f"conversations/{talk.public_id}/messages", {"cid": "3", "kind": "text", "body": "x"})
    message = Message.objects.filter(conversation=talk).latest("seq")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Message.objects.filter(pk=message.pk).update(
            kind="image", attachment=file, body="", extra={"name": "舌象.jpg"}
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    past(Message.objects.filter(pk=message.pk))

    command("retention")

    file.refresh_from_db()
    assert (file.name, storages["files"].exists(place)) == ("", False)
    message.refresh_from_db()
    assert message.extra is None
