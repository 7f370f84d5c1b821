"""Which rows beside texts tell what the log must hold of them."""

from collections.abc import Iterator

from withus.people.telling import CHUNK
from withus.public_log.rows import Told, stands_in_rows
from withus.texts.models import Translation


def _translations() -> Iterator[Told]:
    yield from (one.told() for one in Translation.objects.select_related("by").iterator(CHUNK))


stands_in_rows({"text.translated"}, _translations, newest=("field", "language"), forgets=True)
