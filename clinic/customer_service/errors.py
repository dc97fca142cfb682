"""What can go wrong at the desk."""

from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import ConflictError, DuplicateError


class ChatEndedError(ConflictError):
    """The chat is over; nothing can be said or done in it."""

    code = "chat_ended"
    message = _("This chat has ended. Open a new one.")


class ChatNotEndedError(ConflictError):
    """Only an ended chat can be rated."""

    code = "chat_not_ended"
    message = _("You can rate the service once the chat has ended.")


class ChatNotRateableError(ConflictError):
    """Nobody ever answered in this chat."""

    code = "chat_not_rateable"
    message = _("Nobody served you in this chat, so there is nothing to rate.")


class ChatOpenError(ConflictError):
    """The customer has an open chat already."""

    code = "chat_open"
    message = _("There is an open chat already. Go on in that one.")


class AgentFullError(ConflictError):
    """The agent serves as many chats as he may."""

    code = "agent_full"
    message = _("This agent has no free place. End a chat first or choose somebody else.")


class AgentNotOnlineError(ConflictError):
    """The agent gets no chats now."""

    code = "agent_not_online"
    message = _("This agent is not online. Choose somebody else or the queue.")


class NotAnAgentError(ConflictError):
    """The account does not work at the desk."""

    code = "not_an_agent"
    message = _("Your account does not work at the desk. Ask an administrator to add you.")


class NotYourChatError(ConflictError):
    """Another agent serves this chat."""

    code = "not_your_chat"
    message = _("Another agent serves this chat. Take it over first.")


class ChatTakenError(ConflictError):
    """Another agent was quicker."""

    code = "chat_taken"
    message = _("Another agent has just taken this chat.")


class TeamClosedError(ConflictError):
    """Nobody of the team is there, and its hours are over: a chat sent to it would end."""

    code = "team_closed"
    message = _("This team is closed and nobody of it is there. Choose another team.")


class DeskOpenError(ConflictError):
    """Somebody is there: a chat is quicker than a left message."""

    code = "desk_open"
    message = _("Our desk is open. Start a chat instead of leaving a message.")


class NoTeamError(ConflictError):
    """There is no team to serve the customer."""

    code = "no_team"
    message = _("Customer service is not set up yet. Try again later.")


class OwnMessageError(ConflictError):
    """Who wrote a message does not read it as news."""

    code = "own_message"
    message = _("You wrote this message yourself.")


class AlreadyAnsweredError(ConflictError):
    """Somebody answered the left message before."""

    code = "already_answered"
    message = _("This message has been answered already.")


class ShortcutTakenError(DuplicateError):
    """A canned reply of this name exists."""

    code = "shortcut_taken"
    message = _("A canned reply with this shortcut exists already.")


class DefaultTeamTakenError(DuplicateError):
    """Another team takes who names none."""

    code = "default_team_taken"
    message = _("Another team is the default already. Take that away from it first.")


class HoursTakenError(DuplicateError):
    """These hours stand there already."""

    code = "hours_taken"
    message = _("There are hours that begin at this time already. Change those instead.")


class NoDeskRoleError(ConflictError):
    """The account lacks the role that the desk asks for."""

    code = "no_desk_role"
    message = _(
        "This account does not have the role customer service. Grant it on the page of the "
        "account first."
    )


class AlreadyAgentError(DuplicateError):
    """The account works at the desk already."""

    code = "already_agent"
    message = _("This account works at the desk already. Change that agent instead.")


class OnlyHimselfError(ConflictError):
    """Nobody can say for another that he is there."""

    code = "only_himself"
    message = _("Only agents themselves go online. You can set them busy or offline.")


class TeamBusyError(ConflictError):
    """Somebody waits or talks in the team, so it cannot be closed."""

    code = "team_busy"
    message = _("%(count)s chats of this team are open. Transfer or end them first.")


class OwnChatError(ConflictError):
    """Nobody grades himself."""

    code = "own_chat"
    message = _("You served this chat yourself. Somebody else must grade it.")


class AlreadyGradedError(ConflictError):
    """The chat was graded before."""

    code = "already_graded"
    message = _("This chat has been graded already.")


explain("customer_service_agent_user_id_key", AlreadyAgentError)
explain("one_default_team", DefaultTeamTakenError)
explain("one_opening_per_team_and_time", HoursTakenError)
explain("one_special_stretch_per_time", HoursTakenError)
explain("one_open_chat_per_customer", ChatOpenError)
explain("one_agent_per_chat", ChatTakenError)
explain("one_canned_reply_per_shortcut", ShortcutTakenError)
