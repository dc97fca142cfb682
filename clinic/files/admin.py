"""Console screen of files: what is stored, never its content."""

from django.contrib import admin

from clinic.core.screens import ReadOnlyAdmin
from clinic.files.models import StoredFile


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnlyAdmin):
    """Uploaded files and whether something took them."""

    icon, place = "attach_file", 10
    list_display = ("created_at", "kind", "mime", "size", "purpose", "owner", "scan", "bound_at")
    list_filter = ("kind", "purpose", "scan", ("bound_at", admin.EmptyFieldListFilter))
    list_select_related = ("owner",)
    search_fields = ("public_id", "sha256", "owner__public_id")
    ordering = ("-id",)
