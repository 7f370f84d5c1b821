"""Addresses of voices: for whoever sends one or comes back, and for those who read."""

from django.urls import path

from withus.voices import views

urlpatterns = [
    path("voices/new", views.contribute, name="contribute"),
    path("voices/receipt", views.receipt, name="receipt"),
    path("voices/return", views.come_back, name="come_back"),
    path("voices/enclosures/<int:number>", views.own_enclosure, name="own_enclosure"),
    path("voices/more", views.say_more, name="say_more"),
    path("voices/counter-receipt", views.counter_receipt, name="counter_receipt"),
    path("voices/withdraw", views.withdraw_voice, name="withdraw_voice"),
    path("voices/erase", views.erase_voice, name="erase_voice"),
    path("voices/leave", views.leave_quickly, name="leave_quickly"),
    path("voices/end", views.end_visit, name="end_visit"),
    path("voices/inboxes/<slug:code>/openings", views.openings, name="openings"),
    path("voices/inboxes/<slug:code>/<slug:voice>/", views.voice, name="voice"),
    path("voices/inboxes/<slug:code>/<slug:voice>/open", views.open_voice, name="open_voice"),
    path("voices/inboxes/<slug:code>/<slug:voice>/answer", views.answer_voice, name="answer_voice"),
    path("voices/inboxes/<slug:code>/<slug:voice>/<int:number>", views.enclosure, name="enclosure"),
    path("voices/inboxes/<slug:code>/<slug:voice>/<int:number>/original", views.original, name="original"),
    path("voices/inboxes/<slug:code>/<slug:voice>/transcribe", views.transcribe_voice, name="transcribe_voice"),
    path("voices/inboxes/<slug:code>/<slug:voice>/close", views.close_voice, name="close_voice"),
]
