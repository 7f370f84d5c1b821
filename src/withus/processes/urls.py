"""Addresses of bodies and processes."""

from django.urls import path

from withus.processes import views

urlpatterns = [
    path("bodies/new", views.open_body, name="open_body"),
    path("organisations/<slug:code>/services/new", views.open_service, name="open_service"),
    path("organisations/<slug:code>/processes/new", views.open_process, name="open_process"),
    path("services/<slug:code>/sites/new", views.open_site, name="open_site"),
    path("processes/", views.processes, name="processes"),
    path("processes/<slug:code>/", views.process, name="process"),
    path("processes/<slug:code>/ask", views.ask, name="ask"),
    path("processes/<slug:code>/agree", views.agree, name="agree"),
    path("processes/<slug:code>/offer", views.offer, name="offer"),
    path("processes/<slug:code>/plan", views.plan, name="plan"),
    path("processes/<slug:code>/phases/<slug:phase>/close", views.close, name="close"),
]
