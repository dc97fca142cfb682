"""Identity documents of people without a Chinese ID number, and each review step of them."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import now
from clinic.core.models import PublicModel
from clinic.files.models import StoredFile
from clinic.patients.enums import DOCUMENT_MOVES, DocumentKind, DocumentReason, DocumentState
from clinic.patients.models.person import VisitPerson

WITH_REASON = (DocumentState.REJECTED, DocumentState.WITHDRAWN)


class IdentityDocument(PublicModel):
    """One document of a person as it was handed in; a newer one is a new row.

    ``number_sealed`` is AES-GCM text, ``number_index`` its keyed hash; both are emptied when the
    account is deleted. ``valid_until`` is inclusive, null means without an end. One per person is
    under review at most. State and reason change by ``services.documents`` alone.
    """

    person = models.ForeignKey(
        VisitPerson,
        on_delete=models.PROTECT,
        related_name="documents",
        verbose_name=_("visit person"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind)
    state = models.CharField(
        _("state"), max_length=10, choices=DocumentState, default=DocumentState.PENDING
    )
    reason = models.CharField(_("reason"), max_length=20, choices=DocumentReason, blank=True)
    number_sealed = models.CharField(_("number, encrypted"), max_length=200, blank=True)
    number_index = models.CharField(_("number, index"), max_length=64, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    front = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("front")
    )
    back = models.OneToOneField(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("back"),
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, editable=False)

    class Meta:
        verbose_name = _("identity document")
        verbose_name_plural = _("identity documents")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "-id"], name="document_of_person"),
            models.Index(fields=["id"], condition=Q(state="pending"), name="document_to_review"),
            models.Index(
                fields=["number_index"], condition=~Q(number_index=""), name="document_by_number"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state=DocumentState.PENDING),
                name="one_document_under_review",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=WITH_REASON) & ~Q(reason=""))
                | (~Q(state__in=WITH_REASON) & Q(reason="")),
                name="document_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(number_sealed="", number_index="")
                | (~Q(number_sealed="") & ~Q(number_index="")),
                name="document_sealed_with_index",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="document_moves",
                field="state",
                transitions=[
                    (str(state), str(to))
                    for state, row in DOCUMENT_MOVES.items()
                    for to in sorted(row)
                ],
            ),
            pgtrigger.Protect(name="document_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {str(self.public_id)[-6:]}"


class IdentityDocumentStep(models.Model):
    """One step of one document, for ever; the database refuses two ways out of a state."""

    document = models.ForeignKey(
        IdentityDocument, on_delete=models.PROTECT, related_name="steps", verbose_name=_("document")
    )
    from_state = models.CharField(_("from"), max_length=10, choices=DocumentState, blank=True)
    to_state = models.CharField(_("to"), max_length=10, choices=DocumentState)
    reason = models.CharField(_("reason"), max_length=20, choices=DocumentReason, blank=True)
    actor = models.CharField(_("actor"), max_length=80)
    at = models.DateTimeField(_("at"), default=now)

    class Meta:
        verbose_name = _("step of an identity document")
        verbose_name_plural = _("steps of identity documents")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "from_state"], name="document_leaves_a_state_once"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="document_steps_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_state} -> {self.to_state}"
