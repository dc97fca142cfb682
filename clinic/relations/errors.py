"""What can go wrong between a doctor and a patient."""

from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import ConflictError
from clinic.settings import rules


class BlockedError(ConflictError):
    """The patient blocked this doctor himself."""

    code = "blocked"
    message = _("You have blocked this doctor. Unblock the doctor first.")


class SelfRelationError(ConflictError):
    """A doctor cannot be his own patient."""

    code = "self_relation"
    message = _("You cannot do this with yourself.")


class GroupNameTakenError(ConflictError):
    """The doctor has a group of this name."""

    code = "group_name_taken"
    message = _("You have a group of this name already. Choose another name.")


class TooManyGroupsError(ConflictError):
    """The doctor has as many groups as there are places."""

    code = "too_many_groups"
    message = _("You cannot have more than %(most)s groups. Remove one first.")

    def __init__(self) -> None:
        """Tell the limit."""
        super().__init__(most=rules.PATIENT_GROUPS_MAX)


class TooManyInvitesError(ConflictError):
    """The doctor has as many open invites as he may."""

    code = "too_many_invites"
    message = _("You cannot have more than %(most)s open invites. Revoke one first.")

    def __init__(self) -> None:
        """Tell the limit."""
        super().__init__(most=rules.INVITES_MAX)


class BroadcastLimitError(ConflictError):
    """The doctor has sent as many broadcasts today as he may."""

    code = "broadcast_limit"
    message = _("You can send %(most)s broadcasts a day. Send the next one tomorrow.")

    def __init__(self) -> None:
        """Tell the limit."""
        super().__init__(most=rules.BROADCASTS_A_DAY)


class NobodyToTellError(ConflictError):
    """The audience is empty."""

    code = "nobody_to_tell"
    message = _("There is no patient in this audience.")


class AudienceTooLargeError(ConflictError):
    """The audience has more patients than one broadcast reaches."""

    code = "audience_too_large"
    message = _("A broadcast reaches %(most)s patients at most. Choose a group.")

    def __init__(self) -> None:
        """Tell the limit."""
        super().__init__(most=rules.BROADCAST_MAX_PATIENTS)


explain("one_relation_per_doctor_and_patient", ConflictError)
explain("one_followed_card_per_patient", ConflictError)
explain("one_group_per_name", GroupNameTakenError)
explain("one_group_per_place", TooManyGroupsError)
explain("one_seat_per_group_and_relation", ConflictError)
explain("one_scan_row_per_invite_and_patient", ConflictError)
explain("one_broadcast_per_place_of_the_day", BroadcastLimitError)
explain("one_delivery_per_broadcast_and_patient", ConflictError)
