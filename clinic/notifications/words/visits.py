"""Appointments and the waiting list."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from clinic.notifications.enums import NoticeKind
from clinic.notifications.words.template import Template

TEMPLATES: Final[dict[str, Template]] = {
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
}
