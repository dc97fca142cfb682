"""What can go wrong in a conversation."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import ConflictError, ForbiddenError
from clinic.files.errors import AttachmentUsedError
from clinic.settings import rules as house


class WritingClosedError(ConflictError):
    """Nobody may write here any more."""

    code = "writing_closed"
    message = _("This conversation is closed. You can read it, but not write in it.")


class WritingLimitError(ConflictError):
    """The allowance of follow-up messages is used up."""

    code = "writing_limit_reached"
    message = _("Your free follow-up messages are used up. Start a new consultation.")


class ColleagueWroteError(ConflictError):
    """Somebody else of the same role wrote after what the sender had seen."""

    message = _("A colleague has answered meanwhile. Read it, then send again if it still fits.")


class NotTheSenderError(ForbiddenError):
    """Only who sent a message may change it."""

    code = "not_the_sender"
    message = _("Only the person who sent this message can change it.")


class NotEditableError(ConflictError):
    """There is no text to edit."""

    code = "message_not_editable"
    message = _("Only the text of a message that was not recalled can be edited.")


class EditTooLateError(ConflictError):
    """The time for editing is over."""

    code = "edit_too_late"
    message = _("A message can be edited for %(minutes)s minutes.")

    def __init__(self) -> None:
        """Tell the limit."""
        super().__init__(minutes=house.EDIT_WITHIN // timedelta(minutes=1))


class RecallTooLateError(ConflictError):
    """The time for recalling is over."""

    code = "recall_too_late"
    message = _("A message can be recalled for %(minutes)s minutes.")

    def __init__(self) -> None:
        """Tell the limit."""
        super().__init__(minutes=house.RECALL_WITHIN // timedelta(minutes=1))


class ClientIdConflictError(ConflictError):
    """The client id came before with another body."""

    code = "cid_conflict"
    message = _("A different message with this client id was stored before. Use a new client id.")


explain("one_message_per_attachment", AttachmentUsedError)
