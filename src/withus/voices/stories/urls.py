"""Addresses of stories. To take one back lies where the cookie of a visit is sent."""

from django.urls import path

from withus.voices.stories import views

urlpatterns = [
    path("stories/", views.stories, name="stories"),
    path("stories/<slug:code>/", views.story, name="story"),
    path("voices/inboxes/<slug:code>/<slug:voice>/tell", views.tell_story, name="tell_story"),
    path("voices/stories/<slug:code>/withdraw", views.withdraw_story, name="withdraw_story"),
]
