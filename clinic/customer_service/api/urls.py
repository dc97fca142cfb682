"""Addresses of the room below /api/v1/."""

from django.urls import URLPattern, path

from clinic.customer_service.api import views

urlpatterns: list[URLPattern] = [
    path("service/chats", views.ServiceChatListView.as_view()),
    path("service/chats/<uuid:public_id>", views.ServiceChatView.as_view()),
    path("service/chats/<uuid:public_id>/end", views.EndView.as_view()),
    path("service/chats/<uuid:public_id>/rate", views.RateView.as_view()),
    path("service/queue-status", views.QueueStatusView.as_view()),
    path("service/queue", views.QueueView.as_view()),
    path("service/left-messages", views.LeftMessageListView.as_view()),
    path("service/teams", views.TeamListView.as_view()),
    path("assistant/chats", views.AssistantView.as_view()),
]
