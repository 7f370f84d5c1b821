"""Composition: the addresses of every capability."""

from django.urls import include, path

urlpatterns = [
    # First what is asked most: Django tries one address after another.
    path("", include("withus.deliberation.urls")),
    path("", include("withus.home.urls")),
    path("", include("withus.home.reports.urls")),
    path("", include("withus.people.urls")),
    path("", include("withus.people.offices.urls")),
    path("", include("withus.texts.urls")),
    path("", include("withus.processes.urls")),
    path("", include("withus.processes.board.urls")),
    path("", include("withus.recommendations.urls")),
    path("", include("withus.figures.urls")),
    path("", include("withus.voices.urls")),
    path("", include("withus.voices.inboxes.urls")),
    path("", include("withus.voices.findings.urls")),
    path("", include("withus.voices.assisted.urls")),
    path("", include("withus.voices.consent.urls")),
    path("", include("withus.voices.stories.urls")),
    path("", include("withus.pay.urls")),
    path("", include("withus.recommendations.letters.urls")),
    path("", include("withus.recommendations.judging.urls")),
    path("", include("withus.public_log.urls")),
    path("", include("withus.running.urls")),
    path("", include("withus.web.urls")),
    path("", include("withus.demo.urls")),
]
handler400 = "withus.web.errors.bad_request"
handler403 = "withus.web.errors.denied"
handler404 = "withus.web.errors.not_found"
handler500 = "withus.web.errors.broken"
