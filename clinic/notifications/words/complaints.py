"""Complaints and sanctions."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from clinic.notifications.enums import NoticeKind
from clinic.notifications.words.template import Template

TEMPLATES: Final[dict[str, Template]] = {
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
}
