"""Console screens of visit persons; nothing that names a person is shown whole."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.admin import ReadOnlyAdmin
from clinic.core.masking import mask_name, mask_phone
from clinic.patients.models import VisitPerson


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
        "is_default",
        "is_active",
        "account",
    )
    list_filter = ("relation", "gender", "is_active")
    list_select_related = ("account",)
    search_fields = ("public_id", "account__public_id")
    ordering = ("-id",)
    fields = (
        "public_id",
        "account",
        "shown_name",
        "relation",
        "gender",
        "birthday",
        "shown_phone",
        "has_id_number",
        "height_cm",
        "weight_kg",
        "city",
        "is_default",
        "is_active",
        "created_at",
    )

    @display(description=_("name"))
    def shown_name(self, person: VisitPerson) -> str:
        """The name, masked."""
        return mask_name(person.name)

    @display(description=_("phone"))
    def shown_phone(self, person: VisitPerson) -> str:
        """The phone, masked."""
        return mask_phone(person.phone)

    @display(description=_("ID number given"), boolean=True)
    def has_id_number(self, person: VisitPerson) -> bool:
        """Whether there is an ID number; the number itself is never shown."""
        return bool(person.id_number_index)
