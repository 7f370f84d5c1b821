"""Addresses of bodies: the page of each, and what can be taken away from it."""

from django.urls import include, path

from withus.figures import views

_BODY = [
    path("", views.body, name="body"),
    path("feed.rss", views.feed_rss, name="feed_rss"),
    path("deadlines.ics", views.deadlines_ics, name="deadlines_ics"),
    path("data.csv", views.data_csv, name="data_csv"),
    path("data.json", views.data_json, name="data_json"),
    path("poster", views.poster, name="poster"),
]

urlpatterns = [
    path("bodies/", views.bodies, name="bodies"),
    path("bodies/data-dictionary", views.data_dictionary, name="data_dictionary"),
    path("bodies/<slug:code>/", include(_BODY)),
    path("organisations/<slug:code>/deadlines.ics", views.peers_ics, name="peers_ics"),
]
