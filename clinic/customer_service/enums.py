"""Words of customer service and the table of a chat's allowed moves."""

from collections.abc import Mapping
from typing import Final

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class AgentStatus(TextChoices):
    """What an agent says of himself; silence makes him offline."""

    ONLINE = "online", _("Online")
    BUSY = "busy", _("Busy")
    OFFLINE = "offline", _("Offline")


class StatusCause(TextChoices):
    """Why an agent's status changed."""

    SELF = "self", _("Chosen by the agent")
    SILENCE = "silence", _("No sign of life")
    SUPERVISOR = "supervisor", _("Set by a supervisor")
    DEACTIVATED = "deactivated", _("Taken off the desk")


class Side(TextChoices):
    """Which side of the clinic a customer belongs to."""

    PATIENT = "patient", _("Patient")
    DOCTOR = "doctor", _("Doctor")


class Face(TextChoices):
    """Whom the customer sees: an agent by his nickname, or the official assistant."""

    SERVICE = "service", _("Customer service")
    ASSISTANT = "assistant", _("Official assistant")


class ChatState(TextChoices):
    """Where a service chat stands."""

    WAITING = "waiting", _("Waiting")
    ACTIVE = "active", _("In progress")
    ENDED = "ended", _("Ended")


MOVES: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({ChatState.WAITING, ChatState.ACTIVE}),
    # Waiting to waiting is another queue, active to active another agent.
    ChatState.WAITING: frozenset({ChatState.WAITING, ChatState.ACTIVE, ChatState.ENDED}),
    ChatState.ACTIVE: frozenset({ChatState.WAITING, ChatState.ACTIVE, ChatState.ENDED}),
    ChatState.ENDED: frozenset(),
}


class MoveReason(TextChoices):
    """Why a service chat moved; stored in its history."""

    OPENED = "opened", _("Opened by the customer")
    DISPATCHED = "dispatched", _("Given to a free agent")
    TAKEN = "taken", _("Taken by an agent")
    TAKEN_OVER = "taken_over", _("Taken over by another agent")
    TRANSFERRED = "transferred", _("Transferred")
    REQUEUED = "requeued", _("Back in the queue")
    AGENT_LOST = "agent_lost", _("The agent was gone")
    AGENT_SILENT = "agent_silent", _("The agent did not answer")
    LEFT_QUEUE = "left_queue", _("The customer left the queue")
    ENDED_BY_CUSTOMER = "ended_by_customer", _("Ended by the customer")
    ENDED_BY_AGENT = "ended_by_agent", _("Ended by the agent")
    IDLE = "idle", _("Ended after silence")
    CLOSED_FOR_THE_DAY = "closed_for_the_day", _("Ended at closing time")
    CUSTOMER_GONE = "customer_gone", _("The account was closed")


ENDINGS: Final = (
    MoveReason.LEFT_QUEUE,
    MoveReason.ENDED_BY_CUSTOMER,
    MoveReason.ENDED_BY_AGENT,
    MoveReason.IDLE,
    MoveReason.CLOSED_FOR_THE_DAY,
    MoveReason.CUSTOMER_GONE,
)


class How(TextChoices):
    """How an agent came to serve a chat."""

    DISPATCHED = "dispatched", _("Given from the queue")
    TAKEN = "taken", _("Taken by hand")
    TAKEN_OVER = "taken_over", _("Taken over")
    TRANSFERRED = "transferred", _("Transferred to the agent")
    LEFT_MESSAGE = "left_message", _("Answer to a left message")


class IdleStep(TextChoices):
    """What the silence in a chat asks for."""

    NONE = "none", _("Nothing")
    WARN = "warn", _("Warn the customer")
    END = "end", _("End the chat")
    ALARM = "alarm", _("Remind the agent")
    REQUEUE = "requeue", _("Back to the queue")


class AlarmKind(TextChoices):
    """What the desk is alarmed about."""

    AGENT_SILENT = "agent_silent", _("The customer waits for an answer")
    SLA_FIRST_REPLY = "sla_first_reply", _("First reply too late")
    SLA_RESOLUTION = "sla_resolution", _("Resolution too late")
    WAITING_LONG = "waiting_long", _("Waits too long in the queue")


class Asked(TextChoices):
    """What comes of asking for customer service."""

    ACTIVE = "active", _("In progress")
    WAITING = "waiting", _("Waiting")
    CLOSED = "closed", _("Closed now")


class QueuePlace(TextChoices):
    """Where a customer stands (seed 001)."""

    NONE = "none", _("Not in the queue")
    WAITING = "waiting", _("Waiting")
    ASSIGNED = "assigned", _("Served")


class MessageStep(TextChoices):
    """The way of a message (seed 001); sending is a state of the client alone."""

    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    READ = "read", _("Read")


class LeftMessageState(TextChoices):
    """Where a message left after hours stands."""

    OPEN = "open", _("Not answered yet")
    ANSWERED = "answered", _("Answered")
    DISMISSED = "dismissed", _("No answer needed")


class SlaMetric(TextChoices):
    """What a team promises."""

    FIRST_REPLY = "first_reply", _("First reply")
    RESOLUTION = "resolution", _("Resolution")


class DraftMode(TextChoices):
    """Where an unsent text of an agent belongs."""

    REPLY = "reply", _("Reply")
    NOTE = "note", _("Internal note")


class Weekday(IntegerChoices):
    """Days of a week as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")
