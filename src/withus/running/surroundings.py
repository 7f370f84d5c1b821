"""What a command finds around itself, looked at before Django is there: settings, the held day, rights of new files."""

import argparse
import os

from withus.core import configuration
from withus.core.configuration import WrongSetting
from withus.running.parts import Part

_READ_BY_OTHERS = {"up", "messages"}  # the program's own files; `up` keeps to us once it has made them
_TOUCH_NOTHING = {"urls", "messages"}


def prepare(arguments: argparse.Namespace) -> None:
    """Looks at the surroundings of a command and loads Django for it; raises WrongSetting."""
    if getattr(arguments, "data", None):
        os.environ["WITHUS_DATA"] = arguments.data
    if not arguments.needs_django:  # it looks at no data and no day: no setting can stand in its way
        return
    command = arguments.command
    if command == "check":
        if unusable():
            return
    else:
        refuse_wrong(serves=command == "up", touches=command not in _TOUCH_NOTHING)
    if command == "up" and not arguments.demo and configuration.day("WITHUS_TODAY"):
        raise WrongSetting("WITHUS_TODAY is for the demo only; add --demo or take it away")
    if command not in _READ_BY_OTHERS and not getattr(arguments, "save", None):  # a saved log is for everybody
        keep_to_us()
    _load()


def refuse_wrong(*, serves: bool = False, touches: bool = True) -> None:
    """Raises WrongSetting for the first setting that is needed here and cannot be used."""
    needed = configuration.SERVING if serves else configuration.TOUCHING if touches else configuration.LOADING
    if wrong := configuration.wrong(needed):
        raise WrongSetting(wrong[0])


def unusable() -> list[Part]:
    """All that is wrong with the settings, where it lets nothing else be looked at; else nothing."""
    if not configuration.wrong(configuration.LOADING):
        return []
    return [Part("settings", False, "; ".join(configuration.wrong()))]


def keep_to_us() -> None:
    """What this process and those it starts make from now on can be read by this account alone, in any folder."""
    os.umask(0o077)


def _load() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "withus.settings")
    try:
        django.setup()
    except ValueError as problem:
        raise WrongSetting(f"a setting cannot be used ({problem}); see docs/configuration.md") from problem
