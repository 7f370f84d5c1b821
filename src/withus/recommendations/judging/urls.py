"""Addresses of the third key: for participants, and below /voices/, where alone a visit's cookie goes, for sources."""

from django.urls import path

from withus.recommendations.judging import views

urlpatterns = [
    path("recommendations/<slug:code>/judge", views.judge_delivery, name="judge_delivery"),
    path("voices/judge/<slug:delivery>", views.judge_by_receipt, name="judge_by_receipt"),
]
