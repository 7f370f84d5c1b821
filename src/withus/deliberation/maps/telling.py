"""What a sealed map tells the log, and how that is put into words."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from withus.deliberation.maps.models import SealedMap
from withus.people.telling import CHUNK
from withus.public_log.rows import Told, stands_in_rows
from withus.public_log.wording import speak


def _maps() -> Iterator[Told]:
    yield from (one.told() for one in SealedMap.objects.select_related("phase__process").iterator(CHUNK))


speak(
    {"map.sealed": _("The opinion map of a phase of %(process)s was sealed")},
    facts={
        "map_sha256": _("Fingerprint of the map"),
        "recount_sha256": _("Fingerprint of the file with which the map is recounted"),
    },
)
stands_in_rows({"map.sealed"}, _maps)
