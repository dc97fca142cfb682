"""The first step of a log-in to the console: phone and password."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clinic.accounts.console import LoginForm
from clinic.accounts.models import User
from clinic.accounts.selectors import demands_second_factor
from clinic.accounts.services.sign_in import begin_second_step
from clinic.core.clock import now

TICKET = "second_step"  # key of the session; the cookie opens nothing until both steps are done


class LogInPage(LoginView):
    """Django's page of the console; staff with a second step go on to it, not yet logged in."""

    template_name = "admin/login.html"
    authentication_form = LoginForm
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who is logged in has no business here."""
        if request.method == "GET" and admin.site.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        return super().dispatch(request, *args, **kwargs)

    def get_default_redirect_url(self) -> str:
        """Without another wish to the first page."""
        return reverse("admin:index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what pages of the console show."""
        context = {
            **admin.site.each_context(self.request),
            "title": _("Log in"),
            "app_path": self.request.get_full_path(),
            "username": self.request.user.get_username(),
        }
        return super().get_context_data(**context, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Log in, or go on to the second step."""
        user = form.get_user()
        if not demands_second_factor(user):
            return super().form_valid(form)
        self.request.session.cycle_key()
        self.request.session[TICKET] = begin_second_step(user=user, now=now())
        onward = urlencode({"next": self.get_success_url()})
        return HttpResponseRedirect(f"{second_page(user)}?{onward}")


def second_page(user: User) -> str:
    """Return the address of the second step: to prove a second factor, or to set one up."""
    has_one = user.second_factor_at is not None
    return reverse("second-factor" if has_one else "second-factor-set-up")
