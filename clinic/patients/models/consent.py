"""What people agree to: the texts by version, each consent, and the cases that rest on it."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.core.clock import now
from clinic.core.models import PublicModel
from clinic.patients.enums import ConsentKind, GuardianRelation
from clinic.patients.models.person import VisitPerson


class ConsentText(PublicModel):
    """One version of one text in both languages. The database refuses change: a text that was
    agreed to must stay readable as it was. In force is the highest version whose time has come.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=ConsentKind)
    version = models.PositiveIntegerField(_("version"))
    title_zh = models.CharField(_("title in Chinese"), max_length=100)
    title_en = models.CharField(_("title in English"), max_length=100)
    body_zh = models.TextField(_("text in Chinese"), max_length=20_000)
    body_en = models.TextField(_("text in English"), max_length=20_000)
    effective_from = models.DateTimeField(_("in force from"), default=now)

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="consent_text_version_once"),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="consent_text_versions_begin_at_one"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="consent_texts_frozen", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"

    @property
    def title(self) -> str:
        """What the text is called, in the language that is active now."""
        return self.title_en if _is_english() else self.title_zh

    @property
    def body(self) -> str:
        """The whole text, in the language that is active now; lines are paragraphs."""
        return self.body_en if _is_english() else self.body_zh


class Consent(PublicModel):
    """An account agreed to a text for a visit person; ``created_at`` is when.

    It stands for every later order until it is revoked, once, or a newer text is in force.
    ``guardian_name`` and ``guardian_relation`` are told for persons under the age of consent alone.
    """

    account = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="consents", verbose_name=_("account")
    )
    person = models.ForeignKey(
        VisitPerson,
        on_delete=models.PROTECT,
        related_name="consents",
        verbose_name=_("visit person"),
    )
    text = models.ForeignKey(
        ConsentText, on_delete=models.PROTECT, related_name="consents", verbose_name=_("text")
    )
    is_by_guardian = models.BooleanField(_("given by a guardian"), default=False)
    guardian_name = models.CharField(_("guardian"), max_length=60, blank=True)
    guardian_relation = models.CharField(
        _("guardian is"), max_length=20, choices=GuardianRelation, blank=True
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "-id"], name="consent_of_account")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "text", "is_by_guardian"],
                condition=Q(revoked_at=None),
                name="one_standing_consent",
            ),
            models.CheckConstraint(
                condition=Q(is_by_guardian=False, guardian_name="", guardian_relation="")
                | (Q(is_by_guardian=True) & ~Q(guardian_name="") & ~Q(guardian_relation="")),
                name="consent_names_its_guardian",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("created_at")),
                name="consent_revoked_after_given",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="consents_stay", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="consents_change_by_revoking_alone",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.revoked_at IS NOT NULL OR (to_jsonb(NEW) - 'revoked_at')"
                    " IS DISTINCT FROM (to_jsonb(OLD) - 'revoked_at')"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text_id}: {str(self.public_id)[-6:]}"


class ConsentUse(models.Model):
    """The case that was ordered on a consent; each order has rows of its own, for ever."""

    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, related_name="uses", verbose_name=_("consent")
    )
    consultation_public_id = models.UUIDField(_("consultation"))
    at = models.DateTimeField(_("ordered at"), default=now)

    class Meta:
        verbose_name = _("use of a consent")
        verbose_name_plural = _("uses of consents")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation_public_id", "consent"], name="consent_used_once_per_case"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="consent_uses_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.consultation_public_id}: {self.consent_id}"


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
