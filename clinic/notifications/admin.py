"""Console screens of notices."""

from django.contrib import admin

from clinic.core.admin import ReadOnlyAdmin
from clinic.notifications.models import Notice


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What people were told, and whether they saw it."""

    icon, place = "notifications", 10
    list_display = ("created_at", "kind", "user", "subject_kind", "read_at")
    list_filter = ("kind", ("read_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("public_id", "subject_public_id", "user__public_id")
    ordering = ("-id",)
