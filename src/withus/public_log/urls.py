"""Addresses of the public log; those of its files are C2SP's (tlog-tiles)."""

from django.urls import path

from withus.public_log import views

urlpatterns = [
    path("log/", views.log, name="log"),
    path("log/checkpoint", views.checkpoint, name="checkpoint"),
    path("log/key", views.log_key, name="log_key"),
    path("log/tile/<path:name>", views.tile, name="tile"),
    path("log/verifier.py", views.verifier_file, name="verifier_file"),
    path("log/entries/<int:seq>", views.entry, name="entry"),
    path("log/entries/<int:seq>.json", views.entry_json, name="entry_json"),
    path("log/entries/<int:seq>.tlog-proof", views.entry_proof, name="entry_proof"),
    path("witness/key", views.witness_key, name="witness_key"),
    path("witness/add-checkpoint", views.add_checkpoint, name="add_checkpoint"),
    path("witness/<slug:digest>/checkpoint", views.witnessed, name="witnessed"),
    path("verify/", views.verify_paper, name="verify_paper"),
]
