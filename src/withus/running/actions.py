"""What a steward does to the house itself."""

from datetime import timedelta
from pathlib import Path

from django.db import DatabaseError
from django.utils.translation import gettext

from withus.acting import acting
from withus.compute.verifier import Key
from withus.core import clock
from withus.core.errors import Refused
from withus.people.models import Instance
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action
from withus.public_log import continuing, identity, witnesses
from withus.running import backup
from withus.running.models import BackUp

YEAR = timedelta(days=365)  # for so long both keys sign, so that everybody meets the new one beside one they know


def back_up(actor: Actor, subject: Instance) -> BackUp:
    """Asks for a back-up; the background makes it. One that is still waiting serves for both."""
    with acting(actor, Action.BACK_UP, subject):
        waiting = BackUp.objects.filter(made_at=None, error="").first()
        return waiting or BackUp.objects.create(asked_on=clock.today())


def rotate_log_key(actor: Actor, subject: Instance, *, stolen: bool = False) -> Key:
    """Gives the public log another key. The entry that says so is signed by the old one; for a year both sign.

    After a theft it also names the last checkpoint that a witness cosigned: the last that can be trusted.
    Raises identity.NotOurs when the old key is not there.
    """
    identity.signing()
    key, until = identity.make(identity.keys_now()[-1].name), clock.today() + YEAR
    facts = {"vkey": str(key), "both_until": until.isoformat(), "stolen": stolen}
    if stolen and (trusted := witnesses.last_cosigned()):
        facts["trusted"] = continuing.named(trusted)
    with acting(actor, Action.ROTATE_LOG_KEY, subject) as record:
        record("key.rotated", facts, by=ActorKind.SYSTEM)
        assert record.seq is not None
        identity.note_key(record.seq, key, until)
    return key


def continue_log(actor: Actor, subject: Instance) -> Key:
    """Goes on under another name with a log whose last entries are lost: the old name has signed them for good.

    Raises Refused when nothing is lost.
    """
    signed, good = continuing.lost(), continuing.last_good()
    if signed is None:
        raise Refused(gettext("The log holds everything that was signed. It goes on under its own name."))
    key = identity.make(identity.new_origin())
    facts = {"origin": key.name, "vkey": str(key), "from": continuing.named(good), "signed": signed.size}
    with acting(actor, Action.CONTINUE_LOG, subject) as record:
        record("log.continued", facts, by=ActorKind.SYSTEM)
        assert record.seq is not None
        identity.note_key(record.seq, key)
    return key


def make_back_up(wanted: BackUp) -> None:
    """Makes a back-up that was asked for, and says on its row how far it is."""

    def says(percent: int) -> None:
        if percent >= wanted.percent + 5:
            wanted.percent = percent
            wanted.save(update_fields=["percent"])

    target = backup.folder() / f"withus-{wanted.asked_on}-{wanted.code}.tar.gz"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:  # if we crashed after the file had its name, it is whole
        wanted.bytes = target.stat().st_size if target.exists() else backup.write(target, says)
        wanted.percent, wanted.made_at, wanted.file = 100, clock.now(), target.name
    except OSError as problem:
        wanted.percent, wanted.error = 0, problem.strerror or type(problem).__name__
    wanted.save()


def note_back_up(target: Path, size: int) -> None:
    """Notes a back-up that the command made, so that its age is known; an old database may not take it."""
    try:
        BackUp.objects.create(
            asked_on=clock.today(), percent=100, made_at=clock.now(), file=str(target.absolute()), bytes=size
        )
    except DatabaseError:
        return
