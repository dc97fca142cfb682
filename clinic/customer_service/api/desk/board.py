"""What supervisors do at the desk: the board, other agents' status."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from clinic.core.api.views import json_answer
from clinic.core.clock import now
from clinic.core.errors import ForbiddenError, NotFoundError
from clinic.customer_service.api.desk.base import DeskView
from clinic.customer_service.api.desk.board_shapes import BoardShape
from clinic.customer_service.api.desk.forms import StatusForm
from clinic.customer_service.api.desk.shapes import ColleaguesShape
from clinic.customer_service.enums import AgentStatus
from clinic.customer_service.errors import NotAnAgentError, OnlyHimselfError
from clinic.customer_service.models import Agent
from clinic.customer_service.selectors import colleagues as people
from clinic.customer_service.selectors.board import board_of
from clinic.customer_service.selectors.supervision import leading_seat
from clinic.customer_service.services.roster import set_agent_status


class BoardView(DeskView):
    """The supervisor's board."""

    verbs = {"GET": "supervise"}
    errors = (NotAnAgentError, ForbiddenError)

    @extend_schema(responses=BoardShape)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 given by DRF
        """See agents with their load, the queues, and how long people wait."""
        return json_answer(board_of(leading_seat(self.actor), now()))


class AgentStatusView(DeskView):
    """Another agent's status."""

    verbs = {"POST": "supervise"}
    errors = (NotAnAgentError, ForbiddenError, NotFoundError, OnlyHimselfError)

    @extend_schema(request=StatusForm, responses=ColleaguesShape)
    def post(self, request: Request, public_id: UUID) -> HttpResponse:  # noqa: ARG002 given by DRF
        """Set an agent busy or offline, as his supervisor; online he goes himself."""
        seat = leading_seat(self.actor)
        status = AgentStatus(self.input(StatusForm)["status"])
        agent = Agent.objects.filter(public_id=public_id, is_active=True).first()
        if agent is None:
            raise NotFoundError
        set_agent_status(agent.pk, status, by=self.actor)
        found = people.colleagues_by_key([agent.pk])
        shown = [people.shown(one, me=seat.agent.public_id) for one in found]
        return json_answer({"results": shown})
