"""What a steward does to the house itself."""

from pathlib import Path

from django.db import DatabaseError

from withus.acting import acting
from withus.core import clock
from withus.people.models import Instance
from withus.policy.facts import Actor
from withus.policy.rules import Action
from withus.running import backup
from withus.running.models import BackUp


def back_up(actor: Actor, subject: Instance) -> BackUp:
    """Asks for a back-up; the background makes it. One that is still waiting serves for both."""
    with acting(actor, Action.BACK_UP, subject):
        waiting = BackUp.objects.filter(made_at=None, error="").first()
        return waiting or BackUp.objects.create(asked_on=clock.today())


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
