"""Forms that ask once more before they take appointments from people."""

from typing import Any, cast

from django import forms
from django.http import QueryDict


class AsksAgain(forms.ModelForm):
    """Names how many appointments are hit and wants a second save; a new number asks anew."""

    agreed = forms.IntegerField(required=False, widget=forms.HiddenInput, label="")

    def ask(self, hits: int, told: str) -> None:
        """Refuse unless these hits were agreed to; ``told`` names %(count)s."""
        ask_again(self, hits, told)


def ask_again(form: forms.BaseForm, hits: int, told: str) -> None:
    """Refuse a form with the field ``agreed`` unless it agrees to so many hits."""
    if not hits or form.cleaned_data.get("agreed") == hits:
        return
    told_again = cast("QueryDict", form.data).copy()
    told_again["agreed"] = str(hits)
    form.data = cast("Any", told_again)
    form.add_error(None, told % {"count": hits})
