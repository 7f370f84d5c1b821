"""Addresses for whoever enters for others, by the code of her organisation."""

from django.urls import path

from withus.voices.assisted import views

urlpatterns = [
    path("voices/assisted/<slug:code>/new", views.assist, name="assist"),
    path("voices/assisted/<slug:code>/several", views.assist_several, name="assist_several"),
    path("voices/assisted/<slug:code>/print", views.print_slips, name="print_slips"),
]
