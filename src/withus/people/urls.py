"""Addresses of accounts and organisations."""

from django.urls import path

from withus.people import views

urlpatterns = [
    path("setup/<str:token>", views.set_up, name="set_up"),
    path("running/stewards/new", views.add_steward, name="add_steward"),
    path("join", views.join, name="join"),
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("recover", views.recover, name="recover"),
    path("me/", views.me, name="me"),
    path("me/known", views.known, name="known"),
    path("me/passphrase", views.renew, name="renew"),
    path("me/recovery-codes", views.prepare, name="prepare"),
    path("me/give-up", views.give_up, name="give_up"),
    path("me/leave", views.leave, name="leave"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/new", views.found, name="found"),
    path("organisations/<slug:code>/", views.organisation, name="organisation"),
    path("organisations/<slug:code>/mandate", views.establish, name="establish"),
    path("organisations/<slug:code>/funding", views.declare, name="declare"),
    path("organisations/<slug:code>/countersign", views.countersign, name="countersign"),
    path("organisations/<slug:code>/invite", views.invite, name="invite"),
    path("organisations/<slug:code>/invitations", views.invitations, name="invitations"),
    path("organisations/<slug:code>/invitations/<slug:batch>/recall", views.recall, name="recall"),
    path("organisations/<slug:code>/miss", views.miss, name="miss"),
    path("organisations/<slug:code>/show-up", views.show_up, name="show_up"),
    path("organisations/<slug:code>/dismiss", views.dismiss, name="dismiss"),
]
