"""Console screens of consents: texts get new versions, what was agreed to is only looked at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.clock import now
from clinic.core.columns import pill
from clinic.core.console import actor_of
from clinic.core.links import account_link
from clinic.core.masking import mask_name
from clinic.core.screens import HouseAdmin, ReadOnlyAdmin, ReadOnlyInline
from clinic.patients.admin.words import person_link
from clinic.patients.enums import ConsentKind
from clinic.patients.models import Consent, ConsentText, ConsentUse
from clinic.patients.selectors.consents import version_in_force
from clinic.patients.services.consent_texts import NewText, publish_text

WORDS = ("title_zh", "title_en", "body_zh", "body_en")


@admin.register(ConsentText)
class ConsentTextAdmin(HouseAdmin):
    """Texts people agree to: a change is a new version, from a moment on."""

    icon, place = "contract", 30
    list_display = ("kind", "version", "shown_title", "effective_from", "shown_force", "shown_next")
    list_filter = ("kind",)
    ordering = ("kind", "-version")
    fields = ("kind", "title_zh", "body_zh", "title_en", "body_en", "effective_from")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """A text never changes."""
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002 Django's form
        """A stored text has a version."""
        return ("kind", "version", *self.fields[1:]) if obj else self.fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsentText]:
        """Load with each version the one that is in force."""
        rows: QuerySet[ConsentText] = super().get_queryset(request)
        return rows.annotate(version_in_force=version_in_force(now()))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the words of the newest version of the kind in the address."""
        found: dict[str, Any] = super().get_changeform_initial_data(request)
        kind = request.GET.get("kind", "")
        newest = ConsentText.objects.filter(kind=kind).order_by("-version").first()
        if newest is not None:
            found |= {name: getattr(newest, name) for name in WORDS}
        return found

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:  # noqa: ARG002 Django's form
        """Publish the next version."""
        told = NewText(kind=ConsentKind(obj.kind), **{name: getattr(obj, name) for name in WORDS})
        stored = publish_text(told=told, effective_from=obj.effective_from, by=actor_of(request))
        for name in ("pk", "version", "public_id"):
            setattr(obj, name, getattr(stored, name))

    @display(description=_("title"))
    def shown_title(self, text: ConsentText) -> str:
        """What the text is called, in the reader's language."""
        return text.title

    @display(description=_("state"))
    def shown_force(self, text: ConsentText) -> str:
        """Whether this version must be agreed to now."""
        if text.effective_from > now():
            return pill(_("to come"), "info")
        is_in_force = text.version == getattr(text, "version_in_force", 0)
        return pill(_("in force"), "success") if is_in_force else pill(_("replaced"))

    @display(description=_("new version"))
    def shown_next(self, text: ConsentText) -> str:
        """The way to the next version, with these words to begin with."""
        address = reverse("admin:patients_consenttext_add")
        return format_html(
            '<a class="console-link" href="{}?kind={}">{}</a>', address, text.kind, _("Write")
        )


class ConsentUseInline(ReadOnlyInline):
    """The consultations that were ordered on a consent."""

    model = ConsentUse
    fields = ("consultation_public_id", "at")
    readonly_fields = fields
    show_change_link = False


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Who agreed to what, for whom."""

    icon, place = "handshake", 40
    list_display = (
        "text", "shown_person", "shown_account", "created_at", "shown_guardian", "shown_state",
    )  # fmt: skip
    list_filter = ("text__kind", "is_by_guardian")
    list_select_related = ("text", "person", "account")
    search_fields = ("public_id", "person__public_id", "uses__consultation_public_id")
    ordering = ("-id",)
    inlines = (ConsentUseInline,)
    fields = (
        "text", ("shown_person", "shown_account"), ("created_at", "shown_state"),
        ("shown_guardian", "guardian_relation"), "revoked_at", "public_id",
    )  # fmt: skip
    readonly_fields = ("shown_person", "shown_account", "shown_guardian", "shown_state")

    @display(description=_("visit person"))
    def shown_person(self, consent: Consent) -> str:
        """For whom, masked."""
        return person_link(consent.person)

    @display(description=_("account"))
    def shown_account(self, consent: Consent) -> str:
        """Who agreed, masked."""
        return account_link(consent.account)

    @display(description=_("guardian"))
    def shown_guardian(self, consent: Consent) -> str:
        """The guardian's name, masked."""
        return mask_name(consent.guardian_name)

    @display(description=_("state"))
    def shown_state(self, consent: Consent) -> str:
        """Standing or revoked."""
        return (
            pill(_("revoked"), "warning") if consent.revoked_at else pill(_("standing"), "success")
        )
