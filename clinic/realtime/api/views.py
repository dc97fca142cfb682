"""The socket's HTTP door."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.views import ApiView
from clinic.core.errors import NotAuthenticatedError
from clinic.realtime.api.serializers import TicketSerializer
from clinic.realtime.services import issue_ticket
from clinic.settings import rules


class TicketView(ApiView):
    """Get a ticket that opens one socket.

    Connect to `/ws/v1/?ticket=...` within 30 seconds. The ticket is spent by the first try.
    """

    resource = "socket"
    verbs = {"POST": "open"}
    rate = "30/m"

    @extend_schema(request=None, responses={201: TicketSerializer})
    def post(self, request: Request) -> Response:  # noqa: ARG002 given by DRF
        """Get a ticket that opens one socket."""
        session_id = self.actor.session_id
        if session_id is None:
            raise NotAuthenticatedError
        life = int(rules.SOCKET_TICKET_LIFE.total_seconds())
        return Response({"ticket": issue_ticket(session_id), "expires_in": life}, status=201)
