"""When each job last ran, and how it went."""

from django.db import models


class JobRun(models.Model):
    """The last run of a job."""

    name = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    did = models.IntegerField()
    error = models.CharField(max_length=200, blank=True)
