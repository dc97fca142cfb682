"""Console screens of batches, archives, wishes to be forgotten and emergency accesses."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clinic.core.clock import clinic_time
from clinic.core.columns import state_column
from clinic.core.links import account_link
from clinic.core.openings import kinds_in_words
from clinic.core.roles import Role
from clinic.core.screens import ReadOnlyAdmin, ReadOnlyInline
from clinic.privacy.enums import (
    BatchState,
    DeletionState,
    ExportState,
    Kept,
    Obstacle,
    SuspendReason,
)
from clinic.privacy.models import (
    AccountBatch,
    BatchItem,
    DataExport,
    DeletionRequest,
    EmergencyAccess,
)
from clinic.privacy.selectors.batches import batches_with_counts, reason_in_words
from clinic.privacy.selectors.reads import uses_of


class BatchItemInline(ReadOnlyInline):
    """What became of each account, and why not."""

    model = BatchItem
    fields = ("shown_account", "state", "shown_reasons", "shown_kept", "at")
    readonly_fields = fields
    ordering = ("id",)
    show_change_link = False
    per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the accounts along."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("account")

    @display(description=_("account"))
    def shown_account(self, row: Any) -> str:
        """Whose it is, masked."""
        return account_link(row.account)

    @display(description=_("why not"))
    def shown_reasons(self, item: BatchItem) -> str:
        """The reasons in words."""
        return " · ".join(reason_in_words(code) for code in item.reasons) or "-"

    @display(description=_("kept by law"))
    def shown_kept(self, item: BatchItem) -> str:
        """What stays of a nameless account."""
        words = dict(Kept.choices)
        told = [f"{words[code]}: {count}" for code, count in item.kept.items() if count]
        return " · ".join(told) or "-"


@admin.register(AccountBatch)
class AccountBatchAdmin(ReadOnlyAdmin):
    """Acts on many accounts, with progress and report."""

    icon, place = "group_remove", 20
    list_display = ("created_at", "act", "shown_state", "shown_progress", "ordered_by", "ended_at")
    list_filter = ("act", "state")
    ordering = ("-id",)
    fields = (
        ("act", "shown_reason"), ("shown_state", "shown_progress"), "ordered_by",
        ("created_at", "ended_at"), "public_id",
    )  # fmt: skip
    readonly_fields = ("act", "shown_reason", "shown_state", "shown_progress", "ordered_by")
    inlines = (BatchItemInline,)
    shown_state = state_column(
        "state", _("state"), {BatchState.RUNNING: "warning", BatchState.DONE: "success"}
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the accounts by what became of them."""
        rows: QuerySet[Any] = batches_with_counts().select_related("ordered_by")
        return rows if request.user.is_authenticated else rows.none()

    @display(description=_("reason"))
    def shown_reason(self, batch: AccountBatch) -> str:
        """Why, in words."""
        return str(dict(SuspendReason.choices).get(batch.reason, batch.reason or "-"))

    @display(description=_("progress"))
    def shown_progress(self, batch: AccountBatch) -> str:
        """Accounts by state."""
        counts = batch.found_counts
        return _("%(done)s done, %(skipped)s left out, %(failed)s failed, %(pending)s waiting") % (
            counts
        )


@admin.register(DataExport)
class DataExportAdmin(ReadOnlyAdmin):
    """Archives that patients asked for; nobody but they can open one."""

    icon, place = "folder_zip", 30
    list_display = (
        "created_at", "shown_account", "shown_state", "shown_progress", "shown_size", "fetched_at",
    )  # fmt: skip
    readonly_fields = ("shown_account", "shown_state", "shown_progress", "shown_size")
    list_filter = ("state",)
    list_select_related = ("account",)
    search_fields = ("public_id", "account__public_id")
    ordering = ("-id",)
    fields = (
        "shown_account", "shown_state", "shown_progress", "shown_size", "created_at", "fetched_at",
        "public_id",
    )  # fmt: skip
    shown_state = state_column(
        "state",
        _("state"),
        {ExportState.READY: "success", ExportState.FAILED: "danger", ExportState.WAITING: "info"},
    )

    @display(description=_("account"))
    def shown_account(self, row: Any) -> str:
        """Whose it is, masked."""
        return account_link(row.account)

    @display(description=_("progress"))
    def shown_progress(self, export: DataExport) -> str:
        """Parts done."""
        return f"{export.done} / {export.total}" if export.total else "-"

    @display(description=_("size"), ordering="size")
    def shown_size(self, export: DataExport) -> str:
        """How large the file is."""
        return filesizeformat(export.size) if export.size else "-"


@admin.register(DeletionRequest)
class DeletionRequestAdmin(ReadOnlyAdmin):
    """Wishes to be forgotten, and what holds them up."""

    icon, place = "person_off", 40
    list_display = (
        "created_at", "shown_account", "shown_state", "due_at", "shown_blocks", "looked_at",
    )  # fmt: skip
    readonly_fields = ("shown_account", "shown_state", "shown_blocks")
    list_filter = ("state",)
    list_select_related = ("account",)
    search_fields = ("public_id", "account__public_id")
    ordering = ("-id",)
    shown_state = state_column(
        "state",
        _("state"),
        {DeletionState.COOLING: "warning", DeletionState.DONE: "success"},
    )

    @display(description=_("account"))
    def shown_account(self, row: Any) -> str:
        """Whose it is, masked."""
        return account_link(row.account)

    @display(description=_("blocked by"))
    def shown_blocks(self, wish: DeletionRequest) -> str:
        """The obstacles of the last look."""
        words = dict(Obstacle.choices)
        return " · ".join(str(words.get(code, code)) for code in wish.blocked_by) or "-"


@admin.register(EmergencyAccess)
class EmergencyAccessAdmin(ReadOnlyAdmin):
    """Who read whom without a right, why, and what exactly; for supervisors and auditors."""

    icon, place = "emergency", 50
    list_display = (
        "created_at", "reader", "shown_role", "shown_patient", "reason", "ends_at", "told_at",
    )  # fmt: skip
    list_filter = ("reason", "role")
    list_select_related = ("reader", "patient")
    search_fields = ("public_id", "reader__public_id", "patient__public_id")
    ordering = ("-id",)
    fields = (
        ("reader", "shown_role"), "shown_patient", ("reason", "words"), ("created_at", "ends_at"),
        "told_at", "shown_uses", "public_id",
    )  # fmt: skip
    readonly_fields = ("shown_role", "shown_patient", "shown_uses")

    @display(description=_("role"), ordering="role")
    def shown_role(self, access: EmergencyAccess) -> str:
        """As what he read."""
        return str(dict(Role.choices).get(access.role, access.role))

    @display(description=_("patient"))
    def shown_patient(self, access: EmergencyAccess) -> str:
        """Whose data, masked."""
        return account_link(access.patient)

    @display(description=_("opened"))
    def shown_uses(self, access: EmergencyAccess) -> str:
        """What was read under it, oldest first."""
        rows = uses_of(access.public_id)[:200]
        kinds = {"emergency": gettext("opened"), **kinds_in_words()}
        lines = (
            (f"{clinic_time(row.created_at):%H:%M:%S}", kinds.get(kind, kind), public_id[-6:])
            for row in rows
            for kind, _colon, public_id in [row.subject.partition(":")]
        )
        return format_html_join("", "<div>{} {} …{}</div>", lines)
