"""Addresses of what peers are asked and paid."""

from django.urls import path

from withus.pay import views

urlpatterns = [
    path("pay/<slug:code>/", views.payer, name="payer"),
    path("pay/<slug:code>/data.csv", views.pay_csv, name="pay_csv"),
    path("pay/<slug:code>/peers", views.peers_pay, name="peers_pay"),
    path("pay/<slug:code>/offer", views.offer_rate, name="offer_rate"),
    path("pay/<slug:code>/claim", views.claim_hours, name="claim_hours"),
    path("pay/rates/<slug:code>/agree", views.agree_rate, name="agree_rate"),
    path("pay/lines/<slug:code>/", views.pay_line, name="pay_line"),
    path("pay/lines/<slug:code>/pay", views.pay, name="pay"),
    path("pay/lines/<slug:code>/check", views.check_pay, name="check_pay"),
]
