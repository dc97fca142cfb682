"""What staff does with a complaint by the buttons of its page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from clinic.complaints.admin.forms import DecisionForm, TextForm, decision_of, doctor_form
from clinic.complaints.enums import State
from clinic.complaints.models import Complaint
from clinic.complaints.selectors.served import served_by
from clinic.complaints.selectors.staff import HANDLERS
from clinic.complaints.services import directing, handling, noting
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.steps import Step


def _has(complaint: Complaint, actor: Actor) -> bool:
    return complaint.state == State.IN_REVIEW and complaint.handler_id == actor.user_id


def _claim(complaint: Complaint, actor: Actor, _cleaned: dict[str, Any]) -> None:
    handling.claim(complaint.pk, actor=actor, now=now())


def _release(complaint: Complaint, actor: Actor, _cleaned: dict[str, Any]) -> None:
    handling.release(complaint.pk, actor=actor, now=now())


def _answer(complaint: Complaint, actor: Actor, cleaned: dict[str, Any]) -> None:
    noting.answer(complaint.pk, text=cleaned["text"], actor=actor, now=now())


def _ask(complaint: Complaint, actor: Actor, cleaned: dict[str, Any]) -> None:
    noting.ask_doctor(complaint.pk, text=cleaned["text"], actor=actor, now=now())


def _choose_doctor(complaint: Complaint, actor: Actor, cleaned: dict[str, Any]) -> None:
    assignment_id = int(cleaned["assignment"])
    directing.choose_doctor(complaint.pk, assignment_id=assignment_id, actor=actor, now=now())


def _note(complaint: Complaint, actor: Actor, cleaned: dict[str, Any]) -> None:
    noting.note_internally(complaint.pk, text=cleaned["text"], actor=actor, now=now())


def _decide(complaint: Complaint, actor: Actor, cleaned: dict[str, Any]) -> None:
    handling.decide(complaint.pk, decision=decision_of(cleaned), actor=actor, now=now())


STEPS = (
    Step(
        name="claim",
        label=_("Take it"),
        icon="pan_tool",
        run=_claim,
        roles=HANDLERS,
        when=lambda row: row.state == State.OPEN,
        in_list=True,
    ),
    Step(
        name="answer",
        label=_("Answer the patient"),
        icon="reply",
        run=_answer,
        roles=HANDLERS,
        form=TextForm,
        who=_has,
    ),
    Step(
        name="ask",
        label=_("Ask the doctor"),
        icon="contact_support",
        run=_ask,
        roles=HANDLERS,
        form=TextForm,
        when=lambda row: row.doctor_id is not None,
        who=_has,
    ),
    Step(
        name="doctor",
        label=_("Choose the doctor"),
        icon="person_search",
        run=_choose_doctor,
        roles=HANDLERS,
        form_for=doctor_form,
        when=lambda row: row.state == State.IN_REVIEW and len(served_by(row)) > 1,
        who=_has,
    ),
    Step(
        name="decide",
        label=_("Decide"),
        icon="gavel",
        run=_decide,
        roles=HANDLERS,
        form=DecisionForm,
        who=_has,
    ),
    Step(
        name="note",
        label=_("Note for colleagues"),
        icon="sticky_note_2",
        run=_note,
        roles=HANDLERS,
        form=TextForm,
    ),
    Step(
        name="release",
        label=_("Give it back"),
        icon="keyboard_return",
        run=_release,
        roles=HANDLERS,
        who=_has,
    ),
)
