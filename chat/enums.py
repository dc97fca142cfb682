"""Choices of the chat."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ConversationKind(TextChoices):
    """What a conversation is for."""

    CONSULTATION = "consultation", _("Consultation")
    SERVICE = "service", _("Customer service")
    ASSISTANT = "assistant", _("Assistant")
    RELATION = "relation", _("Doctor and patient")


class MemberRole(TextChoices):
    """What a member is in this conversation, whatever else he is elsewhere."""

    PATIENT = "patient", _("Patient")
    DOCTOR = "doctor", _("Doctor")
    AGENT = "agent", _("Customer service agent")
    ASSISTANT = "assistant", _("Assistant")


class Activity(TextChoices):
    """What shows that a member is there."""

    MESSAGE = "message", _("Message")
    EDIT = "edit", _("Edit")
    READ = "read", _("Reading")
    TYPING = "typing", _("Typing")


class MessageKind(TextChoices):
    """What a message carries."""

    TEXT = "text", _("Text")
    IMAGE = "image", _("Image")
    VOICE = "voice", _("Voice")
    FILE = "file", _("Document")
    LINK = "link", _("Link")
    CARD = "card", _("Card")
    SYSTEM = "system", _("System message")


class MessageStatus(TextChoices):
    """What became of a message; "sending" lives in the client."""

    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    READ = "read", _("Read")


class CardKind(TextChoices):
    """What a card shows a thing of; clients open the thing itself by its id."""

    ORDER = "order", _("Order")
    CONSULTATION = "consultation", _("Consultation")
    APPOINTMENT = "appointment", _("Appointment")
    ARTICLE = "article", _("Article")
    PRESCRIPTION = "prescription", _("Prescription")


class Writing(TextChoices):
    """Who may write: everybody, members within their allowance and till a time, or nobody."""

    OPEN = "open", _("Open")
    LIMITED = "limited", _("Limited")
    CLOSED = "closed", _("Closed")
