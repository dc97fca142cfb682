"""Addresses exactly as the source documents print them: thin routes to the same services."""

from django.urls import URLPattern, path

from consultations.api.seed_views import SeedInitiateView, TriggerAssignmentView

urlpatterns: list[URLPattern] = [
    path("api/admin/trigger-assignment", TriggerAssignmentView.as_view()),  # seed 000
    path("1.1/functions/initiateConsultation", SeedInitiateView.as_view()),  # seed 004
]
