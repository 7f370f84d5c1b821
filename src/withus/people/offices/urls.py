"""The address at which a role is handed over."""

from django.urls import path

from withus.people.offices import views

urlpatterns = [path("organisations/<slug:code>/hand-over", views.hand_over, name="hand_over")]
