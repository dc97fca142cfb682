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
    STAFF_ATTENTION = "staff_attention", _("Needs staff")
    SERVICE_ASSIGNED = "service_assigned", _("Customer service is there")
    LEFT_MESSAGE_ANSWERED = "left_message_answered", _("Left message answered")
    DESK_MENTIONED = "desk_mentioned", _("Mentioned at the desk")
