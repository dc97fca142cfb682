"""Addresses of the chat below /api/v1/."""

from django.urls import path

from chat.api import views

urlpatterns = [
    path("conversations", views.ConversationListView.as_view()),
    path("conversations/search", views.SearchView.as_view()),
    path("conversations/<uuid:public_id>", views.ConversationView.as_view()),
    path("conversations/<uuid:public_id>/messages", views.MessageListView.as_view()),
    path("conversations/<uuid:public_id>/messages/<uuid:message_id>", views.MessageView.as_view()),
    path("conversations/<uuid:public_id>/delivered", views.DeliveredView.as_view()),
    path("conversations/<uuid:public_id>/read", views.ReadView.as_view()),
]
