"""Addresses of maps."""

from django.urls import path

from withus.deliberation.maps import views

urlpatterns = [
    path("maps/<slug:code>/", views.opinion_map, name="opinion_map"),
    path("maps/<slug:code>/cohorts", views.cohorts, name="cohorts"),
    path("processes/<slug:code>/phases/<slug:phase>/map.json", views.sealed_map, name="sealed_map"),
    path("processes/<slug:code>/phases/<slug:phase>/recount.zip", views.recount, name="recount"),
]
