"""Addresses of visit persons below /api/v1/."""

from django.urls import path

from clinic.patients.api import consent_views, document_views, real_name_views, views

urlpatterns = [
    path("visit-persons", views.PersonListView.as_view()),
    path("visit-persons/<uuid:public_id>", views.PersonView.as_view()),
    path("visit-persons/<uuid:public_id>/real-name-check", real_name_views.RealNameView.as_view()),
    path("visit-persons/<uuid:public_id>/documents", document_views.IdentityDocumentView.as_view()),
    path("consent-texts", consent_views.ConsentTextListView.as_view()),
    path("consents", consent_views.ConsentListView.as_view()),
    path("consents/export", consent_views.ConsentExportView.as_view()),
    path("consents/<uuid:public_id>/revoke", consent_views.RevokeConsentView.as_view()),
]
