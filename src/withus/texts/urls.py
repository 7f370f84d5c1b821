"""Addresses of texts and words."""

from django.urls import path

from withus.texts import views

urlpatterns = [
    path("texts/words", views.words, name="words"),
    path("texts/words/<slug:language>/<slug:message>", views.reword, name="reword"),
    path("redactions/", views.redactions, name="redactions"),
    path("redactions/<slug:code>/", views.redaction, name="redaction"),
    path("redactions/<slug:code>/settle", views.settle, name="settle"),
    path("log/entries/<int:seq>/<slug:fact>/redact", views.redact, name="redact"),
    path("texts/recordings/<slug:code>", views.recording, name="recording"),
    path("texts/<slug:kind>/<slug:code>/<slug:field>/translate", views.translate, name="translate"),
    path("texts/<slug:kind>/<slug:code>/<slug:field>/record", views.record, name="record"),
]
