"""Addresses of operations."""

from django.urls import path

from withus.running import views, work  # noqa: F401 - work makes every job known to the page about jobs

urlpatterns = [
    path("running/", views.running, name="running"),
    path("running/jobs", views.jobs, name="jobs"),
    path("running/back-ups", views.back_ups, name="back_ups"),
    path("running/back-up", views.back_up, name="back_up"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
