"""The console's review of identity documents: pictures beside what was told, then yes or no."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import now
from clinic.core.columns import pill, state_column
from clinic.core.console import Figure, actor_of, list_link, shows_figures
from clinic.core.history_rows import ActorInline
from clinic.core.masking import mask_name
from clinic.core.roles import Role
from clinic.core.steps import ADMIN, CodeForm, Step
from clinic.files.papers import PapersAdmin
from clinic.patients.enums import REVIEW_REASONS, DocumentReason, DocumentState
from clinic.patients.models import IdentityDocument, IdentityDocumentStep
from clinic.patients.selectors.documents import number_of, others_with_number
from clinic.patients.services.documents import approve, reject

TONES = {
    DocumentState.PENDING: "warning",
    DocumentState.APPROVED: "success",
    DocumentState.REJECTED: "danger",
}


class DocumentRefusalForm(CodeForm):
    """Asks why a document is refused."""

    choices = tuple((reason.value, reason.label) for reason in REVIEW_REASONS)


def _approve(document: IdentityDocument, actor: Actor, _cleaned: dict[str, Any]) -> None:
    approve(document.pk, now=now(), by=actor)


def _reject(document: IdentityDocument, actor: Actor, cleaned: dict[str, Any]) -> None:
    reject(document.pk, reason=DocumentReason(cleaned["reason"]), now=now(), by=actor)


def _is(state: DocumentState) -> Callable[[IdentityDocument], bool]:
    return lambda document: document.state == state


class IdentityDocumentStepInline(ActorInline):
    """What became of the document."""

    model = IdentityDocumentStep
    fields = ("at", "from_state", "to_state", "reason", "shown_actor")
    readonly_fields = fields
    show_change_link = False


@admin.register(IdentityDocument)
class IdentityDocumentAdmin(PapersAdmin):
    """Documents of visit persons; opening one, and each picture, is in the audit log."""

    icon, place = "id_card", 21
    list_display = ("shown_masked", "kind", "shown_state", "valid_until", "created_at")
    list_filter = ("state", "kind")
    list_select_related = ("person",)
    search_fields = ("public_id", "person__public_id")
    ordering = ("-id",)
    inlines = (IdentityDocumentStepInline,)
    shown_state = state_column("state", _("state"), TONES)
    readonly_fields = ("shown_person", "shown_state", "shown_number", "shown_pictures")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "shown_person",
                    ("kind", "shown_number"),
                    ("shown_state", "reason"),
                    "valid_until",
                    "shown_pictures",
                )
            },
        ),
    )
    steps = (
        Step(
            name="approve",
            label=_("Approve"),
            icon="verified",
            run=_approve,
            when=_is(DocumentState.PENDING),
            asks=_("Compare name, birthday, number and end with the pictures."),
        ),
        Step(
            name="reject",
            label=_("Reject"),
            icon="gpp_bad",
            run=_reject,
            form=DocumentRefusalForm,
            when=_is(DocumentState.PENDING),
            danger=True,
        ),
        Step(
            name="revoke",
            label=_("Revoke"),
            icon="gpp_bad",
            run=_reject,
            form=DocumentRefusalForm,
            when=_is(DocumentState.APPROVED),
            asks=_("Nothing new can be ordered for this person afterwards."),
            danger=True,
        ),
    )

    def note_picture(self, request: HttpRequest, paper: IdentityDocument, side: str) -> None:
        """Note the opening: pictures of identity documents are patient data."""
        owner, how = paper.person.account.public_id, f"console.{side}"
        audit.read(actor_of(request), "identity_document", paper.public_id, patient=owner, how=how)

    @display(description=_("visit person"))
    def shown_masked(self, document: IdentityDocument) -> str:
        """Whose document it is, masked."""
        return mask_name(document.person.name)

    @display(description=_("visit person"))
    def shown_person(self, document: IdentityDocument) -> str:
        """Name, gender and birthday in full: they are compared with the picture."""
        person = document.person
        born = person.birthday.isoformat() if person.birthday else "-"
        return f"{person.name} · {person.get_gender_display()} · {born}"

    @display(description=_("number"))
    def shown_number(self, document: IdentityDocument) -> str:
        """The number in full, and whether others gave the same."""
        others = others_with_number(document)
        warning = _("also given for %(count)s other persons") % {"count": others}
        return format_html("{} {}", number_of(document), pill(warning, "danger") if others else "")


@shows_figures(order=36, roles=ADMIN | {Role.AUDITOR})
def document_figures() -> list[Figure]:
    """How many documents wait for a review."""
    waiting = IdentityDocument.objects.filter(state=DocumentState.PENDING).count()
    return [
        Figure(
            _("Identity documents to review"),
            str(waiting),
            icon="id_card",
            tone="warning" if waiting else "",
            link=list_link("patients.IdentityDocument", "state__exact=pending"),
        )
    ]
