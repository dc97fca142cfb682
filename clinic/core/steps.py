"""Buttons of console screens that move a thing by calling its service."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pghistory
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from clinic.core.actor import Actor
from clinic.core.console import actor_of, holds
from clinic.core.errors import ClinicError
from clinic.core.roles import Role
from clinic.core.screens import HouseAdmin, ReadOnlyAdmin

ADMIN = frozenset({Role.ADMIN})


class NoForm(forms.Form):
    """A step that asks nothing."""


class ReasonForm(forms.Form):
    """A step that asks why; the reason goes to the audit log and must not hold medical text."""

    reason = forms.CharField(
        label=_("Reason"), max_length=120, widget=UnfoldAdminTextInputWidget, strip=True
    )


class CodeForm(forms.Form):
    """A step that asks for one of a few reasons; subclasses give the choices."""

    widget: ClassVar[type[forms.Select]] = UnfoldAdminSelectWidget
    choices: ClassVar[Sequence[tuple[str, str | Promise]]] = ()
    reason = forms.ChoiceField(label=_("Reason"), widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fill in the choices."""
        super().__init__(*args, **kwargs)
        if "reason" in self.fields:
            self.fields["reason"] = forms.ChoiceField(
                label=_("Reason"), choices=list(self.choices), widget=self.widget
            )


@dataclass(frozen=True, kw_only=True)
class Step:
    """One button that moves a thing by calling its service.

    ``run`` gets the row, the actor and the cleaned form; a ClinicError it raises or a text it
    returns tells why nothing was done. ``when`` says whether the button makes sense for a row,
    ``who`` whether for this person; the service decides again. ``asks`` is a sentence to confirm,
    or says it of a row. ``form_for`` makes the form where what can be chosen depends on the row.
    """

    name: str
    label: str | Promise
    run: Callable[[Any, Actor, dict[str, Any]], object]
    roles: frozenset[Role] = ADMIN
    when: Callable[[Any], bool] = lambda _row: True
    who: Callable[[Any, Actor], bool] = lambda _row, _actor: True
    asks: str | Promise | Callable[[Any], str] = ""
    form: type[forms.Form] = NoForm
    form_for: Callable[[Any], type[forms.Form]] | None = None
    icon: str = "play_arrow"
    danger: bool = False
    in_list: bool = False

    def form_of(self, row: Any) -> type[forms.Form]:
        """Return the form for a row."""
        return self.form if self.form_for is None else self.form_for(row)

    def question_of(self, row: Any) -> str:
        """Return the sentence to confirm for a row; empty for none."""
        return self.asks(row) if callable(self.asks) else str(self.asks)


class Steps(HouseAdmin):
    """Buttons that move a thing, on its page and in its list."""

    steps: ClassVar[tuple[Step, ...]] = ()
    change_form_outer_before_template = "console/steps.html"

    def get_urls(self) -> list[URLPattern]:
        """Add one POST address for all steps."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        view = self.admin_site.admin_view(self.step_view)
        return [path("<path:object_id>/step/<slug:step>/", view, name=name), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show the steps that make sense now above the fields."""
        context = {**(extra_context or {}), "steps": self._offered(request, object_id)}
        return super().changeform_view(request, object_id, form_url, context)

    def step_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """Do one step and go back to the row."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        chosen = next((item for item in self.steps if item.name == step), None)
        row = self.get_object(request, object_id)
        if chosen is None or row is None or not holds(request, chosen.roles):
            raise PermissionDenied
        form = chosen.form_of(row)(request.POST)
        if form.is_valid():
            self.take_step(request, chosen, row, form.cleaned_data)
        else:
            messages.error(request, " ".join(str(e) for es in form.errors.values() for e in es))
        return HttpResponseRedirect(self._address(row))

    def take_step(
        self, request: HttpRequest, step: Step, row: Model, cleaned: dict[str, Any]
    ) -> bool:
        """Call the service; True when it was done. The outcome is told as a message."""
        try:
            actor = actor_of(request)
            with pghistory.context(actor=actor.label):
                outcome = step.run(row, actor, cleaned)
        except ClinicError as error:
            messages.error(request, error.sentence)
            return False
        if isinstance(outcome, str):
            messages.warning(request, outcome)
            return False
        messages.success(request, _("Done: %(step)s") % {"step": step.label})
        return True

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer steps without questions for several rows at once."""
        actions: dict[str, Any] = super().get_actions(request)
        for step in self.steps:
            if step.in_list and holds(request, step.roles):
                actions[step.name] = (_many(step), step.name, step.label)
        return actions

    def _offered(self, request: HttpRequest, object_id: str | None) -> list[dict[str, Any]]:
        row = self.get_object(request, object_id) if object_id else None
        if row is None:
            return []
        actor = actor_of(request)
        return [
            {
                "step": step,
                "form": step.form_of(row)(auto_id=f"{step.name}-%s"),
                "asks": step.question_of(row),
                "address": self._address(row, step),
            }
            for step in self.steps
            if holds(request, step.roles) and step.when(row) and step.who(row, actor)
        ]

    def _address(self, row: Model, step: Step | None = None) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if step is None:
            return reverse(f"{name}_change", args=[row.pk])
        return reverse(f"{name}_step", args=[row.pk, step.name])


def _many(step: Step) -> Callable[[Steps, HttpRequest, QuerySet[Any]], None]:
    def action(screen: Steps, request: HttpRequest, rows: QuerySet[Any]) -> None:
        for row in rows[:200]:
            screen.take_step(request, step, row, {})

    return action


class StateAdmin(Steps, ReadOnlyAdmin):
    """A screen of a thing with states: all is read-only and moves only by steps."""
