"""Addresses of accounts and organisations."""

from django.urls import path

from withus.people import views

urlpatterns = [
    path("setup/<str:token>", views.set_up, name="set_up"),
    path("join", views.join, name="join"),
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("recover", views.recover, name="recover"),
    path("me/", views.me, name="me"),
    path("me/known", views.known, name="known"),
    path("me/passphrase", views.renew, name="renew"),
    path("me/recovery-codes", views.prepare, name="prepare"),
    path("me/leave", views.leave, name="leave"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/new", views.found, name="found"),
    path("organisations/<str:code>/", views.organisation, name="organisation"),
    path("organisations/<str:code>/mandate", views.establish, name="establish"),
    path("organisations/<str:code>/funding", views.declare, name="declare"),
    path("organisations/<str:code>/countersign", views.countersign, name="countersign"),
    path("organisations/<str:code>/invite", views.invite, name="invite"),
    path("organisations/<str:code>/invitations", views.invitations, name="invitations"),
    path("organisations/<str:code>/invitations/<str:batch>/recall", views.recall, name="recall"),
    path("organisations/<str:code>/dismiss", views.dismiss, name="dismiss"),
]
