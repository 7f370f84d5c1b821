"""The one Django app."""

from django.apps import AppConfig
from django.core import checks

from withus.public_log import triggers


class WithusConfig(AppConfig):
    """Withus: all capabilities in one app, one line of migrations."""

    name = "withus"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers what `check --database default` looks at."""
        checks.register(checks.Tags.database)(triggers.check)
