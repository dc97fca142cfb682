"""Addresses of the room below /api/v1/."""

from django.urls import URLPattern, path

from clinic.complaints.api import doctor_views, patient_views

COMPLAINT = "complaints/<uuid:public_id>"
urlpatterns: list[URLPattern] = [
    path("complaints", patient_views.ComplaintListView.as_view()),
    path(COMPLAINT, patient_views.ComplaintView.as_view()),
    path(f"{COMPLAINT}/notes", patient_views.NoteView.as_view()),
    path(f"{COMPLAINT}/withdraw", patient_views.WithdrawView.as_view()),
    path(f"{COMPLAINT}/accept", patient_views.AcceptView.as_view()),
    path(f"{COMPLAINT}/appeal", patient_views.AppealView.as_view()),
    path("doctor/complaints", doctor_views.ConcerningListView.as_view()),
    path(f"doctor/{COMPLAINT}", doctor_views.ConcerningView.as_view()),
    path(f"doctor/{COMPLAINT}/comments", doctor_views.CommentView.as_view()),
    path("doctor/quality", doctor_views.QualityView.as_view()),
]
