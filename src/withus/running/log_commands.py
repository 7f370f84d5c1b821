"""What is done to the public log at the machine's console, and nowhere else."""

import argparse

from django.utils.translation import gettext

from withus.compute import verifier
from withus.core import locks
from withus.core.errors import Refused
from withus.people.models import Instance
from withus.people.queries import public_instance
from withus.policy.facts import SYSTEM
from withus.public_log import continuing, identity, publish
from withus.running import actions, start, whole_log


def check_own(_: None, options: argparse.Namespace) -> verifier.Result:
    """Checks this instance's own log; raises verifier.Wrong and verifier.Unreachable."""
    start.refuse_unprepared()
    if options.save:
        raise verifier.Wrong("--save needs SOURCE: the address or folder of a published log")
    result = whole_log.check(verifier.read_kept(options))
    if options.key and verifier.read_key(options.key.strip()) not in identity.every_key():
        result.wrong("this instance's log has another key")
    return result


def rotate(*, is_stolen: bool) -> str:
    """Gives the log another key; returns what to tell everybody. Raises Refused."""
    instance = _instance()
    try:
        key = actions.rotate_log_key(SYSTEM, instance, stolen=is_stolen)
    except identity.NotOurs as problem:
        raise Refused(str(problem)) from problem
    publish.publish()
    says = gettext(
        "The log's new key: %(key)s\nPrint it on paper for everybody. For a year both keys sign. "
        "Make a new file with: withus backup-keys FILE"
    )
    return says % {"key": key}


def go_on(source: str | None) -> str:
    """After an older back-up: brings back what is missing, from a copy, or else goes on under a new name.

    Raises Refused, and verifier.Unreachable.
    """
    instance = _instance()
    with locks.held("serve"), locks.held("work", wait=60):
        if continuing.lost() is None:
            raise Refused(gettext("The log holds everything that was signed. It goes on under its own name."))
        copy = verifier.open_source(source) if source else verifier.Folder(publish.folder())
        try:
            entries = continuing.bring_back(copy)
        except verifier.Wrong as problem:
            if source:  # a copy was named: perhaps another one holds what this one lacks
                raise Refused(f"{source}: {problem}") from problem
        else:
            publish.publish()
            return gettext("%(number)d entries are back. The log goes on under its own name.") % {"number": entries}
        key = actions.continue_log(SYSTEM, instance)
        publish.publish()
    says = gettext(
        "The last entries are lost, and paper will show it. The log goes on as %(name)s, with the key %(key)s\n"
        "Print both on paper for everybody, and say why."
    )
    return says % {"name": key.name, "key": key}


def _instance() -> Instance:
    start.refuse_unprepared()
    instance = public_instance()
    if instance is None:
        raise Refused(gettext("There is no log yet. Set this instance up first."))
    return instance
