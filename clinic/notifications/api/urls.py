"""Addresses of notices below /api/v1/."""

from django.urls import path

from clinic.notifications.api import views

urlpatterns = [
    path("notices", views.NoticeListView.as_view()),
    path("notices/unread-count", views.UnreadCountView.as_view()),
    path("notices/read-all", views.ReadAllNoticesView.as_view()),
    path("notices/<uuid:public_id>/read", views.ReadNoticeView.as_view()),
]
