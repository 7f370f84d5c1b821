"""The one address of the kit."""

from django.urls import path

from withus.web import views

urlpatterns = [path("language", views.language, name="language")]
