"""The one Django app."""

from django.apps import AppConfig


class WithusConfig(AppConfig):
    """Withus: all capabilities in one app, one line of migrations."""

    name = "withus"
    default_auto_field = "django.db.models.BigAutoField"
