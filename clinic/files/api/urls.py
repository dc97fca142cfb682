"""Addresses of files below /api/v1/."""

from django.urls import path

from clinic.files.api import views

urlpatterns = [
    path("files", views.FileListView.as_view()),
    path("files/<uuid:public_id>", views.FileView.as_view()),
]
