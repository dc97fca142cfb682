"""Addresses of the room below /api/v1/."""

from django.urls import URLPattern, path

from clinic.records.api import views

ONE = "records/<uuid:public_id>"

urlpatterns: list[URLPattern] = [
    path("records", views.RecordListView.as_view()),
    path(ONE, views.RecordView.as_view()),
    path(f"{ONE}/pdf", views.RecordPdfView.as_view()),
    path(f"{ONE}/addenda", views.AddendaView.as_view()),
    path("diagnosis-codes", views.DiagnosisCodeView.as_view()),
]
