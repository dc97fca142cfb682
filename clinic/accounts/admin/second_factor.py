"""The second step of a log-in to the console, and everybody's own second factor."""

from typing import Any, Final

import segno
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.views import RedirectURLMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView
from unfold.views import UnfoldModelAdminViewMixin
from unfold.widgets import UnfoldAdminTextInputWidget

from clinic.accounts.admin.login import TICKET, second_page
from clinic.accounts.models import SecondFactor, User
from clinic.accounts.selectors import actor_of_user, recovery_codes_left
from clinic.accounts.services.second_factors import (
    begin_setup,
    confirm_setup,
    prove_second_factor,
    renew_recovery_codes,
)
from clinic.accounts.services.sign_in import account_in_second_step
from clinic.core.clock import now
from clinic.core.errors import ClinicError

BACKEND: Final = "clinic.accounts.backends.PhoneBackend"
MARK: Final = "second_factor_drawn"  # in the session: which secret this browser drew
KEYS: Final = {"autocomplete": "one-time-code", "spellcheck": "false"}
FEW: Final = 3  # recovery codes; the person is asked to make new ones
TITLE: Final = _("Second factor")
_guarded = method_decorator(
    [never_cache, sensitive_post_parameters("code", "present")], name="dispatch"
)


class CodeField(forms.CharField):
    """A code of the app, or a recovery code where one is taken."""

    def __init__(self, **kwargs: Any) -> None:
        """Bound the length; browsers may fill it in from the app."""
        super().__init__(max_length=20, widget=UnfoldAdminTextInputWidget(attrs=KEYS), **kwargs)


class ProveForm(forms.Form):
    """The second step."""

    code = CodeField(label=_("Code of your authenticator app, or a recovery code"))


class SetUpForm(forms.Form):
    """The first code of a new app."""

    code = CodeField(label=_("Code that the app shows"))


class ReplaceForm(SetUpForm):
    """Another app in the place of one that still counts."""

    present = CodeField(label=_("Code of the present app, or a recovery code"))
    field_order = ("present", "code")


@_guarded
class StepPage(RedirectURLMixin, FormView):  # type: ignore[type-arg]
    """Base of the pages between password and console: knows whose second step it is."""

    request: HttpRequest
    person: User
    next_page = "admin:index"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read the ticket of the first step; without a good one begin again.

        Who has a second factor proves it, who has none sets it up: neither page is a way around
        the other.
        """
        try:
            ticket = str(request.session.get(TICKET, ""))
            self.person = account_in_second_step(ticket=ticket, now=now())
        except ClinicError as error:
            messages.warning(request, error.sentence)
            return HttpResponseRedirect(reverse("admin:login"))
        if request.path != second_page(self.person):
            return HttpResponseRedirect(f"{second_page(self.person)}?{request.GET.urlencode()}")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what pages of the console show."""
        frame = admin.site.each_context(self.request)
        return super().get_context_data(**frame, app_path=self.request.get_full_path(), **kwargs)

    def let_in(self) -> None:
        """Log the person in to the console."""
        self.request.session.pop(TICKET, None)
        login(self.request, self.person, backend=BACKEND)


class ProvePage(StepPage):
    """Asks staff for the second factor."""

    template_name = "console/second_factor_prove.html"
    form_class = ProveForm
    extra_context = {"title": TITLE}

    def form_valid(self, form: Any) -> HttpResponse:
        """Open the console, or say why not."""
        try:
            prove_second_factor(user=self.person, code=form.cleaned_data["code"], now=now())
        except ClinicError as error:
            form.add_error(None, error.sentence)
            return self.form_invalid(form)
        self.let_in()
        left = recovery_codes_left(self.person.pk)
        if left < FEW:
            few = _("Only %(left)s recovery codes are left. Make new ones under “Second factor”.")
            messages.warning(self.request, few % {"left": left})
        return super().form_valid(form)


class SetUpPage(StepPage):
    """Lets staff set up their first second factor; then they are in."""

    template_name = "console/second_factor_set_up.html"
    form_class = SetUpForm
    extra_context = {"title": TITLE}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the secret and its QR code."""
        return super().get_context_data(**_setup_of(self.person, self.request), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Log in and show the recovery codes, or say why not."""
        try:
            codes = _confirm(self.person, form)
        except ClinicError as error:
            form.add_error(None, error.sentence)
            return self.form_invalid(form)
        self.let_in()
        return _shown_once(self.request, codes, onward=self.get_success_url())


@_guarded
class OwnPage(UnfoldModelAdminViewMixin, FormView):  # type: ignore[type-arg]
    """Everybody's own second factor: set up, replace, new recovery codes."""

    title = TITLE
    template_name = "console/second_factor_own.html"
    request: HttpRequest

    def has_permission(self) -> bool:
        """All of the console's people."""
        return admin.site.has_permission(self.request)

    @property
    def person(self) -> User:
        """Who is logged in."""
        user = self.request.user
        assert isinstance(user, User)
        return user

    def get_form_class(self) -> type[forms.Form]:
        """Whoever has one proves it first."""
        if self.request.POST.get("act") == "renew":
            return ProveForm
        return SetUpForm if self.person.second_factor_at is None else ReplaceForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show what stands, and the next app's secret."""
        form, since = kwargs.pop("form", None) or self.get_form(), self.person.second_factor_at
        is_renewing = isinstance(form, ProveForm)
        return super().get_context_data(
            **kwargs,
            **_setup_of(self.person, self.request),
            form=form,
            since=since,
            left=recovery_codes_left(self.person.pk),
            set_up_form=ReplaceForm(auto_id="new-%s") if is_renewing else form,
            renew_form=form if is_renewing else ProveForm(auto_id="renew-%s"),
        )

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it and show the recovery codes, or say why not."""
        try:
            codes = (
                self._renew(form) if isinstance(form, ProveForm) else _confirm(self.person, form)
            )
        except ClinicError as error:
            form.add_error(None, error.sentence)
            return self.form_invalid(form)
        update_session_auth_hash(self.request, self.person)
        return _shown_once(self.request, codes, onward=reverse("second-factor-own"))

    def _renew(self, form: Any) -> list[str]:
        person, code = self.person, form.cleaned_data["code"]
        return renew_recovery_codes(user=person, code=code, by=actor_of_user(person), now=now())


def own_page(request: HttpRequest) -> HttpResponseBase:
    """Show the own second factor, or change it."""
    screen = admin.site._registry[SecondFactor]  # noqa: SLF001 no public way
    return OwnPage.as_view(model_admin=screen)(request)


def _confirm(person: User, form: Any) -> list[str]:
    told = form.cleaned_data
    return confirm_setup(
        user=person,
        code=told["code"],
        present=told.get("present", ""),
        by=actor_of_user(person),
        now=now(),
    )


def _setup_of(person: User, request: HttpRequest) -> dict[str, str]:
    """Return the secret in groups of four and its QR code as an address of a picture."""
    mark = request.session.get(MARK, "")
    setup = begin_setup(user=person, house=settings.CLINIC_NAME, mark=mark)
    if mark != setup.mark:
        request.session[MARK] = setup.mark
    groups = [setup.secret[start : start + 4] for start in range(0, len(setup.secret), 4)]
    drawn = segno.make(setup.address, error="m", micro=False)
    return {"secret": " ".join(groups), "picture": drawn.svg_data_uri(scale=5, light="#fff")}


def _shown_once(request: HttpRequest, codes: list[str], *, onward: str) -> HttpResponse:
    frame = admin.site.each_context(request)
    told = {**frame, "title": TITLE, "codes": codes, "onward": onward}
    return render(request, "console/second_factor_codes.html", told)
