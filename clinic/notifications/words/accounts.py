"""Papers of people and their accounts."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from clinic.notifications.enums import NoticeKind
from clinic.notifications.words.template import Template

TEMPLATES: Final[dict[str, Template]] = {
    NoticeKind.DOCUMENT_APPROVED: Template(
        _("Identity document approved"),
        _("The document of your visit person was approved. You can order now."),
    ),
    NoticeKind.DOCUMENT_REJECTED: Template(
        _("Identity document refused"),
        _("The document of your visit person was refused. Look why and hand it in again."),
    ),
    NoticeKind.CREDENTIAL_APPROVED: Template(
        _("Credential approved"), _("One of your credentials was approved.")
    ),
    NoticeKind.CREDENTIAL_REJECTED: Template(
        _("Credential refused"),
        _("One of your credentials was refused. Look why and hand it in again."),
    ),
    NoticeKind.CREDENTIAL_ENDING: Template(
        _("A credential ends soon"),
        _("One of your credentials ends in %(count)s days. Hand in the new one in time."),
    ),
    NoticeKind.CREDENTIAL_ENDED: Template(
        _("A credential has ended"),
        _("One of your credentials has ended. Without the required ones you cannot see patients."),
    ),
    NoticeKind.DOCTOR_CREDENTIAL_ENDING: Template(
        _("A doctor's credential ends soon"),
        _("A credential of doctor %(doctor)s ends in %(count)s days."),
    ),
    NoticeKind.DOCTOR_CREDENTIAL_ENDED: Template(
        _("A doctor's credential has ended"), _("A credential of doctor %(doctor)s has ended.")
    ),
    NoticeKind.IDENTITY_WANTED: Template(
        _("Confirm that it is you"),
        _("Confirm that it is you, then accept the consultation that waits for you."),
    ),
    NoticeKind.EXPORT_READY: Template(
        _("Your archive is ready"), _("You can fetch it once, until %(until)s.")
    ),
    NoticeKind.DELETION_ASKED: Template(
        _("Your account will be deleted"),
        _("You can take this back until %(until)s. Afterwards it cannot be undone."),
    ),
    NoticeKind.DELETION_BLOCKED: Template(
        _("Your account could not be deleted yet"),
        _("Something is still open. Look what it is; it will be tried again each hour."),
    ),
    NoticeKind.EMERGENCY_READING: Template(
        _("Emergency reading"),
        _("Somebody opened a patient's data without a standing right. Please look at why."),
    ),
    NoticeKind.SECOND_FACTOR_SET: Template(
        _("Second factor set up"),
        _("Your account has a new authenticator app. If that was not you, call an administrator."),
    ),
    NoticeKind.SECOND_FACTOR_RESET: Template(
        _("Second factor reset"),
        _("Your second factor was taken away. You set up a new one when you log in next."),
    ),
    NoticeKind.RECOVERY_CODE_USED: Template(
        _("Recovery code used"),
        _("Somebody came in with one of your recovery codes; %(count)s are left."),
    ),
    NoticeKind.DATA_OPENED: Template(
        _("Your data was opened in an emergency"),
        _("On %(when)s somebody of the clinic opened your data for a reason that is kept."),
    ),
}
