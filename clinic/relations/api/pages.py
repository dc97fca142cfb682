"""The page behind a plain QR of an invite, for cameras that know no mini program."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.relations.selectors.invites import open_invite


@require_safe
def invitation(request: HttpRequest, scene: str) -> HttpResponse:
    """Say who invites and what to do; 404 for what opens nothing."""
    invite = open_invite(scene)
    if invite is None:
        raise Http404
    return render(request, "front/invite.html", {"doctor": invite.doctor})
