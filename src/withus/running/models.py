"""When each job last ran and how it went; the back-ups that were asked for."""

from django.db import models

from withus.core import codes


class JobRun(models.Model):
    """The last run of a job. An error is kept by its kind only: its words could hold somebody's."""

    name = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    did = models.IntegerField()
    error = models.CharField(max_length=200, blank=True)
    failures = models.PositiveIntegerField(default=0)


class BackUp(models.Model):
    """A back-up: asked for on the page (then a job makes it) or made by the command."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    asked_on = models.DateField()
    percent = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=300, blank=True)
    bytes = models.BigIntegerField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-id",)

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be made."""
        return self.made_at is None and not self.error
