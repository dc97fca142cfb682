"""What every console screen is made of: rights by role, what is noted, rows below a thing."""

from typing import Any, ClassVar

import pghistory
from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Model
from django.forms.models import BaseInlineFormSet
from django.forms.utils import pretty_name
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.text import capfirst
from unfold.admin import ModelAdmin, TabularInline

from clinic.core import audit
from clinic.core.console import actor_of, holds, may
from clinic.core.constraints import translate
from clinic.core.openings import note_screen
from clinic.core.roles import Role


class RolePermissions:
    """Who may see and change is read from the one table of console rights, by role."""

    opts: Any

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """The table says view."""
        return may(request, "view", self.opts)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """The table says add."""
        return may(request, "add", self.opts)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """The table says change."""
        return may(request, "change", self.opts)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Nobody removes rows here; they are switched off or closed."""
        return False


class HouseAdmin(RolePermissions, ModelAdmin):
    """A screen of plain fields that staff may edit; every save is put into the audit log."""

    icon: ClassVar[str] = "database"
    place: ClassVar[int] = 50  # order inside the room's menu
    show_full_result_count = False
    list_per_page = 50
    list_filter_submit = True
    warn_unsaved_form = True
    # Who sees a patient's data here, so that it is noted; None: whoever opens the screen.
    readers: ClassVar[frozenset[Role] | None] = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The room is shown to those who may see this screen."""
        return self.has_view_permission(request)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show or save; what the database refuses is told as a sentence, and nothing is stored.

        Who opens data of a patient is noted.
        """
        try:
            with pghistory.context(actor=actor_of(request).label):
                answer = super().changeform_view(request, object_id, form_url, extra_context)
            if object_id and answer.status_code == 200 and self._is_reader(request):
                note_screen(actor_of(request), self.model, object_id)
            return answer
        except IntegrityError as error:
            messages.error(request, translate(error).detail)
            return HttpResponseRedirect(request.get_full_path())

    def _is_reader(self, request: HttpRequest) -> bool:
        return self.readers is None or holds(request, self.readers)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Store the row and who did it."""
        super().save_model(request, obj, form, change)
        verb = "console.change" if change else "console.add"
        fields = sorted(form.changed_data) if form is not None else []
        kind = str(self.opts.model_name)
        audit.record(actor_of(request), verb, kind, public_key(obj), fields=fields)


class ReadOnlyAdmin(HouseAdmin):
    """A screen to look at: nothing is added, changed or removed."""

    warn_unsaved_form = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Nobody changes."""
        return False


class ReadOnlyInline(RolePermissions, TabularInline):
    """Rows below another screen, to look at; shown to whoever sees the screen."""

    extra = 0
    can_delete = False
    show_change_link = True
    hide_title = True  # a row's name repeats its columns
    tab = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """The screen above decides."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Nobody changes."""
        return False


class NamedCells(BaseInlineFormSet):
    """Rows of a table: what is seen at the head of a column is the name of each field below it."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name each field that is shown."""
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if not field.widget.is_hidden:
                widget = getattr(field.widget, "widget", field.widget)  # the chooser in its frame
                label = field.label or pretty_name(name)
                widget.attrs.setdefault("aria-label", capfirst(label))


class EditableInline(RolePermissions, TabularInline):
    """Rows that belong to the thing above and may be added, changed and removed with it."""

    extra = 0
    tab = True
    formset: type[NamedCells] = NamedCells

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 Django's form
        """Who may change may remove."""
        return may(request, "change", self.opts)


def public_key(row: Model) -> str:
    """Return the public id of a row, or its key where it has none (platform tables)."""
    return str(getattr(row, "public_id", row.pk))
