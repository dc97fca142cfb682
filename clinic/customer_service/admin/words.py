"""Console screens of canned replies, macros, tags."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.screens import HouseAdmin
from clinic.customer_service.models import CannedReply, Macro, Tag


@admin.register(CannedReply)
class CannedReplyAdmin(HouseAdmin):
    """Canned replies in both languages; without team and owner everybody may use them."""

    icon, place = "quickreply", 60
    list_display = ("shortcut", "title", "team", "owner", "used_count", "is_active")
    list_filter = ("is_active", "team")
    list_select_related = ("team", "owner")
    search_fields = ("shortcut", "title", "text_zh", "text_en")
    ordering = ("shortcut", "id")
    autocomplete_fields = ("team", "owner")
    readonly_fields = ("used_count",)
    fields = (
        ("shortcut", "title"),
        ("text_zh", "text_en"),
        ("team", "owner"),
        ("is_active", "used_count"),
    )


@admin.register(Macro)
class MacroAdmin(HouseAdmin):
    """Several steps in one click."""

    icon, place = "bolt", 70
    list_display = ("title", "reply", "transfer_to", "ends_chat", "team", "used_count", "is_active")
    list_filter = ("is_active", "ends_chat", "team")
    list_select_related = ("reply", "transfer_to", "team")
    search_fields = ("title", "reply__shortcut")
    ordering = ("title", "id")
    autocomplete_fields = ("reply", "tags", "transfer_to", "team")
    readonly_fields = ("used_count",)
    fields = (
        "title",
        ("reply", "tags"),
        ("transfer_to", "ends_chat"),
        ("team", "is_active"),
        "used_count",
    )


@admin.register(Tag)
class TagAdmin(HouseAdmin):
    """What chats were about."""

    icon, place = "label", 80
    list_display = ("name_zh", "name_en", "shown_colour", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name_zh", "name_en")
    ordering = ("name_zh",)
    fields = (("name_zh", "name_en"), ("colour", "is_active"))

    @display(description=_("colour"), ordering="colour")
    def shown_colour(self, tag: Tag) -> str:
        """The tag in its colour."""
        return format_html(
            '<span class="console-tag" style="background:{}">{}</span>', tag.colour, tag.name_zh
        )
