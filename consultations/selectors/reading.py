"""Cases as plain values for the busiest reads, each by one statement that is planned once."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

from clinic.core.actor import Actor
from clinic.core.roles import Role
from clinic.core.statements import Statement, rows_of
from consultations.enums import OPEN_STATES, State

Values = dict[str, Any]
ALL_STATES: Final = [str(state) for state in State]
OPEN: Final = [str(state) for state in OPEN_STATES]
CLOSED: Final = [state for state in ALL_STATES if state not in OPEN]

# Name of a value in the answer's making, and where it comes from.
ROW: Final = {
    "id": "c.public_id", "kind": "c.kind", "is_instant": "c.is_instant", "state": "c.state",
    "state_since": "c.state_since", "has_red_flags": "c.has_red_flags",
    "wanted_level": "c.wanted_level",
    "created_at": "c.created_at", "paid_at": "c.paid_at", "pay_by": "c.pay_by",
    "assign_by": "c.assign_by", "accept_by": "c.accept_by", "accepted_at": "c.accepted_at",
    "service_until": "c.service_until", "ended_at": "c.ended_at",
    "follow_up_until": "c.follow_up_until",
    "held_since": "c.held_since", "held_until": "c.held_until",
    "person_id": "p.public_id", "person_name": "p.name",
    "doctor_id": "d.public_id", "doctor_name": "d.name", "doctor_icon": "d.icon",
    "doctor_hospital": "d.hospital", "doctor_level": "d.level",
    "doctor_department_code": "dd.code", "doctor_department_name": "dd.name",
    "department_code": "cd.code", "department_name": "cd.name",
}  # fmt: skip
INTAKE: Final = """(
  SELECT jsonb_build_object(
    'version', s.version, 'source', s.source,
    'has_earlier_diagnosis', s.earlier_diagnosis <> '' OR s.earlier_record_id IS NOT NULL
      OR EXISTS (SELECT FROM consultations_intakefile f
                 WHERE f.sheet_id = s.id AND f.use = 'earlier'),
    'red_flags', COALESCE(
      (SELECT jsonb_agg(jsonb_build_object('word', w.word, 'advice', w.advice) ORDER BY w.id)
       FROM consultations_raisedflag w WHERE w.sheet_id = s.id), '[]'))
  FROM consultations_intakesheet s WHERE s.consultation_id = c.id
  ORDER BY s.version DESC LIMIT 1)"""
FITS_REVISIT: Final = """(
  SELECT k.fits FROM consultations_revisitcheck k
  WHERE k.consultation_id = c.id AND k.doctor_id = c.doctor_id ORDER BY k.id DESC LIMIT 1)"""
CASE: Final = ROW | {
    "patient_pk": "c.patient_id", "complaint": "c.complaint", "hops": "c.hops",
    "unanswered_since": "c.unanswered_since", "reply_due_at": "c.reply_due_at",
    "relation_id": "b.public_id", "latest_report_id": "b.latest_report_id",
    "conversation_id": "t.public_id", "writing_until": "t.writing_until",
    "writes_left": "(SELECT m.writes_left FROM chat_member m"
    " WHERE m.conversation_id = t.id AND m.user_id = c.patient_id)",
    "record_id": "r.public_id", "record_number": "r.number", "record_diagnosis": "r.diagnosis",
    "record_advice": "r.advice",    "record_signed_at": "r.signed_at",
    "order_id": "o.public_id", "order_amount_fen": "o.amount_fen", "order_status": "o.status",
    "order_expires_at": "o.expires_at",
    "person_gender": "p.gender", "person_birthday": "p.birthday",
    "person_relation": "p.relation", "person_height_cm": "p.height_cm",
    "person_weight_kg": "p.weight_kg", "person_city": "p.city",
    "person_id_number_sealed": "p.id_number_sealed",
    "intake": INTAKE, "fits_revisit": FITS_REVISIT,
    "revoked_consents": "ARRAY(SELECT DISTINCT ct.kind FROM patients_consentuse cu"
    " JOIN patients_consent co ON co.id = cu.consent_id AND co.revoked_at IS NOT NULL"
    " JOIN patients_consenttext ct ON ct.id = co.text_id"
    " WHERE cu.consultation_public_id = c.public_id ORDER BY ct.kind)",
    "ahead": "CASE WHEN c.state = 'waiting_assignment' THEN ("
    "SELECT count(*) FROM consultations_consultation q WHERE q.state = 'waiting_assignment'"
    " AND (q.paid_at, q.id) < (c.paid_at, c.id)) END",
}  # fmt: skip

PEOPLE: Final = """
FROM consultations_consultation c
JOIN patients_visitperson p ON p.id = c.person_id
LEFT JOIN doctors_doctor d ON d.id = c.doctor_id
LEFT JOIN doctors_department dd ON dd.id = d.department_id
LEFT JOIN doctors_department cd ON cd.id = c.department_id
"""
PAPERS: Final = """
LEFT JOIN chat_conversation t ON t.id = c.conversation_id
LEFT JOIN relations_relation b ON b.doctor_id = c.doctor_id AND b.patient_id = c.patient_id
LEFT JOIN payments_paymentorder o ON o.id = c.order_id
LEFT JOIN records_medicalrecord r ON r.subject_kind = 'consultation'
 AND r.subject_public_id = c.public_id AND r.state = 'signed'
"""
OWN_KEY: Final = Statement(
    "consultation_own_key",
    ("uuid", "bigint"),
    "SELECT id FROM consultations_consultation WHERE public_id = %s AND patient_id = %s",
)
COUNTED: Final = "SELECT count(*) FROM consultations_consultation c WHERE "
# The same reach as ``visible_to``, in words that an index answers.
REACHES: Final = {
    Role.PATIENT: "c.patient_id = %s",
    Role.DOCTOR: """
    c.doctor_id = (SELECT own.id FROM doctors_doctor own WHERE own.user_id = %s) AND EXISTS (
      SELECT FROM consultations_assignment a
      WHERE a.consultation_id = c.id AND a.doctor_id = c.doctor_id)""",
}


def read_case(actor: Actor, public_id: UUID) -> Values | None:
    """Return the values of CASE for a case the actor may see; None when there is none."""
    roles = _roles(actor)
    if not roles:
        return None
    found = rows_of(_one(roles), public_id, *[actor.user_id] * len(roles))
    return dict(zip(CASE, found[0], strict=True)) if found else None


def own_key(actor: Actor, public_id: UUID) -> int | None:
    """Return the key of the actor's own case as patient; None when it is not his."""
    found = rows_of(OWN_KEY, public_id, actor.user_id or 0)
    return int(found[0][0]) if found else None


def read_rows(actor: Actor, states: Sequence[str], *, start: int, size: int) -> list[Values]:
    """Return the values of ROW of the actor's cases in these states, newest first."""
    roles = _roles(actor)
    if not roles:
        return []
    people = [actor.user_id] * len(roles)
    found = rows_of(_listed(roles), *people, list(states), size, start)
    return [dict(zip(ROW, values, strict=True)) for values in found]


def count_rows(actor: Actor, states: Sequence[str]) -> int:
    """Return how many cases ``read_rows`` would return in all."""
    roles = _roles(actor)
    if not roles:
        return 0
    return int(rows_of(_counted(roles), *[actor.user_id] * len(roles), list(states))[0][0])


def states_asked(*, state: str | None, is_open: bool | None) -> list[str]:
    """Return the states that the filters of a list leave."""
    wide = ALL_STATES if is_open is None else OPEN if is_open else CLOSED
    return [one for one in wide if state in (None, one)]


def _roles(actor: Actor) -> tuple[Role, ...]:
    return tuple(role for role in REACHES if actor.has_role(role))


def _reach(roles: tuple[Role, ...]) -> str:
    return "(" + " OR ".join(f"({REACHES[role]})" for role in roles) + ")"


def _name(what: str, roles: tuple[Role, ...]) -> str:
    return "_".join([what, *(role.value for role in roles)])


@cache
def _one(roles: tuple[Role, ...]) -> Statement:
    return Statement(
        _name("consultation", roles),
        ("uuid", *["bigint"] * len(roles)),
        f"SELECT {', '.join(CASE.values())} {PEOPLE} {PAPERS}"
        f" WHERE c.public_id = %s AND {_reach(roles)}",
    )


@cache
def _listed(roles: tuple[Role, ...]) -> Statement:
    return Statement(
        _name("consultations", roles),
        (*["bigint"] * len(roles), "text[]", "int", "int"),
        f"SELECT {', '.join(ROW.values())} {PEOPLE} WHERE {_reach(roles)}"
        " AND c.state = ANY(%s) ORDER BY c.id DESC LIMIT %s OFFSET %s",
    )


@cache
def _counted(roles: tuple[Role, ...]) -> Statement:
    return Statement(
        _name("consultations_counted", roles),
        (*["bigint"] * len(roles), "text[]"),
        COUNTED + _reach(roles) + " AND c.state = ANY(%s)",
    )
