"""Addresses of a conversation."""

from django.urls import path

from withus.deliberation import views

_HERE = "processes/<slug:code>"
_STATEMENT = f"{_HERE}/statements/<slug:statement>"

urlpatterns = [
    path(f"{_HERE}/vote", views.vote, name="vote"),
    path(f"{_HERE}/my-votes", views.my_votes, name="my_votes"),
    path(f"{_HERE}/propose", views.propose, name="propose"),
    path(f"{_HERE}/my-statements", views.my_statements, name="my_statements"),
    path(f"{_HERE}/seed", views.seed, name="seed"),
    path(f"{_HERE}/moderation", views.moderation, name="moderation"),
    path(f"{_HERE}/results", views.results, name="results"),
    path(f"{_HERE}/results.csv", views.results_csv, name="results_csv"),
    path(f"{_HERE}/ballot", views.ballot, name="ballot"),
    path(f"{_HERE}/enter", views.enter, name="enter"),
    path(f"{_HERE}/import", views.import_polis, name="import_polis"),
    path(f"{_HERE}/polis.zip", views.export_polis, name="export_polis"),
    path(f"{_HERE}/phases/<slug:phase>/tallies.json", views.sealed_tally, name="sealed_tally"),
    path(f"{_STATEMENT}/", views.statement, name="statement"),
    path(f"{_STATEMENT}/take-back", views.take_back, name="take_back"),
    path(f"{_STATEMENT}/moderate", views.moderate, name="moderate"),
    path(f"{_STATEMENT}/appeal", views.appeal, name="appeal"),
    path(f"{_STATEMENT}/review", views.review, name="review"),
    path(f"{_STATEMENT}/withdraw", views.withdraw, name="withdraw"),
    path("maps/<slug:code>/", views.opinion_map, name="opinion_map"),
]
