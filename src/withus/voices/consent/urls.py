"""Addresses of consent, in a visit with the receipt."""

from django.urls import path

from withus.voices.consent import views

urlpatterns = [
    path("voices/consent", views.set_consent, name="set_consent"),
    path("voices/share", views.share_voice, name="share_voice"),
    path("voices/take-from", views.take_from, name="take_from"),
]
