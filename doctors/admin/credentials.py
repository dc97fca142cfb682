"""The console's review of papers: pictures beside what the doctor told, then yes or no."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core import audit
from clinic.core.actor import Actor
from clinic.core.clock import clinic_day, now
from clinic.core.columns import pill, state_column
from clinic.core.console import Figure, actor_of, list_link, shows_figures
from clinic.core.history_rows import ActorInline
from clinic.core.roles import Role
from clinic.core.screens import ReadOnlyAdmin
from clinic.core.steps import ADMIN, CodeForm, Step
from clinic.files.papers import PapersAdmin
from clinic.settings import rules
from doctors.enums import CredentialReason, CredentialState
from doctors.models import Credential, CredentialStep, IdentityCheck
from doctors.rules.credentials import has_practised_long
from doctors.selectors.credentials import number_of, present_of, shortens
from doctors.services.credentials import approve, approve_shorter, reject, revoke

TONES = {
    CredentialState.PENDING: "warning",
    CredentialState.APPROVED: "success",
    CredentialState.REJECTED: "danger",
    CredentialState.EXPIRED: "danger",
}
REFUSALS = (
    CredentialReason.UNREADABLE,
    CredentialReason.MISMATCH,
    CredentialReason.NOT_REGISTERED,
    CredentialReason.INCOMPLETE,
)


class RefusalForm(CodeForm):
    """Asks why a paper is refused."""

    choices = tuple((reason.value, reason.label) for reason in REFUSALS)


def _approve(credential: Credential, actor: Actor, _cleaned: dict[str, Any]) -> None:
    approve(credential.pk, now=now(), by=actor)


def _approve_shorter(credential: Credential, actor: Actor, _cleaned: dict[str, Any]) -> None:
    approve_shorter(credential.pk, now=now(), by=actor)


def _reject(credential: Credential, actor: Actor, cleaned: dict[str, Any]) -> None:
    reject(credential.pk, reason=CredentialReason(cleaned["reason"]), now=now(), by=actor)


def _revoke(credential: Credential, actor: Actor, cleaned: dict[str, Any]) -> None:
    revoke(credential.pk, reason=CredentialReason(cleaned["reason"]), now=now(), by=actor)


def _is_shorter(credential: Credential) -> bool:
    return credential.state == CredentialState.PENDING and shortens(credential)


def _is_no_shorter(credential: Credential) -> bool:
    return credential.state == CredentialState.PENDING and not shortens(credential)


def _is(state: CredentialState) -> Callable[[Credential], bool]:
    return lambda credential: credential.state == state


class CredentialStepInline(ActorInline):
    """What became of the paper."""

    model = CredentialStep
    fields = ("at", "from_state", "to_state", "reason", "shown_actor")
    readonly_fields = fields
    show_change_link = False


@admin.register(Credential)
class CredentialAdmin(PapersAdmin):
    """Papers of doctors, those under review first; opening one is in the audit log."""

    icon, place = "badge", 12
    list_display = ("shown_doctor", "kind", "shown_state", "valid_until", "created_at")
    list_filter = ("state", "kind")
    list_select_related = ("doctor",)
    search_fields = ("doctor__name", "public_id")
    ordering = ("-id",)
    inlines = (CredentialStepInline,)
    shown_state = state_column("state", _("state"), TONES)
    readonly_fields = (
        "shown_state", "shown_number", "shown_present", "shown_practice", "shown_pictures",
    )  # fmt: skip
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("doctor", "kind"),
                    ("shown_state", "reason"),
                    ("shown_number", "scope"),
                    ("valid_from", "valid_until"),
                    "shown_present",
                    ("shown_practice", "institution"),
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
            when=_is_no_shorter,
            asks=_("Compare the pictures with the details and with the public register."),
        ),
        Step(
            name="approve_shorter",
            label=_("Approve a shorter one"),
            icon="event_busy",
            run=_approve_shorter,
            when=_is_shorter,
            asks=_("It ends before the approved one: the doctor may work for a shorter time."),
            danger=True,
        ),
        Step(
            name="reject",
            label=_("Reject"),
            icon="gpp_bad",
            run=_reject,
            form=RefusalForm,
            when=_is(CredentialState.PENDING),
            danger=True,
        ),
        Step(
            name="revoke",
            label=_("Revoke"),
            icon="gpp_bad",
            run=_revoke,
            form=RefusalForm,
            when=_is(CredentialState.APPROVED),
            asks=_("Without a required credential the doctor stops working at once."),
            danger=True,
        ),
    )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the paper and note who read it."""
        credential = self.get_object(request, object_id)
        if credential is not None and self.has_view_permission(request, credential):
            actor = actor_of(request)
            audit.record(actor, "credential.read", "credential", credential.public_id)
        answer: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        return answer

    @display(description=_("doctor"), ordering="doctor__name")
    def shown_doctor(self, credential: Credential) -> str:
        """Whose paper it is."""
        return credential.doctor.name

    @display(description=_("number"))
    def shown_number(self, credential: Credential) -> str:
        """The number in full: it is compared with the picture and the register."""
        return number_of(credential)

    @display(description=_("approved one of this kind"))
    def shown_present(self, credential: Credential) -> str:
        """How long the paper holds that this one would replace, and whether this one ends first."""
        is_open = credential.state == CredentialState.PENDING
        present = present_of(credential) if is_open else None
        if present is None:
            return "-"
        until = present.valid_until
        day = {"day": until}
        told = _("without an end") if until is None else _("valid until %(day)s") % day
        if not shortens(credential):
            return str(told)
        return format_html("{} {}", told, pill(_("the new one ends earlier"), "danger"))

    @display(description=_("practises since"))
    def shown_practice(self, credential: Credential) -> str:
        """Since when he practises, and whether that is long enough."""
        since = credential.practising_since
        if since is None:
            return "-"
        years = {"years": rules.PRACTICE_YEARS_MIN}
        if has_practised_long(since, clinic_day(now())):
            told, tone = _("at least %(years)s years") % years, "success"
        else:
            told, tone = _("less than %(years)s years") % years, "danger"
        return format_html("{} {}", since.isoformat(), pill(told, tone))


@admin.register(IdentityCheck)
class IdentityCheckAdmin(ReadOnlyAdmin):
    """When doctors proved who they are."""

    icon, place = "how_to_reg", 14
    list_display = ("doctor", "method", "passed_at")
    list_filter = ("method",)
    list_select_related = ("doctor",)
    search_fields = ("doctor__name",)
    ordering = ("-passed_at",)


@shows_figures(order=35, roles=ADMIN | {Role.AUDITOR})
def credential_figures() -> list[Figure]:
    """How many papers wait for a review."""
    waiting = Credential.objects.filter(state=CredentialState.PENDING).count()
    return [
        Figure(
            _("Credentials to review"),
            str(waiting),
            icon="badge",
            tone="warning" if waiting else "",
            link=list_link("doctors.Credential", "state__exact=pending"),
        )
    ]
