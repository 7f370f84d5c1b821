"""Addresses of recommendations and of everything that is said about one."""

from django.urls import include, path

from withus.recommendations import views

_RECOMMENDATION = [
    path("", views.recommendation, name="recommendation"),
    path("serve", views.serve, name="serve"),
    path("acknowledge", views.acknowledge, name="acknowledge"),
    path("clarify", views.clarify, name="clarify"),
    path("explain", views.explain, name="explain"),
    path("extend", views.extend, name="extend"),
    path("draft", views.draft, name="draft"),
    path("endorse", views.endorse, name="endorse"),
    path("send", views.send, name="send"),
    path("respond", views.respond, name="respond"),
    path("correct", views.correct, name="correct"),
    path("commit", views.commit, name="commit"),
    path("deliver", views.deliver, name="deliver"),
    path("verify", views.verify, name="verify"),
    path("dissent", views.dissent, name="dissent"),
]

urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("recommendations/", views.recommendations, name="recommendations"),
    path("recommendations/new", views.recommend, name="recommend"),
    path("recommendations/<slug:code>/", include(_RECOMMENDATION)),
]
