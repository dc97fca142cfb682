"""Addresses of visit persons below /api/v1/."""

from django.urls import path

from clinic.patients.api import views

urlpatterns = [
    path("visit-persons", views.PersonListView.as_view()),
    path("visit-persons/<uuid:public_id>", views.PersonView.as_view()),
]
