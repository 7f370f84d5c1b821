"""Slips that were printed and that nobody has typed in yet."""

import datetime

from django.db import models

from withus.core import codes
from withus.people.models import Organisation

BLANK_FOR = datetime.timedelta(days=180)


class BlankSlip(models.Model):
    """A printed slip: by its `number` words are entered, and sealed for whoever has its other half, the receipt.

    Once it is used the row is gone, and its `locator` stands with the voice.
    """

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="blank_slips")
    number = models.CharField(max_length=8, unique=True)
    locator = models.CharField(max_length=64, unique=True)
    public = models.BinaryField()
    printed_on = models.DateField()
