"""The clinic's addresses and the empty view that everything is compared with."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from appointments.api.lookup_views import LookupView
from clinic.urls import urlpatterns as clinic_patterns

LookupView.rate = "1000000/m"  # two hundred patients ask for their codes all the time


def hello(_request: HttpRequest) -> HttpResponse:
    """Answer without doing anything."""
    return HttpResponse(b"hello", content_type="text/plain")


urlpatterns = [path("bench/hello", hello), *clinic_patterns]
