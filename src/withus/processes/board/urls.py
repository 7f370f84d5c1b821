"""Addresses of a body's table."""

from django.urls import URLPattern, URLResolver, include, path

from withus.processes.board import views

_MEETING = [
    path("", views.meeting, name="meeting"),
    path("items/new", views.bring_up, name="bring_up"),
    path("minutes", views.write_minutes, name="write_minutes"),
    path("approve", views.approve_minutes, name="approve_minutes"),
]
_TABLE: list[URLPattern | URLResolver] = [
    path("terms", views.terms, name="terms"),
    path("terms/new", views.adopt, name="adopt"),
    path("seats", views.seats, name="seats"),
    path("seats/new", views.add_seat, name="add_seat"),
    path("seats/<slug:seat>/end", views.end_seat, name="end_seat"),
    path("seats/<slug:seat>/fill", views.fill, name="fill"),
    path("seats/<slug:seat>/vacate", views.vacate, name="vacate"),
    path("meetings/", views.meetings, name="meetings"),
    path("meetings/new", views.call, name="call"),
    path("meetings/<slug:meeting>/", include(_MEETING)),
    path("items/<slug:item>/papers/new", views.add_paper, name="add_paper"),
    path("items/<slug:item>/conclude", views.conclude, name="conclude"),
    path("items/<slug:item>/object", views.object_to, name="object_to"),
]

urlpatterns = [path("bodies/<slug:code>/", include(_TABLE))]
