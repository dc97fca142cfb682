"""The clinic's addresses and the empty view that everything is compared with."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from clinic.urls import urlpatterns as clinic_patterns


def hello(_request: HttpRequest) -> HttpResponse:
    """Answer without doing anything."""
    return HttpResponse(b"hello", content_type="text/plain")


urlpatterns = [path("bench/hello", hello), *clinic_patterns]
