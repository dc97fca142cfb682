"""Kinds of notices."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class NoticeKind(TextChoices):
    """What a notice tells; its sentences stand in ``sentences.TEMPLATES``."""

    ORDER_PAID = "order_paid", _("Order paid")
    DOCTOR_ASSIGNED = "doctor_assigned", _("Doctor assigned")
    CONSULTATION_OFFERED = "consultation_offered", _("New consultation")
    CONSULTATION_ACCEPTED = "consultation_accepted", _("Consultation accepted")
    CONSULTATION_RETURNED = "consultation_returned", _("Doctor is being changed")
    MESSAGE_WAITING = "message_waiting", _("Message waiting")
    CONSULTATION_COMPLETED = "consultation_completed", _("Consultation completed")
    CONSULTATION_CANCELLED = "consultation_cancelled", _("Consultation cancelled")
    REFUND_STARTED = "refund_started", _("Refund started")
    REFUND_SUCCEEDED = "refund_succeeded", _("Refund succeeded")
    REFUND_REFUSED = "refund_refused", _("Refund refused")
    REFUND_TO_BALANCE = "refund_to_balance", _("Refund on the balance")
    TOP_UP_PAID = "top_up_paid", _("Top-up paid")
    CONSENT_WANTED = "consent_wanted", _("Consent wanted")
    REVIEW_RECEIVED = "review_received", _("Review received")
    NOBODY_FOUND = "nobody_found", _("Nobody found")
    REFERRED_OFFLINE = "referred_offline", _("Referred to a visit in person")
    CREDENTIAL_APPROVED = "credential_approved", _("Credential approved")
    CREDENTIAL_REJECTED = "credential_rejected", _("Credential refused")
    CREDENTIAL_ENDING = "credential_ending", _("Credential ends soon")
    CREDENTIAL_ENDED = "credential_ended", _("Credential ended")
    DOCTOR_CREDENTIAL_ENDING = "doctor_credential_ending", _("A doctor's credential ends soon")
    DOCTOR_CREDENTIAL_ENDED = "doctor_credential_ended", _("A doctor's credential ended")
    IDENTITY_WANTED = "identity_wanted", _("Identity check wanted")
    STAFF_ATTENTION = "staff_attention", _("Needs staff")
    SERVICE_ASSIGNED = "service_assigned", _("Customer service is there")
    LEFT_MESSAGE_ANSWERED = "left_message_answered", _("Left message answered")
    DESK_MENTIONED = "desk_mentioned", _("Mentioned at the desk")
    APPOINTMENT_CONFIRMED = "appointment_confirmed", _("Appointment confirmed")
    APPOINTMENT_ASKED = "appointment_asked", _("Appointment to accept")
    APPOINTMENT_BOOKED = "appointment_booked", _("Appointment with you booked")
    APPOINTMENT_MOVED = "appointment_moved", _("Appointment moved")
    APPOINTMENT_REASSIGNED = "appointment_reassigned", _("Appointment with another doctor")
    APPOINTMENT_WITHDRAWN = "appointment_withdrawn", _("Appointment given away")
    APPOINTMENT_CANCELLED = "appointment_cancelled", _("Appointment cancelled")
    APPOINTMENT_CALLED_OFF = "appointment_called_off", _("Appointment called off")
    APPOINTMENT_CALLED_OFF_NEAR = (
        "appointment_called_off_near",
        _("Appointment called off, with free times"),
    )
    APPOINTMENT_NOT_ACCEPTED = "appointment_not_accepted", _("Appointment not accepted")
    APPOINTMENT_NOT_PAID = "appointment_not_paid", _("Appointment not paid")
    APPOINTMENT_ARRIVED = "appointment_arrived", _("Patient has arrived")
    APPOINTMENT_MISSED = "appointment_missed", _("Appointment missed")
    APPOINTMENT_COMPLETED = "appointment_completed", _("Visit completed")
    APPOINTMENT_REMINDER = "appointment_reminder", _("Reminder of a visit")
    APPOINTMENT_REMINDER_ONLINE = "appointment_reminder_online", _("Reminder of an online visit")
    PLACE_OFFERED = "place_offered", _("Place offered")
    PLACE_OFFER_OVER = "place_offer_over", _("Offer of a place is over")
    PLACE_TO_PAY = "place_to_pay", _("Place to be paid")
    PLACE_FOUND = "place_found", _("Place found")
    WAIT_ENDED = "wait_ended", _("Off the waiting list")
    WAIT_TIMED_OUT = "wait_timed_out", _("Waiting list timed out")
