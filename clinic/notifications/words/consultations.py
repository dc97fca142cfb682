"""Consultations, what belongs to them, and customer service."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from clinic.notifications.enums import NoticeKind
from clinic.notifications.words.template import Template

TEMPLATES: Final[dict[str, Template]] = {
    NoticeKind.DOCTOR_ASSIGNED: Template(
        _("A doctor is here for you"), _("Doctor %(doctor)s will take care of you.")
    ),
    NoticeKind.CONSULTATION_OFFERED: Template(
        _("New consultation"), _("A patient is waiting for you. Please accept in time.")
    ),
    NoticeKind.CONSULTATION_ACCEPTED: Template(
        _("Consultation accepted"), _("Doctor %(doctor)s has accepted. You can talk now.")
    ),
    NoticeKind.CONSULTATION_RETURNED: Template(
        _("Another doctor is being found"),
        _("The doctor cannot take your consultation. We are finding another one."),
    ),
    NoticeKind.MESSAGE_WAITING: Template(
        _("A message is waiting"), _("You have %(count)s unread messages.")
    ),
    NoticeKind.CONSULTATION_COMPLETED: Template(
        _("Consultation completed"), _("Your consultation is completed. Tell us how it was.")
    ),
    NoticeKind.CONSULTATION_CANCELLED: Template(
        _("Consultation cancelled"), _("The consultation was cancelled.")
    ),
    NoticeKind.REVIEW_RECEIVED: Template(
        _("New review"), _("A patient rated you with %(stars)s of 5 stars.")
    ),
    NoticeKind.NOBODY_FOUND: Template(
        _("No doctor was found"),
        _("We are sorry: no suitable doctor is free. Your payment goes back to you."),
    ),
    NoticeKind.TRANSFER_OFFERED: Template(
        _("A colleague asks you"),
        _("Doctor %(doctor)s asks you to take a consultation over. Please answer by %(until)s."),
    ),
    NoticeKind.TRANSFER_ACCEPTED: Template(
        _("Consultation taken over"), _("Doctor %(doctor)s has taken your consultation over.")
    ),
    NoticeKind.TRANSFER_REFUSED: Template(
        _("Consultation not taken over"),
        _("Doctor %(doctor)s did not take the consultation over. It stays with you."),
    ),
    NoticeKind.DOCTOR_TOOK_OVER: Template(
        _("Another doctor took over"),
        _("Doctor %(doctor)s goes on with your consultation. You pay nothing more."),
    ),
    NoticeKind.CONSULTATION_HELD: Template(
        _("Consultation on hold"), _("The consultation rests until %(until)s at the latest.")
    ),
    NoticeKind.CONSULTATION_RESUMED: Template(
        _("Consultation goes on"), _("The consultation goes on. Its time was extended.")
    ),
    NoticeKind.CONSULTATION_STARTED: Template(
        _("A patient wants to consult you"),
        _("A patient has started a consultation with you. It reaches you once it is paid."),
    ),
    NoticeKind.CONSULTATIONS_WAITING: Template(
        _("While you were away"), _("%(count)s consultations came outside your hours.")
    ),
    NoticeKind.FOLLOW_UP_PLANNED: Template(
        _("Follow-up planned"), _("Your doctor will ask how you are: %(when)s.")
    ),
    NoticeKind.FOLLOW_UP_CANCELLED: Template(
        _("Follow-up cancelled"), _("The follow-up of %(when)s is not needed any more.")
    ),
    NoticeKind.FOLLOW_UP_DUE: Template(
        _("How are you?"), _("Doctor %(doctor)s asks how you are. Please answer the follow-up.")
    ),
    NoticeKind.FOLLOW_UP_SENT: Template(
        _("Patient reminded"), _("A patient of yours was reminded of your follow-up today.")
    ),
    NoticeKind.FOLLOW_UP_ANSWERED: Template(
        _("Follow-up answered"), _("A patient answered your follow-up. Please read it.")
    ),
    NoticeKind.CALL_PLANNED: Template(
        _("Call appointed"), _("The phone consultation takes place: %(when)s.")
    ),
    NoticeKind.CALL_CANCELLED: Template(
        _("Call called off"), _("The call of %(when)s does not take place.")
    ),
    NoticeKind.CALL_TO_MAKE: Template(
        _("Please call now"),
        _("Call the number that stands in the consultation. It works until %(until)s."),
    ),
    NoticeKind.CALL_TO_COME: Template(
        _("Your doctor calls"),
        _("The doctor calls you from the number in the consultation until %(until)s."),
    ),
    NoticeKind.REFERRED_OFFLINE: Template(
        _("Please visit in person"), _("The doctor recommends that you come for a visit.")
    ),
    NoticeKind.NOT_A_REVISIT: Template(
        _("Please see a doctor in person first"),
        _(
            "Online we may only continue what a doctor has diagnosed in person. Please visit a"
            " hospital or our clinic, in an emergency call 120. With the diagnosis you are welcome"
            " back here. Your payment is settled by our refund rule."
        ),
    ),
    NoticeKind.STAFF_ATTENTION: Template(
        _("A consultation needs you"), _("A patient has been waiting too long. Please look at it.")
    ),
    NoticeKind.SERVICE_ASSIGNED: Template(
        _("It is your turn"), _("Customer service is there for you now. Open your chat.")
    ),
    NoticeKind.LEFT_MESSAGE_ANSWERED: Template(
        _("Your message was answered"), _("Customer service has answered the message you left.")
    ),
    NoticeKind.DESK_MENTIONED: Template(
        _("A colleague mentioned you"), _("You are mentioned in a note at the desk.")
    ),
    NoticeKind.PATIENT_WAITS: Template(
        _("A patient waits for a doctor"),
        _("Somebody whom you could help has been waiting. Please come online if you can."),
    ),
}
