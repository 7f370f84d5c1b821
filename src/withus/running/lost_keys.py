"""What the host has to know when keys of voices are not here: what nobody can open, and which files would help."""

from django.utils.translation import gettext

from withus.core import buckets, configuration, receipts
from withus.voices import salt, weeks
from withus.web.language import in_digits


def salt_says() -> str:
    """A sentence if no receipt opens anything, since the key of all receipts is another one; else empty."""
    if not salt.is_lost():
        return ""
    sentence = gettext(
        "The key of all receipts is missing, or another one lies in its place: no receipt opens what it should, and "
        "nothing new is taken. Put this file back into %(keys)s, from what backup-keys made: %(file)s"
    )
    return sentence % {"keys": configuration.folder("WITHUS_KEYS"), "file": receipts.SALT}


def weeks_say() -> str:
    """A sentence about voices that no key here opens; empty if there are none."""
    lost = weeks.lost()
    if not lost:
        return ""
    sentence = gettext(
        "Of these weeks the key is missing, or another one lies in its place: %(weeks)s. Voices that nobody can open "
        "without it: %(number)s. Put these files back into %(keys)s, from what backup-keys made: %(files)s"
    )
    about = {"weeks": ", ".join(lost), "number": in_digits(sum(lost.values()))}
    files = ", ".join(map(buckets.file_of, lost))
    return sentence % {**about, "files": files, "keys": configuration.folder("WITHUS_KEYS")}
