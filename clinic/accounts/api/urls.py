"""Addresses of accounts below /api/v1/; ``me`` stands with privacy, which ends accounts."""

from django.urls import path

from clinic.accounts.api import views

urlpatterns = [
    path("auth/codes", views.SendCodeView.as_view()),
    path("auth/register", views.RegisterView.as_view()),
    path("auth/login", views.LogInView.as_view()),
    path("auth/login-by-code", views.LogInByCodeView.as_view()),
    path("auth/second-factor", views.SecondFactorView.as_view()),
    path("auth/refresh", views.RefreshView.as_view()),
    path("auth/logout", views.LogOutView.as_view()),
    path("auth/password", views.ChangePasswordView.as_view()),
    path("auth/sessions", views.SessionListView.as_view()),
    path("auth/sessions/<uuid:public_id>", views.SessionView.as_view()),
]
