"""Who reads a voice, and who else could."""

from withus.people.models import Organisation
from withus.people.queries import public_recognised_codes
from withus.voices.inboxes.models import Inbox
from withus.voices.inboxes.queries import public_open_inboxes
from withus.voices.queries import Opened, public_sent_to


def public_readers(opened: Opened) -> list[Organisation]:
    """The organisations in whose inboxes it lies."""
    return [one.inbox.organisation for one in public_sent_to(opened.voice) if not one.is_given_up]


def public_others(opened: Opened) -> list[Inbox]:
    """The open inboxes in which it does not lie; never that of the one that must not read it."""
    without = {one.code for one in public_readers(opened)} | {opened.about["excluded"]}
    return [one for one in public_open_inboxes() if one.organisation.code not in without]


def public_tellers(opened: Opened) -> list[Organisation]:
    """Those of its readers who may tell it once they are asked to: recognised peer organisations."""
    recognised = public_recognised_codes()
    return [one for one in public_readers(opened) if one.code in recognised]
