"""Addresses of a conversation."""

from django.urls import URLPattern, URLResolver, include, path

from withus.deliberation import views
from withus.deliberation.maps import urls as maps

_STATEMENT = [
    path("", views.statement, name="statement"),
    path("take-back", views.take_back, name="take_back"),
    path("moderate", views.moderate, name="moderate"),
    path("appeal", views.appeal, name="appeal"),
    path("review", views.review, name="review"),
    path("withdraw", views.withdraw, name="withdraw"),
]
_PROCESS: list[URLPattern | URLResolver] = [
    path("vote", views.vote, name="vote"),
    path("my-votes", views.my_votes, name="my_votes"),
    path("propose", views.propose, name="propose"),
    path("my-statements", views.my_statements, name="my_statements"),
    path("seed", views.seed, name="seed"),
    path("moderation", views.moderation, name="moderation"),
    path("results", views.results, name="results"),
    path("results.csv", views.results_csv, name="results_csv"),
    path("ballot", views.ballot, name="ballot"),
    path("enter", views.enter, name="enter"),
    path("import", views.import_polis, name="import_polis"),
    path("polis.zip", views.export_polis, name="export_polis"),
    path("phases/<slug:phase>/tallies.json", views.sealed_tally, name="sealed_tally"),
    path("statements/<slug:statement>/", include(_STATEMENT)),
]

urlpatterns = [
    path("processes/<slug:code>/", include(_PROCESS)),
    *maps.urlpatterns,
]
