"""Tables of consultations."""

from consultations.models.assignment import Assignment, AssignmentAttempt
from consultations.models.board import Nudge, StaffCare
from consultations.models.call import CallLeg, PhoneCall
from consultations.models.consultation import Consultation, ConsultationQuerySet
from consultations.models.extra_place import ExtraPlace
from consultations.models.follow_up import FollowUp
from consultations.models.history import ConsultationEvent
from consultations.models.hold import Hold
from consultations.models.intake import IntakeFile, IntakeSheet, RaisedFlag, RevisitCheck
from consultations.models.push import DoctorPush
from consultations.models.red_flag import RedFlag
from consultations.models.signature import SignedCase
from consultations.models.transfer import Transfer

__all__ = [
    "Assignment",
    "AssignmentAttempt",
    "CallLeg",
    "Consultation",
    "ConsultationEvent",
    "ConsultationQuerySet",
    "DoctorPush",
    "ExtraPlace",
    "FollowUp",
    "Hold",
    "IntakeFile",
    "IntakeSheet",
    "Nudge",
    "PhoneCall",
    "RaisedFlag",
    "RedFlag",
    "RevisitCheck",
    "SignedCase",
    "StaffCare",
    "Transfer",
]
