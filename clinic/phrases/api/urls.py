"""Addresses of phrases below /api/v1/."""

from django.urls import URLPattern, path

from clinic.phrases.api import views

urlpatterns: list[URLPattern] = [
    path("phrases", views.PhraseListView.as_view()),
    path("phrases/<uuid:public_id>", views.PhraseView.as_view()),
    path("phrases/<uuid:public_id>/use", views.PhraseUseView.as_view()),
]
