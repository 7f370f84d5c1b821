"""What the log does by itself: it shows what was entered, and lets in what peers did, once a day and shuffled."""

from withus.core import locks
from withus.core.schedule import every
from withus.public_log import append, publish, witnesses


@every(days=1)
def enter_what_peers_did() -> int:
    """Enters the waiting records of peers into the public log, in random order."""
    return append.append_pending()


@every(seconds=1)
def show_the_log() -> int:
    """Signs what the public log holds and shows it to everyone."""
    try:
        return publish.publish()
    except locks.Taken:
        return 0  # another process does it at this very moment


@every(seconds=2)
def tell_witnesses() -> int:
    """Shows our witnesses what is published, for them to cosign: at once when it grew, else once a day."""
    try:
        return witnesses.ask()
    except locks.Taken:
        return 0  # the next round shows what was cosigned
