"""Is this instance well? Each part says so in a sentence; what is bad says what to do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext

from withus.compute.verifier import Wrong
from withus.core import buckets, clock, configuration, sqlite
from withus.home import retention
from withus.public_log import publish, verify, witnesses
from withus.running import lost_keys, queries
from withus.running.models import JobRun
from withus.running.parts import Noted as Noted
from withus.running.parts import NotYet as NotYet
from withus.running.parts import Part as Part
from withus.voices.enclosing import making
from withus.web.language import in_digits

OLD = timedelta(days=7)
ENDS_WEEKS = "voices.end_weeks"
WAL_ALARM = 64 * 1024 * 1024  # a reader that was forgotten keeps SQLite from tidying up


def everything() -> list[Part]:
    """All parts; one that breaks while it is looked at is bad, and the others are still looked at."""
    first = (_settings, _database, _migrations, _keys, _data, _weeks, _retention, _clock, _disk)
    return _parts(*first, _sandbox, _jobs, _back_up, _log_and_witnesses)


def essential() -> list[Part]:
    """Only what must be well before a page is served."""
    return _parts(_database, _migrations, _disk, _log)


def _parts(*looks: Callable[[], Part]) -> list[Part]:
    found = []
    for look in looks:
        try:
            found.append(look())
        except (DatabaseError, OSError) as problem:
            found.append(Part(_name_of(look), False, _one_line(problem)))
    return found


def _name_of(look: Callable[[], Part]) -> str:
    return look.__name__.strip("_").removesuffix("_and_witnesses").replace("_", "-")


def _one_line(problem: Exception) -> str:
    return " ".join(str(problem).split()) or type(problem).__name__


def _settings() -> Part:
    wrong = configuration.wrong()
    try:
        configuration.sound_certificate()
    except configuration.WrongSetting as problem:
        wrong += [str(problem)] if str(problem) not in wrong else []
    if wrong:
        return Part("settings", False, "; ".join(wrong))
    if notes := [*_inert_origin(), *_unread()]:
        return Noted("settings", True, " ".join(notes))
    return Part("settings", True, gettext("Every setting can be used."))


def _inert_origin() -> Iterator[str]:
    try:
        configuration.new_origin("WITHUS_LOG_ORIGIN")
    except configuration.WrongSetting as problem:
        yield gettext("%(problem)s. A log that has its name keeps it.") % {"problem": problem}


def _unread() -> Iterator[str]:
    if not (unread := configuration.unread()):
        return
    meant = gettext("%(name)s (did you mean %(setting)s?)")
    names = [meant % {"name": name, "setting": near} if near else name for name, near in unread.items()]
    says = gettext("No setting has this name, so nothing reads it: %(names)s. See docs/configuration.md")
    yield says % {"names": ", ".join(names)}


def _database() -> Part:
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SHOW synchronous_commit")
            (durable,) = cursor.fetchone()
            says = gettext("PostgreSQL answers.") if durable != "off" else gettext("Switch synchronous_commit on.")
            return Part("database", durable != "off", says)
        pragmas = {}
        for name in ("journal_mode", "secure_delete", "synchronous", "foreign_keys"):
            cursor.execute(f"PRAGMA {name}")
            pragmas[name] = cursor.fetchone()[0]
    wrong = [name for name, wanted in _WANTED.items() if pragmas[name] != wanted]
    if wrong:
        return Part("database", False, gettext("SQLite does not keep to: %(names)s.") % {"names": ", ".join(wrong)})
    wal = Path(f"{connection.settings_dict['NAME']}-wal")
    if wal.exists() and wal.stat().st_size > WAL_ALARM:
        return Part(
            "database", False, gettext("The write-ahead log is too long: a reader was forgotten. Start Withus anew.")
        )
    version = ".".join(map(str, connection.get_database_version()))
    guarded = (
        gettext("writers wait at the gate")
        if sqlite.has_wal_reset_bug(connection.get_database_version())
        else gettext("sound")
    )
    return Part("database", True, gettext("SQLite %(version)s, %(how)s.") % {"version": version, "how": guarded})


_WANTED: dict[str, object] = {"journal_mode": "wal", "secure_delete": 1, "synchronous": 2, "foreign_keys": 1}


def _migrations() -> Part:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    says = gettext("Run: withus upgrade (%(n)d changes wait).") % {"n": len(waiting)}
    return Part("migrations", not waiting, says if waiting else gettext("The database is of this version."))


def _keys() -> Part:
    keys = configuration.folder("WITHUS_KEYS")
    if not keys.is_dir():
        return Part("keys", False, gettext("There is no key folder. Restore it from what backup-keys made."))
    try:
        configuration.keys_apart()
    except configuration.WrongSetting as problem:
        return Part("keys", False, str(problem))
    if open_to_others := _open_to_others(keys, *keys.iterdir()):
        names = ", ".join(sorted(path.name for path in open_to_others))
        return Part(
            "keys", False, gettext("Others may read %(names)s. Run: chmod -R go= on the key folder.") % {"names": names}
        )
    if lost := lost_keys.salt_says():
        return Part("keys", False, lost)
    return Part("keys", True, gettext("Only this account can read the keys."))


def _data() -> Part:
    """Whether other accounts of this machine can read the data; SQLite's file may lie in another folder."""
    data = configuration.folder("WITHUS_DATA")
    database = [Path(str(connection.settings_dict["NAME"]))] if connection.vendor == "sqlite" else []
    elsewhere = [path for path in database if not path.is_relative_to(data)]
    if open_to_others := [*_laid_open(data), *_open_to_others(*elsewhere)]:
        names = " ".join(map(str, open_to_others))
        return Part("data", False, gettext("Others may read the data. Run: chmod -R go= %(names)s") % {"names": names})
    return Part("data", True, gettext("Only this account can read the data."))


def _laid_open(folder: Path) -> Iterator[Path]:
    """What others can change or read in a folder that is open to them; the published log there is for everybody."""
    if not _open_to_others(folder):
        return
    if folder.stat().st_mode & 0o022:
        yield folder
        return
    for path in sorted(folder.iterdir()):
        if not publish.is_public(path) and any(_laid_open(path) if path.is_dir() else _open_to_others(path)):
            yield path


def _open_to_others(*paths: Path) -> list[Path]:
    return [path for path in paths if os.name != "nt" and path.exists() and path.stat().st_mode & 0o077]


def _weeks() -> Part:
    """What ends by itself: whether a week has its key until it is over, and no longer, and who looked after that."""
    late = buckets.overdue(clock.today())
    line = next(line for line in queries.public_job_lines() if line.job.name == ENDS_WEEKS)
    about_last = gettext("Ended weeks were last looked after on %(day)s.")
    last = about_last % {"day": clock.day_of(line.last.started_at)} if line.last else ""
    if lost := lost_keys.weeks_say():
        return Part("weeks", False, " ".join(filter(None, [lost, last])))
    if late:
        says = gettext("Over, and their keys are still there: %(weeks)s. Run: withus work --once")
        return Part("weeks", False, " ".join(filter(None, [says % {"weeks": ", ".join(late)}, last])))
    if line.stands:
        says = gettext("Nobody looks after the weeks that end. Run: withus work")
        return Part("weeks", False, " ".join(filter(None, [says, last])))
    kept = buckets.kept()
    oldest = gettext("The oldest key is of %(week)s, and ends after %(day)s.")
    about = oldest % {"week": kept[0], "day": buckets.last_day(kept[0])} if kept else ""
    return Part("weeks", True, " ".join(filter(None, [gettext("No week that is over has a key."), last, about])))


def _retention() -> Part:
    """Every job that ends a class of data, with its last run: one that stands still keeps data longer than promised."""
    lines = [line for line in queries.public_job_lines() if line.job.name in retention.JOBS]
    each = "; ".join(
        f"{line.job.name} {clock.day_of(line.last.started_at) if line.last else gettext('not yet')}" for line in lines
    )
    stands = [line.job.name for line in lines if line.stands]
    if stands:
        says = gettext("Data stays longer than promised: %(names)s did not run. Run: withus work")
        return Part("retention", False, f"{says % {'names': ', '.join(stands)}} {each}")
    return Part("retention", True, gettext("What has an end was ended last on: %(each)s.") % {"each": each})


def _clock() -> Part:
    if settings.WITHUS_TODAY:
        return Part("clock", True, gettext("The demo holds the day %(day)s.") % {"day": settings.WITHUS_TODAY})
    newest = JobRun.objects.order_by("-started_at").values_list("started_at", flat=True).first()
    ran_back = newest is not None and newest > clock.now() + timedelta(minutes=5)
    says = (
        gettext("The clock has run back. Set it, then check again.") if ran_back else gettext("The clock goes forward.")
    )
    return Part("clock", not ran_back, says)


def _disk() -> Part:
    room = queries.public_disk()
    says = in_digits(
        gettext("%(free).1f GB of %(total).1f GB are free.") % {"free": room.free / 1e9, "total": room.total / 1e9}
    )
    return Part("disk", not room.is_low, says + (" " + gettext("Make room now.") if room.is_low else ""))


def _sandbox() -> Part:
    """What opens files that were sent. Well even where the system takes less away from it: no host can change that."""
    open_doors = making.open_doors()
    says = gettext("Whatever opens files that were sent can reach nothing else.")
    if open_doors:
        less = gettext("Whatever opens files that were sent could reach on this system: %(doors)s. See docs/threats.md")
        says = less % {"doors": ", ".join(open_doors)}
    return Part("sandbox", True, says)


def _jobs() -> Part:
    overdue = [line.job.name for line in queries.public_job_lines() if line.is_overdue]
    failing = list(JobRun.objects.exclude(error="").values_list("name", flat=True))
    if overdue:
        names = ", ".join(overdue)
        return Part("jobs", False, gettext("Overdue: %(names)s. Run: withus work") % {"names": names})
    if failing:
        return Part("jobs", False, gettext("Failed when last run: %(names)s.") % {"names": ", ".join(failing)})
    return Part("jobs", True, gettext("Every job ran when it should."))


def _back_up() -> Part:
    newest = queries.public_last_back_up()
    if newest is None or newest.made_at is None:
        says = gettext("There is no back-up yet. Run: withus backup FILE")
        return NotYet("back-up", True, says) if queries.public_is_new() else Part("back-up", False, says)
    age = clock.now() - newest.made_at
    says = in_digits(gettext("The last back-up is %(days)d days old.") % {"days": age.days})
    return Part("back-up", age < OLD, says + (" " + gettext("Run: withus backup FILE") if age >= OLD else ""))


def _log() -> Part:
    wrong = verify.problems()
    return Part("log", not wrong, "; ".join(wrong) or gettext("The log holds everything that was signed."))


def _log_and_witnesses() -> Part:
    """The log, and who else signs it. A witness that is away is said, but only too few of them are bad."""
    part = _log()
    try:
        given = witnesses.policy()
    except Wrong as problem:
        return Part("log", False, f"{part.says} {problem}")
    found = witnesses.asked(given)
    if not found:
        return part
    enough = witnesses.are_enough(given, found)
    says = gettext("%(number)d of %(all)d witnesses signed within two days:") % {
        "number": sum(one.is_fresh for one in found),
        "all": len(found),
    }
    each = [
        " ".join(filter(None, [one.name, one.row.cosigned_at.isoformat() if one.row.cosigned_at else "", one.trouble]))
        for one in found
    ]
    is_well = part.ok and enough and not any(one.row.ahead for one in found)
    return Part("log", is_well, " ".join([part.says, says, "; ".join(each)]))
