"""Addresses of inboxes, by the code of their organisation."""

from django.urls import path

from withus.voices.inboxes import views

urlpatterns = [
    path("voices/inboxes/<slug:code>/", views.inbox, name="inbox"),
    path("voices/inboxes/<slug:code>/poster", views.inbox_poster, name="inbox_poster"),
    path("voices/inboxes/<slug:code>/make", views.make_inbox, name="make_inbox"),
    path("voices/inboxes/<slug:code>/offer", views.offer_to_read, name="offer_to_read"),
    path("voices/inboxes/<slug:code>/add", views.add_reader, name="add_reader"),
    path("voices/inboxes/<slug:code>/renew", views.renew_inbox, name="renew_inbox"),
    path("voices/inboxes/<slug:code>/recover", views.recover_inbox, name="recover_inbox"),
]
