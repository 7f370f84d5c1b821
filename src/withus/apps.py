"""The one Django app."""

from django.apps import AppConfig
from django.core import checks
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from withus.core import apart, edition
from withus.public_log import triggers


def _notice_writes(connection: BaseDatabaseWrapper, **_: object) -> None:
    if edition.notice not in connection.execute_wrappers:
        connection.execute_wrappers.append(edition.notice)


class WithusConfig(AppConfig):
    """Withus: all capabilities in one app, one line of migrations."""

    name = "withus"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers what `check --database default` looks at, and what notices that something public has changed.

        Every process that may hold a key passes here: its memory is closed to all others.
        """
        apart.close_memory()
        checks.register(checks.Tags.database)(triggers.check)
        connection_created.connect(_notice_writes, dispatch_uid="withus.edition")
