"""Addresses of the room below /api/v1/."""

from django.urls import URLPattern, path

from clinic.reviews.api.views import ReviewReplyView, ReviewView

urlpatterns: list[URLPattern] = [
    path("reviews/<uuid:public_id>", ReviewView.as_view()),
    path("reviews/<uuid:public_id>/reply", ReviewReplyView.as_view()),
]
