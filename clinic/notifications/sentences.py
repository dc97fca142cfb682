"""The sentences of notices, by kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.core.money import display_fen
from clinic.notifications.enums import NoticeKind


@dataclass(frozen=True, slots=True)
class Template:
    """Title and body of a notice; named fields are filled from its parameters."""

    title: str | Promise
    body: str | Promise


TEMPLATES: dict[str, Template] = {
    NoticeKind.ORDER_PAID: Template(
        _("Payment received"), _("We have received your payment. A doctor is being found for you.")
    ),
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
    NoticeKind.REFUND_STARTED: Template(
        _("Refund started"), _("Your refund of %(amount)s is on its way.")
    ),
    NoticeKind.REFUND_SUCCEEDED: Template(
        _("Refund arrived"), _("%(amount)s went back the way you paid.")
    ),
    NoticeKind.REFUND_REFUSED: Template(
        _("About your refund"),
        _("%(amount)s will not be returned. Customer service can tell you why."),
    ),
    NoticeKind.REFUND_TO_BALANCE: Template(
        _("Refund arrived"), _("%(amount)s of your refund is on your balance.")
    ),
    NoticeKind.TOP_UP_PAID: Template(
        _("Top-up received"), _("We have received your top-up: %(amount)s is on your balance.")
    ),
    NoticeKind.CONSENT_WANTED: Template(
        _("Please decide about your refund"),
        _("%(amount)s cannot go back the way you paid. Do you agree to have it on your balance?"),
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
    NoticeKind.APPOINTMENT_CONFIRMED: Template(
        _("Appointment confirmed"),
        _("%(when)s with doctor %(doctor)s. Your appointment code is %(code)s."),
    ),
    NoticeKind.APPOINTMENT_ASKED: Template(
        _("New appointment to accept"),
        _("A patient would like to come on %(when)s. Please answer by %(until)s."),
    ),
    NoticeKind.APPOINTMENT_BOOKED: Template(
        _("Somebody comes to you"), _("A patient has an appointment with you on %(when)s.")
    ),
    NoticeKind.APPOINTMENT_MOVED: Template(
        _("Appointment moved"), _("It now takes place on %(when)s with doctor %(doctor)s.")
    ),
    NoticeKind.APPOINTMENT_REASSIGNED: Template(
        _("Another doctor sees you"),
        _("Doctor %(doctor)s takes your appointment on %(when)s. You can cancel it in the app."),
    ),
    NoticeKind.APPOINTMENT_WITHDRAWN: Template(
        _("Appointment is no longer yours"), _("You no longer have the appointment on %(when)s.")
    ),
    NoticeKind.APPOINTMENT_CANCELLED: Template(
        _("Appointment cancelled"), _("The appointment on %(when)s was cancelled.")
    ),
    NoticeKind.APPOINTMENT_CALLED_OFF: Template(
        _("Appointment called off"),
        _("We are sorry: your appointment on %(when)s cannot take place. %(money)s"),
    ),
    NoticeKind.APPOINTMENT_CALLED_OFF_NEAR: Template(
        _("Appointment called off"),
        _(
            "We are sorry: your appointment on %(when)s cannot take place. Free times near"
            " it, also with other doctors: %(nearest)s. %(money)s"
        ),
    ),
    NoticeKind.APPOINTMENT_NOT_ACCEPTED: Template(
        _("The doctor did not answer"),
        _("Your appointment on %(when)s was not accepted in time. %(money)s"),
    ),
    NoticeKind.APPOINTMENT_NOT_PAID: Template(
        _("Place released"), _("The place on %(when)s was not paid in time. Please book again.")
    ),
    NoticeKind.APPOINTMENT_ARRIVED: Template(
        _("Your patient is here"), _("The patient of %(when)s has checked in.")
    ),
    NoticeKind.APPOINTMENT_MISSED: Template(
        _("Appointment missed"), _("You did not come to your appointment on %(when)s.")
    ),
    NoticeKind.APPOINTMENT_COMPLETED: Template(
        _("Visit completed"),
        _("Your visit to doctor %(doctor)s is over. Tell us how it was."),
    ),
    NoticeKind.APPOINTMENT_REMINDER: Template(
        _("Your appointment is near"),
        _("%(when)s with doctor %(doctor)s at %(place)s. Your appointment code is %(code)s."),
    ),
    NoticeKind.APPOINTMENT_REMINDER_ONLINE: Template(
        _("Your appointment is near"), _("%(when)s with doctor %(doctor)s, online.")
    ),
    NoticeKind.APPOINTMENT_WITHOUT_CONSENT: Template(
        _("Appointment cancelled"),
        _(
            "You took a consent back. What was booked under the code %(code)s and not accepted"
            " yet was cancelled. %(money)s"
        ),
    ),
    NoticeKind.PLACE_OFFERED: Template(
        _("A place is free for you"),
        _("%(when)s with doctor %(doctor)s. Accept it by %(until)s."),
    ),
    NoticeKind.PLACE_OFFER_OVER: Template(
        _("The offer is over"),
        _("The offered place is kept for you no longer. You stay on the waiting list."),
    ),
    NoticeKind.PLACE_TO_PAY: Template(
        _("A place was taken for you"),
        _("%(when)s with doctor %(doctor)s. Pay by %(until)s to keep it."),
    ),
    NoticeKind.PLACE_FOUND: Template(
        _("A place was taken for you"),
        _("%(when)s with doctor %(doctor)s, who still has to accept."),
    ),
    NoticeKind.PATIENT_WAITS: Template(
        _("A patient waits for a doctor"),
        _("Somebody whom you could help has been waiting. Please come online if you can."),
    ),
    NoticeKind.COMPLAINT_OPENED: Template(
        _("Your complaint was written down"),
        _("Customer service opened a complaint for you. You can follow it in the app."),
    ),
    NoticeKind.COMPLAINT_RECEIVED: Template(
        _("Your complaint has arrived"), _("You get a first answer by %(until)s.")
    ),
    NoticeKind.COMPLAINT_ANSWERED: Template(
        _("Your complaint was answered"), _("There is an answer to your complaint. Please read it.")
    ),
    NoticeKind.COMPLAINT_DECIDED: Template(
        _("Your complaint was decided"),
        _("Please read the outcome. You can accept it, or ask once for another look."),
    ),
    NoticeKind.COMPLAINT_LATE: Template(
        _("We are late with your complaint"),
        _("We are sorry: you should have heard from us by %(until)s. The clinic was reminded."),
    ),
    NoticeKind.COMPLAINT_APPEALED: Template(
        _("Your appeal has arrived"),
        _("Somebody else looks at your complaint. You get an answer by %(until)s."),
    ),
    NoticeKind.COMPLAINT_APPEAL_DECIDED: Template(
        _("Your appeal was decided"), _("Please read the outcome. It is final.")
    ),
    NoticeKind.COMPLAINT_ABOUT_YOU: Template(
        _("A patient complains"),
        _("A complaint concerns you. Read it and tell the clinic your view."),
    ),
    NoticeKind.COMPLAINT_ABOUT_YOU_DECIDED: Template(
        _("A complaint about you was decided"), _("Please read the outcome.")
    ),
    NoticeKind.COMPLAINT_FACTS_ASKED: Template(
        _("The clinic asks you what happened"),
        _("A complaint concerns you. Read the question and answer it by %(until)s."),
    ),
    NoticeKind.COMPLAINT_WITHDRAWN: Template(
        _("A complaint was withdrawn"),
        _("The patient took back a complaint of which you were told. Nothing is to be done."),
    ),
    NoticeKind.COMPLAINT_ABOUT_ANOTHER: Template(
        _("A complaint does not concern you"),
        _("The clinic found that a complaint of which you were told is about another doctor."),
    ),
    NoticeKind.COMPLAINT_DUE: Template(
        _("A complaint is due soon"), _("It must be worked on by %(until)s. Please look at it.")
    ),
    NoticeKind.COMPLAINT_OVERDUE: Template(
        _("A complaint is overdue"), _("A complaint missed its deadline. Please look at it.")
    ),
    NoticeKind.SANCTION_WARNING: Template(
        _("A warning of the clinic"), _("The clinic has warned you. Please read why.")
    ),
    NoticeKind.SANCTION_STOP: Template(
        _("You get no new patients"),
        _("Until %(until)s you get no new consultations. Please end those you have."),
    ),
    NoticeKind.SANCTION_OVER: Template(
        _("You can get patients again"), _("The clinic's decision about you is over.")
    ),
    NoticeKind.WAIT_ENDED: Template(
        _("You left the waiting list"),
        _("You did not take the offered places in time. Please book another time."),
    ),
    NoticeKind.WAIT_CALLED_OFF: Template(
        _("You left the waiting list"),
        _("Your place in line was given up by the clinic. You can book another time."),
    ),
    NoticeKind.WAIT_TIMED_OUT: Template(
        _("No place became free"),
        _("We are sorry: no place became free in time. Please book another time."),
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
MONEY_BACK: Final = _("Your payment goes back to you.")
# Times in parameters carry the offset of the place they belong to, and are shown on its clock.
TIMES: Final = {"starts_at": "when", "until_at": "until"}
FIELDS: Final = (
    *("doctor", "count", "amount", "stars", "code", "place", "nearest"),
    *TIMES.values(),
)


def title(kind: str) -> str:
    """Return the title of a notice in the active language."""
    return str(TEMPLATES[kind].title)


def body(kind: str, params: Mapping[str, Any]) -> str:
    """Return the sentence of a notice in the active language.

    ``amount_fen`` is shown as ``amount``, ``starts_at`` as ``when``, ``until_at`` as ``until``,
    the list ``nearest_at`` as ``nearest``; a missing parameter shows as a dash.
    ``was_paid`` adds that the money goes back to those that speak of ``money``.
    """
    values = dict.fromkeys(FIELDS, "-") | dict(params)
    if "amount_fen" in params:
        values["amount"] = display_fen(params["amount_fen"])
    for name, shown in TIMES.items():
        if params.get(name):
            values[shown] = _moment(params[name])
    if params.get("nearest_at"):
        values["nearest"] = " / ".join(_moment(text) for text in params["nearest_at"])
    values["money"] = MONEY_BACK if params.get("was_paid") else ""
    return (str(TEMPLATES[kind].body) % values).strip()


def _moment(text: str) -> str:
    """Return an RFC 3339 moment on the clock of its own offset, in the active language."""
    return date_format(datetime.fromisoformat(text), gettext("D j M, H:i"))
