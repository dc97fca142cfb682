"""The clinic's addresses and the empty view that everything is compared with."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from appointments.api.lookup_views import LookupView
from appointments.api.slot_views import DoctorSlotView, TypeSlotView
from clinic.core.routes import RouteTree
from clinic.urls import urlpatterns as clinic_patterns

LookupView.rate = "1000000/m"  # two hundred patients ask for their codes all the time


def hello(_request: HttpRequest) -> HttpResponse:
    """Answer without doing anything."""
    return HttpResponse(b"hello", content_type="text/plain")


# The same doors without kept answers: what the first who asks waits for.
COMPUTED = "api/v1/bench"
_routes = [
    path("bench/hello", hello),
    path(f"{COMPUTED}/doctors/<uuid:public_id>/slots", DoctorSlotView.as_view(keeps=False)),
    path(f"{COMPUTED}/appointment-types/<str:code>/slots", TypeSlotView.as_view(keeps=False)),
    *clinic_patterns,
]
urlpatterns = [RouteTree(_routes)]
