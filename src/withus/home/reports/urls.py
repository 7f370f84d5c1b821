"""Addresses of reports."""

from django.urls import path

from withus.home.reports import views

urlpatterns = [
    path("report", views.report, name="report"),
    path("report/", views.reports, name="reports"),
    path("report/<slug:code>", views.reported, name="reported"),
    path("report/<slug:code>/decide", views.decide_report, name="decide_report"),
]
