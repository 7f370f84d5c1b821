"""Addresses of the start page and of what every visitor may ask for."""

from django.urls import path

from withus.home import views

urlpatterns = [
    path("", views.start, name="start"),
    path("help", views.help, name="help"),
    path("about-this-host", views.about_this_host, name="about_this_host"),
    path("about-this-host/describe", views.describe, name="describe"),
    path("source", views.source, name="source"),
    path("accessibility", views.accessibility, name="accessibility"),
    path("privacy", views.privacy, name="privacy"),
    path("privacy/ends", views.what_ends, name="what_ends"),
    path("privacy/<slug:part>", views.privacy_part, name="privacy_part"),
    path("methods/", views.methods, name="methods"),
    path("methods/<slug:name>", views.method, name="method"),
    path("robots.txt", views.robots_txt, name="robots_txt"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
]
