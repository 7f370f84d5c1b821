"""How records of inboxes are told, and the rows in which they stand."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from withus.public_log.rows import Told, stands_in_rows, told_by
from withus.public_log.wording import speak
from withus.voices.inboxes.models import Inbox

TYPES = {
    "inbox.made": _("%(organisation)s made an inbox that only its readers can open"),
    "inbox.renewed": _("The inbox of %(organisation)s got a new key, from one of its readers"),
    "inbox.recovered": _("The inbox of %(organisation)s was opened with its paper key, and got a new key"),
}


def _told() -> Iterator[Told]:
    yield from told_by(Inbox.objects.select_related("organisation").order_by("pk").iterator(2000))


stands_in_rows(TYPES, _told)
speak(
    TYPES,
    who=dict.fromkeys(TYPES, "organisation"),
    facts={
        "inbox": _("Number of its key"),
        "key_words": _("The words of its key"),
        "given_up": _("Voices that were given up with the key before"),
    },
)
