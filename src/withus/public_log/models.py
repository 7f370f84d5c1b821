"""The tables of the log. All but pending, openings and head only ever grow; triggers refuse everything else."""

from django.db import models

from withus.core import codes


class LogEntry(models.Model):
    """One record: its canonical JSON and its RFC 6962 leaf hash, at its index."""

    seq = models.BigIntegerField(primary_key=True)
    body = models.BinaryField()
    leaf = models.BinaryField(max_length=32)
    subject = models.CharField(max_length=32, blank=True, db_index=True)  # as in the body, so that it can be looked up

    class Meta:
        db_table = "withus_log_entry"


class LogTile(models.Model):
    """A full tile of 256 hashes, with the root over it."""

    level = models.PositiveSmallIntegerField()
    n = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    data = models.BinaryField()

    class Meta:
        db_table = "withus_log_tile"
        constraints = [models.UniqueConstraint(fields=["level", "n"], name="a_tile_is_written_once")]


class LogHead(models.Model):
    """One row: how many entries there are and the compact range over them (the frontier, largest subtree first)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=b"")
    origin = models.CharField(max_length=200, blank=True)  # as in entry 0

    class Meta:
        db_table = "withus_log_head"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_log_head")]


class LogCheckpoint(models.Model):
    """A signed checkpoint, kept before anyone sees it."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()

    class Meta:
        db_table = "withus_log_checkpoint"


class LogPending(models.Model):
    """A record of peers, waiting for the daily hour at which all enter in random order."""

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    body = models.TextField()

    class Meta:
        db_table = "withus_log_pending"


class LogWitnessed(models.Model):
    """The largest tree of another log that this instance has cosigned; it only grows, or we would sign a fork."""

    origin = models.CharField(max_length=200, primary_key=True)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()

    class Meta:
        db_table = "withus_log_witnessed"


class LogKey(models.Model):
    """A key of the log after the first, beside the entry that says so: the check of the log compares both."""

    seq = models.BigIntegerField(primary_key=True)
    vkey = models.CharField(max_length=400)
    both_until = models.DateField(null=True)  # the last day on which the key before it signs as well

    class Meta:
        db_table = "withus_log_key"


class LogCosigned(models.Model):
    """One of our own witnesses: how far it has cosigned this log, with which line, and what it answered last."""

    signer = models.CharField(max_length=300, primary_key=True)  # the name and id of its key
    size = models.BigIntegerField(default=0)
    line = models.TextField(blank=True)
    cosigned_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=20)
    failures = models.PositiveIntegerField(default=0)
    ahead = models.BigIntegerField(default=0)  # the size that it says it has signed, if that is more than ours

    class Meta:
        db_table = "withus_log_cosigned"


class LogOpening(models.Model):
    """Salt and words behind a commitment. Erasing this row erases the words and leaves the log whole."""

    commitment = models.CharField(max_length=64, primary_key=True)
    subject = models.CharField(max_length=32, db_index=True)
    path = models.CharField(max_length=60)
    salt = models.BinaryField(max_length=32)
    content = models.TextField()

    class Meta:
        db_table = "withus_log_opening"
