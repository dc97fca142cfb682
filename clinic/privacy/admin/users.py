"""The console's list of users: words are sent in a body, so that no name stands in an address."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from unfold.views import UnfoldModelAdminViewMixin
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from clinic.accounts.models import User
from clinic.core.console import Page, actor_of, add_page, holds
from clinic.core.errors import ClinicError
from clinic.core.masking import mask_phone
from clinic.core.roles import Role
from clinic.privacy.enums import AccountState, BatchAct, SuspendReason
from clinic.privacy.models import AccountBatch
from clinic.privacy.selectors.obstacles import obstacles_of
from clinic.privacy.selectors.sheets import user_file
from clinic.privacy.selectors.users import Wanted, find_users, state_of
from clinic.privacy.services.batches import order_batch
from clinic.privacy.services.users import note_file
from clinic.settings import rules

TITLE: Final = _("Users")
LOOKS: Final = frozenset({Role.ADMIN, Role.AUDITOR, Role.CUSTOMER_SERVICE})
TAKES_FILES: Final = frozenset({Role.ADMIN, Role.AUDITOR})
ACTS: Final = frozenset({Role.ADMIN})
SHOWN: Final = 50
LOOKED_AT: Final = 100  # accounts whose obstacles are counted before the act
TONES: Final = {AccountState.ACTIVE: "success", AccountState.SUSPENDED: "warning"}
ANY: Final = ("", _("Any"))

add_page(Page(room="privacy", title=TITLE, url_name="users", icon="manage_accounts", roles=LOOKS))


class FilterForm(forms.Form):
    """Which accounts."""

    words = forms.CharField(
        label=_("Phone, id or name"),
        required=False,
        max_length=60,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[ANY, *Role.choices],
        widget=UnfoldAdminSelectWidget,
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[ANY, *AccountState.choices],
        widget=UnfoldAdminSelectWidget,
    )
    since = forms.DateField(
        label=_("Made from"), required=False, widget=UnfoldAdminDateWidget(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Made until"), required=False, widget=UnfoldAdminDateWidget(attrs={"type": "date"})
    )


class ReasonForm(forms.Form):
    """Why accounts are switched off."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=SuspendReason.choices, widget=UnfoldAdminSelectWidget
    )


class UsersPage(UnfoldModelAdminViewMixin, TemplateView):
    """Shows a page of accounts; filters, words and the page number come by POST."""

    title = TITLE
    template_name = "console/users.html"
    request: HttpRequest

    def has_permission(self) -> bool:
        """Who may look at accounts."""
        return holds(self.request, LOOKS)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Search: a read that only comes by POST."""
        return self.render_to_response(self.get_context_data(given=request.POST))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Bring the rows of the page."""
        form = FilterForm(kwargs.pop("given", None) or {})
        rows = find_users(_wanted(form))
        page, count = _page(self.request), rows.count()
        shown = rows[(page - 1) * SHOWN : page * SHOWN]
        return super().get_context_data(
            **kwargs,
            form=form,
            rows=[_row(user) for user in shown],
            count=count,
            page=page,
            pages=max(1, -(-count // SHOWN)),
            may_act=holds(self.request, ACTS),
            may_take=holds(self.request, TAKES_FILES),
        )


class ConfirmPage(UnfoldModelAdminViewMixin, TemplateView):
    """Shows what would happen to how many, before it happens."""

    title = _("Confirm for many accounts")
    template_name = "console/users_confirm.html"
    request: HttpRequest

    def has_permission(self) -> bool:
        """Administrators."""
        return holds(self.request, ACTS)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Show the counts, or order the batch once it is confirmed."""
        ids, act = _chosen(request), _act(request)
        if act is None or not ids:
            messages.warning(request, _("Choose accounts first."))
            return HttpResponseRedirect(reverse("users"))
        if "confirmed" not in request.POST:
            return self.render_to_response(self.get_context_data(ids=ids, act=act))
        try:
            batch = order_batch(
                act=act,
                accounts=ids,
                by=actor_of(request),
                reason=request.POST.get("reason", ""),
            )
        except ClinicError as error:
            messages.error(request, error.sentence)
            return HttpResponseRedirect(reverse("users"))
        return HttpResponseRedirect(reverse("admin:privacy_accountbatch_change", args=[batch.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Count what is chosen and what would be left out."""
        users = User.objects.filter(public_id__in=kwargs["ids"])
        looked = list(users.prefetch_related("groups").order_by("pk")[:LOOKED_AT])
        is_end = kwargs["act"] == BatchAct.ANONYMISE
        blocked = sum(bool(obstacles_of(user)) for user in looked) if is_end else 0
        return super().get_context_data(
            **kwargs,
            count=users.count(),
            over=users.filter(is_active=False).count(),
            blocked=blocked,
            looked=len(looked),
            is_end=is_end,
            form=None if is_end else ReasonForm(),
        )


def page(request: HttpRequest) -> HttpResponseBase:
    """Show the list."""
    return UsersPage.as_view(model_admin=_screen())(request)


def confirm(request: HttpRequest) -> HttpResponseBase:
    """Ask once more, then begin."""
    if request.method != "POST" or not holds(request, ACTS):
        raise PermissionDenied
    return ConfirmPage.as_view(model_admin=_screen())(request)


def file(request: HttpRequest) -> HttpResponseBase:
    """Give the accounts that fit as CSV; who took it is noted."""
    if request.method != "POST" or not holds(request, TAKES_FILES):
        raise PermissionDenied
    wanted = _wanted(FilterForm(request.POST))
    told = {"role": wanted.role, "state": wanted.state, "searched": bool(wanted.words)}
    note_file(by=actor_of(request), kind="users", **told)
    return user_file(wanted)


def _screen() -> Any:
    return admin.site._registry[AccountBatch]  # noqa: SLF001 no public way


def _wanted(form: FilterForm) -> Wanted:
    """Return what the form says; an odd field means all."""
    form.is_valid()
    return Wanted(**{name: value for name, value in form.cleaned_data.items() if value})


def _page(request: HttpRequest) -> int:
    text = request.POST.get("page", "1")
    return min(max(int(text), 1), 10_000) if text.isdecimal() and len(text) < 7 else 1


def _chosen(request: HttpRequest) -> list[UUID]:
    found = []
    for text in request.POST.getlist("user")[: rules.ACCOUNT_BATCH_MAX]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _act(request: HttpRequest) -> BatchAct | None:
    text = request.POST.get("act", "")
    return BatchAct(text) if text in BatchAct.values else None


def _row(user: User) -> dict[str, Any]:
    names = dict(Role.choices)
    state = state_of(user)
    return {
        "id": str(user.public_id),
        "name": user.name or str(user.public_id),
        "phone": mask_phone(user.phone),
        "roles": [str(names.get(group.name, group.name)) for group in user.groups.all()],
        "state": state.label,
        "tone": TONES.get(state, ""),
        "created_at": user.created_at,
        "link": reverse("admin:accounts_user_change", args=[user.pk]),
    }
