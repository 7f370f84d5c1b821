"""What the texts do by themselves."""

from withus.core.schedule import every
from withus.texts import wording


@every(minutes=1)
def spread_words() -> int:
    """Tells every process of this machine when the community's own words have changed, also after a restore."""
    digest = wording.digest()
    path = wording.stamp()
    if (path.read_text("ascii") if path.exists() else wording.EMPTY) == digest:
        return 0
    wording.touch(digest)
    return 1
