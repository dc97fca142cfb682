"""Endpoints at the addresses that the source documents print."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core import audit
from clinic.core.api.views import ApiView
from clinic.core.errors import NotFoundError
from clinic.relations.errors import BlockedError
from consultations import errors
from consultations.api.permissions import ASSIGNMENT, CONSULTATION
from consultations.api.serializers import SeedInitiateInput, TriggerInput
from consultations.api.shapes import SeedOutput, TriggerOutput
from consultations.enums import Kind, Outcome, Trigger
from consultations.rules import seed_status
from consultations.selectors.consultations import by_public_id
from consultations.services.assignment import Attempt, try_assign
from consultations.services.initiation import Intake, initiate
from consultations.services.ordering import open_paid
from consultations.services.sweeping import sweep_waiting

SEED_NAMES = {"person_id": "patientId", "doctor_id": "doctorId"}


class TriggerAssignmentView(ApiView):
    """Check of waiting consultations by hand (seed 000)."""

    resource = ASSIGNMENT
    verbs: ClassVar = {"POST": "trigger"}
    rate = "30/m"

    @extend_schema(request=TriggerInput, responses={200: TriggerOutput})
    def post(self, _request: Request) -> Response:
        """Look for doctors now, for those who wait longest or for one case."""
        told = self.input(TriggerInput)
        one = told["consultation_id"]
        attempts = self._one(one) if one else self._all(told["limit"])
        return Response(TriggerOutput(_sum(attempts)).data)

    def _all(self, limit: int) -> list[Attempt]:
        audit.record(self.actor, "assignment.trigger", "queue", "waiting", limit=limit)
        return sweep_waiting(trigger=Trigger.STAFF, limit=limit, actor=self.actor)

    def _one(self, public_id: UUID) -> list[Attempt]:
        consultation = by_public_id(public_id)
        if consultation is None:
            raise NotFoundError
        audit.record(self.actor, "assignment.trigger", "consultation", public_id)
        open_paid(consultation.pk, actor=self.actor)
        return [try_assign(consultation.pk, trigger=Trigger.STAFF, actor=self.actor)]


class SeedInitiateView(ApiView):
    """Start of a consultation with a chosen doctor (seed 004)."""

    resource = CONSULTATION
    verbs: ClassVar = {"POST": "initiate"}
    rate = "60/m"
    errors: ClassVar = (
        errors.ConsultationOpenError,
        errors.SelfConsultationError,
        errors.DoctorNotAvailableError,
        errors.NoChildrenHereError,
        errors.BirthdayNeededError,
        BlockedError,
    )

    @extend_schema(request=SeedInitiateInput, responses={200: SeedOutput})
    def post(self, _request: Request) -> Response:
        """Start a consultation, or get the open one with this doctor (``isOld``).

        The doctor is pushed now when his hours are open, else when they open.
        """
        told = self.input(SeedInitiateInput)
        intake = Intake(
            person_id=told["patientId"], kind=Kind.TEXT_CHOSEN, doctor_id=told["doctorId"]
        )
        try:
            consultation, created = initiate(actor=self.actor, intake=intake)
        except errors.UnknownChoiceError as error:
            error.rename(SEED_NAMES)
            raise
        result = {
            "success": True,
            "isOld": not created,
            "status": str(seed_status(consultation.state)),
            "startAt": int(consultation.created_at.timestamp() * 1000),
            "consultationId": consultation.public_id,
        }
        return Response(SeedOutput({"result": result}).data)


def _sum(attempts: list[Attempt]) -> dict[str, Any]:
    outcomes = [attempt.outcome for attempt in attempts]
    return {
        "assigned": outcomes.count(Outcome.ASSIGNED),
        "waiting": outcomes.count(Outcome.WAITING),
        "failed": outcomes.count(Outcome.FAILED),
        "results": attempts,
    }
