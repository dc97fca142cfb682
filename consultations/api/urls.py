"""Addresses of consultations below /api/v1/."""

from django.urls import URLPattern, path

from consultations.api import (
    call_views,
    follow_up_views,
    hold_views,
    intake_views,
    prices,
    record_views,
    transfer_views,
    views,
)

ONE = "consultations/<uuid:public_id>"
OFFER = "doctor/transfers/<uuid:public_id>"

urlpatterns: list[URLPattern] = [
    path("prices", prices.PriceView.as_view()),
    path("intake-form", intake_views.IntakeFormView.as_view()),
    path("consultations", views.ConsultationListView.as_view()),
    path(ONE, views.ConsultationDetailView.as_view()),
    path(f"{ONE}/order", views.OrderView.as_view()),
    path(f"{ONE}/intake", intake_views.IntakeView.as_view()),
    path(f"{ONE}/intake-files/<uuid:file_id>", intake_views.IntakeFileView.as_view()),
    path(f"{ONE}/revisit-check", intake_views.RevisitCheckView.as_view()),
    path(f"{ONE}/accept", views.AcceptView.as_view()),
    path(f"{ONE}/decline", views.DeclineView.as_view()),
    path(f"{ONE}/return", views.ReturnView.as_view()),
    path(f"{ONE}/transfer", transfer_views.TransferView.as_view()),
    path(f"{ONE}/hold", hold_views.HoldView.as_view()),
    path(f"{ONE}/resume", hold_views.ResumeView.as_view()),
    path(f"{ONE}/follow-ups", follow_up_views.PlanView.as_view()),
    path("follow-ups", follow_up_views.FollowUpListView.as_view()),
    path("follow-ups/<uuid:public_id>", follow_up_views.FollowUpView.as_view()),
    path("follow-ups/<uuid:public_id>/answer", follow_up_views.AnswerView.as_view()),
    path(f"{ONE}/calls", call_views.CallsView.as_view()),
    path("calls/reports", call_views.provider_reports),
    path("calls/<uuid:public_id>", call_views.CallView.as_view()),
    path("calls/<uuid:public_id>/recording-consent", call_views.RecordingConsentView.as_view()),
    path("doctor/transfers", transfer_views.TransferListView.as_view()),
    path(f"{OFFER}/accept", transfer_views.AcceptTransferView.as_view()),
    path(f"{OFFER}/decline", transfer_views.DeclineTransferView.as_view()),
    path(f"{ONE}/cancel", views.CancelView.as_view()),
    path(f"{ONE}/complete", views.CompleteView.as_view()),
    path(f"{ONE}/record", record_views.RecordView.as_view()),
    path(f"{ONE}/record/sign", record_views.SignRecordView.as_view()),
    path(f"{ONE}/end", views.EndView.as_view()),
    path(f"{ONE}/refer-offline", views.ReferView.as_view()),
    path(f"{ONE}/review", views.ReviewView.as_view()),
    path(f"{ONE}/history", views.HistoryView.as_view()),
]
