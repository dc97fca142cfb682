"""A message, its former texts, and how fast a person writes."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chat.enums import MemberRole, MessageKind
from chat.models.conversation import Conversation
from clinic.core.models import PublicModel
from clinic.files.models import StoredFile
from clinic.settings import rules

# An edit gives another text to a message of people, a recall takes everything out of it. Either
# comes with a later revision and leaves the former text behind; nothing else passes.
MOVING = "text[] := '{body,extra,rev,edited_at,recalled_at,changed_by_id,recall_reason}'::text[]"
KEEP_FORMER_TEXT = """
IF TG_OP = 'DELETE'
  OR (to_jsonb(NEW) - moving) IS DISTINCT FROM (to_jsonb(OLD) - moving)
  OR OLD.recalled_at IS NOT NULL OR OLD.kind = 'system' OR NEW.rev <= OLD.rev
  OR (NEW.recalled_at IS NULL AND (OLD.kind <> 'text' OR NEW.edited_at IS NULL
    OR NEW.extra IS DISTINCT FROM OLD.extra OR NEW.recall_reason <> ''))
  OR (NEW.recalled_at IS NOT NULL AND NEW.edited_at IS DISTINCT FROM OLD.edited_at)
THEN RAISE EXCEPTION 'Cannot update or delete rows from chat_message beside edit and recall';
END IF;
INSERT INTO chat_messagerevision (message_id, rev, replaced_rev, replaced_at, replaced_by_id,
  is_recall, reason, body, extra)
VALUES (OLD.id, OLD.rev, NEW.rev, COALESCE(NEW.recalled_at, NEW.edited_at), NEW.changed_by_id,
  NEW.recalled_at IS NOT NULL, NEW.recall_reason, OLD.body, OLD.extra);
RETURN NEW;
"""


# Former texts stay; those of dialogue that was kept long enough may be emptied, nothing else.
KEEP_TILL_FORGOTTEN = """
IF TG_OP = 'DELETE' OR NEW.body <> '' OR NEW.extra IS NOT NULL
  OR (to_jsonb(NEW) - moving) IS DISTINCT FROM (to_jsonb(OLD) - moving)
  OR NOT EXISTS (SELECT FROM chat_message m WHERE m.id = OLD.message_id
    AND m.created_at < now() - interval 'KEPT years')
THEN RAISE EXCEPTION 'Cannot update or delete rows from chat_messagerevision';
END IF;
RETURN NEW;
""".replace("KEPT", str(rules.DIALOGUE_KEPT_YEARS))


class Message(PublicModel):
    """One stored message; it is medical record, so each former text is kept by the database.

    ``created_at`` is when it was sent. A system message has no sender, a ``code`` and ``params``
    (ids, names of things, numbers); its sentence is made in the reader's language. ``rev`` is the
    conversation's revision at which it was sent, last edited or recalled. A recalled one is empty.
    ``extra`` of a message with an attachment tells name, media type and size of the file.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    seq = models.PositiveIntegerField(_("number"))
    rev = models.PositiveIntegerField(_("revision"))
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    role = models.CharField(_("role"), max_length=10, choices=MemberRole.choices, blank=True)
    client_id = models.CharField(_("client id"), max_length=64, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=MessageKind.choices)
    body = models.TextField(_("body"), blank=True)
    extra = models.JSONField(_("extra"), null=True, blank=True)
    code = models.CharField(_("code"), max_length=40, blank=True)
    params = models.JSONField(_("parameters"), null=True, blank=True)
    attachment = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("attachment"),
    )
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    recalled_at = models.DateTimeField(_("recalled at"), null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    recall_reason = models.CharField(_("reason"), max_length=200, blank=True, db_default="")

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="one_message_per_number"),
            models.UniqueConstraint(
                fields=["conversation", "rev"], name="one_message_per_revision"
            ),
            models.UniqueConstraint(
                fields=["conversation", "sender", "client_id"],
                condition=Q(sender__isnull=False),
                name="one_message_per_client_id",
            ),
            models.CheckConstraint(
                condition=Q(kind=MessageKind.SYSTEM, sender=None)
                | (~Q(kind=MessageKind.SYSTEM) & Q(sender__isnull=False) & ~Q(client_id="")),
                name="only_system_has_no_sender",
            ),
            models.UniqueConstraint(fields=["attachment"], name="one_message_per_attachment"),
            models.CheckConstraint(
                condition=Q(attachment=None) & ~Q(kind__in=["voice", "file"])
                | Q(attachment__isnull=False, kind__in=["image", "voice", "file"]),
                name="kind_fits_attachment",
            ),
            models.CheckConstraint(
                condition=Q(recalled_at=None) | Q(body="", extra=None),
                name="recalled_message_is_empty",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="message_keeps_former_text",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                declare=[("moving", MOVING)],
                func=KEEP_FORMER_TEXT,
            )
        ]

    def __str__(self) -> str:
        return f"#{self.conversation_id}.{self.seq}"


class MessageRevision(models.Model):
    """What a message held from revision ``rev`` until it was edited or recalled.

    Written by the trigger of the message alone, and kept; ``services.forgetting`` empties it after
    the years of dialogue.
    """

    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, related_name="revisions", db_index=False
    )
    rev = models.PositiveIntegerField(_("revision"))
    replaced_rev = models.PositiveIntegerField(_("replaced at revision"))
    replaced_at = models.DateTimeField(_("replaced at"))
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
    )
    is_recall = models.BooleanField(_("recalled"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    body = models.TextField(_("body"), blank=True)
    extra = models.JSONField(_("extra"), null=True, blank=True)

    class Meta:
        verbose_name = _("former text")
        verbose_name_plural = _("former texts")
        constraints = [
            models.UniqueConstraint(
                fields=["message", "replaced_rev"], name="one_former_text_per_revision"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="former_text_append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                declare=[("moving", "text[] := '{body,extra}'::text[]")],
                func=KEEP_TILL_FORGOTTEN,
            )
        ]

    def __str__(self) -> str:
        return f"#{self.message_id} at {self.rev}"


class Pace(models.Model):
    """How many messages a person sent in the running minute, over all devices and doors."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    window_start = models.DateTimeField(_("window start"))
    used = models.PositiveIntegerField(_("used"))

    class Meta:
        verbose_name = _("sending pace")
        verbose_name_plural = _("sending paces")

    def __str__(self) -> str:
        return f"#{self.user_id}: {self.used}"
