"""Addresses of letters, and of what concerns a body that may never have joined."""

from django.urls import path

from withus.recommendations.letters import views

urlpatterns = [
    path("recommendations/<slug:code>/letter", views.letter, name="letter"),
    path("bodies/<slug:code>/cite", views.cite, name="cite"),
    path("bodies/<slug:code>/take-over", views.take_over, name="take_over"),
    path("bodies/<slug:code>/confirm", views.confirm, name="confirm"),
    path("bodies/<slug:code>/contest", views.contest, name="contest"),
    path("bodies/<slug:code>/attest", views.attest, name="attest"),
    path("bodies/<slug:code>/close", views.close_body, name="close_body"),
]
