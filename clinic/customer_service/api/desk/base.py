"""What every address of the desk shares: who may ask, which chats he sees, what is noted."""

from functools import cached_property
from typing import ClassVar
from uuid import UUID

from django.core.cache import cache

from clinic.accounts.authentication import BearerAuthentication, ConsoleAuthentication
from clinic.core import audit
from clinic.core.api.views import ApiView, get_or_404
from clinic.core.errors import ClinicError, ForbiddenError
from clinic.customer_service.errors import NotAnAgentError
from clinic.customer_service.models import ServiceChat
from clinic.customer_service.selectors.seats import Seat, seat_of, visible_to
from clinic.settings import rules


class DeskView(ApiView):
    """An address of the desk: by bearer token, or by the console's cookie with its form token."""

    resource = "desk"
    rate = "240/m"
    errors: ClassVar[tuple[type[ClinicError], ...]] = (NotAnAgentError,)
    authentication_classes = (BearerAuthentication, ConsoleAuthentication)

    @cached_property
    def seat(self) -> Seat:
        """Where the caller sits at the desk. Raises NotAnAgentError."""
        return seat_of(self.actor)

    def chat(self, public_id: UUID) -> ServiceChat:
        """Return a chat that the caller may open. Raises NotFoundError."""
        rows = visible_to(self.seat).select_related("team", "customer", "conversation", "agent")
        return get_or_404(rows, public_id=public_id)

    def chat_to_read(self, public_id: UUID) -> ServiceChat:
        """Return a chat to read in; reading another's is noted in the audit log."""
        chat = self.chat(public_id)
        self._note_reading(chat)
        return chat

    def check_leads(self) -> None:
        """Let supervisors and administrators pass. Raises ForbiddenError."""
        if not self.seat.leads:
            raise ForbiddenError

    def _note_reading(self, chat: ServiceChat) -> None:
        if chat.agent_id == self.seat.agent.pk:
            return
        key = f"desk.reading:{chat.pk}:{self.seat.agent.pk}"
        if cache.add(key, 1, int(rules.SERVICE_READING_NOTED_EVERY.total_seconds())):
            patient = chat.customer.public_id
            audit.read(self.actor, "service_chat", chat.public_id, patient=patient, how="desk")
