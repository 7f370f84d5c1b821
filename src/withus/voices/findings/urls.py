"""Addresses of findings: public ones by their own code, and those of their making below the inbox."""

from django.urls import path

from withus.voices.findings import views

urlpatterns = [
    path("findings/", views.findings, name="findings"),
    path("findings/<slug:code>/", views.finding, name="finding"),
    path("findings/<slug:code>/poster", views.finding_poster, name="finding_poster"),
    path("findings/<slug:code>/sources", views.add_sources, name="add_sources"),
    path("findings/<slug:code>/withdraw", views.withdraw_finding, name="withdraw_finding"),
    path("findings/<slug:code>/tell", views.tell_back, name="tell_back"),
    path("voices/inboxes/<slug:code>/finding", views.publish_finding, name="publish_finding"),
    path("voices/inboxes/<slug:code>/<slug:voice>/out", views.take_source_out, name="take_source_out"),
]
