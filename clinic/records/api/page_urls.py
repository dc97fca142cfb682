"""The public page that proves a printed record."""

from django.urls import URLPattern, path

from clinic.records.api.pages import verify_record

urlpatterns: list[URLPattern] = [path("<str:token>", verify_record, name="verify-record")]
