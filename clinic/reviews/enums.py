"""Words of reviews."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetKind(models.TextChoices):
    """What can be rated; every kind of care shares one review."""

    CONSULTATION = "consultation", _("Consultation")
    APPOINTMENT = "appointment", _("Appointment")
    SERVICE_CHAT = "service_chat", _("Service chat")
    VIDEO_VISIT = "video_visit", _("Video visit")


class ReviewTag(models.TextChoices):
    """The fixed list an author picks from."""

    PATIENT_LISTENER = "patient_listener", _("Listens patiently")
    CLEAR_ANSWER = "clear_answer", _("Explains clearly")
    QUICK_REPLY = "quick_reply", _("Replies quickly")
    PROFESSIONAL = "professional", _("Professional")
    KIND = "kind", _("Kind and warm")
    HELPFUL = "helpful", _("The advice helped")
    SLOW_REPLY = "slow_reply", _("Replies slowly")
    UNCLEAR_ANSWER = "unclear_answer", _("Hard to understand")
    NOT_HELPFUL = "not_helpful", _("Did not help")


class Visibility(models.TextChoices):
    """Whether others see a review; only staff hides."""

    VISIBLE = "visible", _("Visible")
    HIDDEN = "hidden", _("Hidden")
