"""Console screens of notices."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.audit_words import kind_words
from clinic.core.screens import ReadOnlyAdmin
from clinic.notifications.models import Notice


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What people were told, and whether they saw it."""

    icon, place = "notifications", 10
    list_display = ("created_at", "kind", "shown_user", "shown_subject", "read_at")
    list_filter = ("kind", ("read_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("public_id", "subject_public_id", "user__public_id")
    ordering = ("-id",)
    fields = ("created_at", "shown_user", "kind", "params", "shown_subject", "read_at")
    readonly_fields = fields

    @display(description=_("account"), ordering="user")
    def shown_user(self, notice: Notice) -> str:
        """Who was told."""
        return str(notice.user)

    @display(description=_("subject kind"), ordering="subject_kind")
    def shown_subject(self, notice: Notice) -> str:
        """What the notice is about, in words."""
        return kind_words(notice.subject_kind) or "-"
