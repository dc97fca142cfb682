"""Console screens of phrases: staff keep those of the house; doctors' own are theirs."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from clinic.core.screens import HouseAdmin
from clinic.phrases.models import Phrase


@admin.register(Phrase)
class PhraseAdmin(HouseAdmin):
    """Phrases that every doctor finds in his list."""

    icon, place = "format_quote", 10
    list_display = ("type", "text", "order", "is_active")
    list_filter = ("type", "is_active")
    search_fields = ("text",)
    ordering = ("type", "order", "id")
    fields = ("type", "text", "order", "is_active")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The phrases of the house."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(doctor=None)
