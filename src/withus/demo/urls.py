"""The demo's one address."""

from django.urls import path

from withus.demo import views

urlpatterns = [path("demo/sign-in", views.demo_sign_in, name="demo_sign_in")]
