"""Console screens of visit persons; nothing that names a person is shown whole."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.changes import Naming, name_by
from clinic.core.clock import now
from clinic.core.columns import pill, state_column
from clinic.core.links import account_link
from clinic.core.masking import mask_name, mask_phone
from clinic.core.screens import ReadOnlyAdmin, ReadOnlyInline
from clinic.patients.admin import consents as consents  # its screens register themselves
from clinic.patients.admin import documents as documents
from clinic.patients.admin.words import person_link
from clinic.patients.enums import CheckResult, RealName
from clinic.patients.models import RealNameCheck, VisitPerson
from clinic.patients.selectors.real_name import state_of

REAL_NAME_TONES = {
    RealName.PENDING: "info",
    RealName.VERIFIED: "success",
    RealName.FAILED: "danger",
    RealName.STALE: "warning",
}
RESULT_TONES = {
    CheckResult.SAME: "success",
    CheckResult.DIFFERENT: "danger",
    CheckResult.NO_RECORD: "danger",
    CheckResult.AWAY: "warning",
}


class RealNameCheckInline(ReadOnlyInline):
    """What the register said about a person."""

    model = RealNameCheck
    fields = ("day", "try_number", "result", "reference", "started_at", "finished_at")
    readonly_fields = fields
    show_change_link = False


@admin.register(VisitPerson)
class VisitPersonAdmin(ReadOnlyAdmin):
    """For whom accounts seek care."""

    icon, place = "family_restroom", 10
    list_display = (
        "shown_name",
        "relation",
        "gender",
        "birthday",
        "shown_phone",
        "has_id_number",
        "shown_real_name",
        "is_default",
        "is_active",
    )
    list_filter = ("relation", "gender", "real_name_state", "is_active")
    inlines = (RealNameCheckInline,)
    list_select_related = ("account",)
    search_fields = ("public_id", "account__public_id")
    ordering = ("-id",)
    fields = (
        "public_id",
        "shown_account",
        "shown_name",
        "relation",
        "gender",
        "birthday",
        "shown_phone",
        "has_id_number",
        ("shown_real_name", "real_name_at"),
        ("height_cm", "weight_kg", "city"),
        "is_default",
        "is_active",
        "created_at",
    )

    @display(description=_("name"))
    def shown_name(self, person: VisitPerson) -> str:
        """The name, masked."""
        return mask_name(person.name)

    @display(description=_("account"))
    def shown_account(self, person: VisitPerson) -> str:
        """The way to the account, whose name is masked, too."""
        return account_link(person.account)

    @display(description=_("phone"))
    def shown_phone(self, person: VisitPerson) -> str:
        """The phone, masked."""
        return mask_phone(person.phone)

    @display(description=_("ID number given"), boolean=True)
    def has_id_number(self, person: VisitPerson) -> bool:
        """Whether there is an ID number; the number itself is never shown."""
        return bool(person.id_number_index)

    @display(description=_("real name"), ordering="real_name_state")
    def shown_real_name(self, person: VisitPerson) -> str:
        """What is known about name and ID number; an old check is to be repeated."""
        state = state_of(person, now())
        return pill(state.label, REAL_NAME_TONES.get(state, ""))


@admin.register(RealNameCheck)
class RealNameCheckAdmin(ReadOnlyAdmin):
    """Questions to the register; neither name nor number stands in them."""

    icon, place = "badge", 20
    list_display = ("day", "try_number", "shown_person", "shown_result", "reference", "started_at")
    list_filter = ("result", "day")
    list_select_related = ("person",)
    search_fields = ("reference", "person__public_id")
    ordering = ("-id",)
    fields = (
        "day", "try_number", "shown_person", "shown_result", "reference", "started_at",
        "finished_at",
    )  # fmt: skip
    readonly_fields = fields
    shown_result = state_column("result", _("result"), RESULT_TONES)

    @display(description=_("visit person"))
    def shown_person(self, check: RealNameCheck) -> str:
        """Of whom it is, masked."""
        return person_link(check.person)


def _person_in_history(person: VisitPerson) -> str:
    return f"{mask_name(person.name)} ({person.get_relation_display()})"


name_by(
    VisitPerson,
    Naming(
        name=_person_in_history, hidden=frozenset({"account", "birthday", "height_cm", "weight_kg"})
    ),
)
