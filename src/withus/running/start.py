"""Everything between a fresh clone and the first page: folders, database, catalogues, static files, set-up address."""

import hashlib
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from withus.core import configuration, locks
from withus.core.errors import Refused
from withus.people import actions
from withus.people.queries import public_instance
from withus.policy.facts import SYSTEM
from withus.public_log import identity
from withus.running import surroundings, upgrade
from withus.web import static


def stop_cleanly(stop: Callable[[], None] | None = None) -> None:
    """SIGTERM and SIGINT end what runs: through `stop`, or as KeyboardInterrupt, so that transactions roll back."""

    def asked(number: int, frame: FrameType | None) -> None:
        if stop is None:
            raise KeyboardInterrupt
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, asked)


def free_port(host: str, port: int) -> int:
    """The port, or a free one for 0; raises OSError when it is taken, before anything is made."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        return int(probe.getsockname()[1])


def scheme() -> str:
    """https if this server has a certificate of its own."""
    return "https" if configuration.text("WITHUS_TLS_CERT") else "http"


def has_tables() -> bool:
    """Whether the database was ever migrated; asks without making a file."""
    place = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and connection.connection is None and not Path(str(place)).exists():
        return False
    return "withus_instance" in connection.introspection.table_names()


def refuse_unprepared() -> None:
    """Raises Refused when there is no instance's database yet."""
    if not has_tables():
        raise Refused(f"there is no Withus in {configuration.folder('WITHUS_DATA')}; start one with: withus up")


def refuse_missing() -> None:
    """As `refuse_unprepared`, but lets a database pass that does not answer: `check` has more to say of it."""
    with suppress(DatabaseError):
        refuse_unprepared()


def set_up_address() -> str:
    """A new one-time set-up address (its path) if there is no instance yet; else nothing."""
    return "" if public_instance() else steward_address()


def steward_address() -> str:
    """A new one-time address (its path) that makes a steward; entered in the public log once there is an instance."""
    return reverse("set_up", args=[actions.make_set_up_token(SYSTEM)])


def refuse_unfit_origin() -> None:
    """Raises WrongSetting where the log has no name yet and must not get the one that is set."""
    if not (has_tables() and identity.is_opened()):
        configuration.new_origin("WITHUS_LOG_ORIGIN")


def prepare() -> None:
    """Makes or updates what is needed to serve; does nothing on a second start."""
    compile_catalogues()
    collect_static()
    # Not before: catalogues and static files are the program's, which another account may run too.
    surroundings.keep_to_us()
    configuration.folder("WITHUS_DATA").mkdir(parents=True, exist_ok=True)
    if connection.vendor == "sqlite":
        Path(str(connection.settings_dict["NAME"])).parent.mkdir(parents=True, exist_ok=True)
    old = has_tables()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        if old:
            upgrade.upgrade()
        else:
            call_command("migrate", verbosity=0, interactive=False)


def compile_catalogues(*, anew: bool = False) -> list[Path]:
    """Compiles the catalogues that are newer than their .mo (all, if `anew`), with Babel: no gettext needed."""
    made = []
    for source in sorted(path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not anew and target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        draft = target.with_suffix(".mo.unfinished")
        with draft.open("wb") as out:
            write_mo(out, catalogue)
        draft.replace(target)
        made.append(target)
    return made


def collect_static() -> None:
    """Collects, bares and compresses the static files if one, or how that is done, changed; of two starts one waits."""
    built = Path(settings.STATIC_ROOT)
    stamp = hashlib.sha256(Path(static.__file__).read_bytes())
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            about = path.stat()
            stamp.update(f"{path.relative_to(folder)} {about.st_size} {about.st_mtime_ns}\n".encode())
    mark = built / ".collected"
    if mark.exists() and mark.read_text() == stamp.hexdigest():
        return
    with locks.held("static", wait=120, folder=built):
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(stamp.hexdigest())
