"""What can go wrong in a conversation."""

from django.utils.translation import gettext_lazy as _

from clinic.core.errors import ConflictError


class WritingClosedError(ConflictError):
    """Nobody may write here any more."""

    code = "writing_closed"
    message = _("This conversation is closed. You can read it, but not write in it.")


class WritingLimitError(ConflictError):
    """The allowance of follow-up messages is used up."""

    code = "writing_limit_reached"
    message = _("Your free follow-up messages are used up. Start a new consultation.")


class ClientIdConflictError(ConflictError):
    """The client id came before with another body."""

    code = "cid_conflict"
    message = _("A different message with this client id was stored before. Use a new client id.")
