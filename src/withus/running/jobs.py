"""What operations do by themselves: make the back-ups that were asked for, drop old ones."""

from withus.core import clock, erasure
from withus.core.schedule import every
from withus.running import actions, backup, queries

KEPT = erasure.COPIES_KEPT


@every(seconds=5)
def make_back_ups() -> int:
    """Makes the back-ups that were asked for on the page."""
    waiting = list(queries.due_back_ups())
    for wanted in waiting:
        actions.make_back_up(wanted)
    return len(waiting)


@every(minutes=1)
def fold_in() -> int:
    """Empties SQLite's write-ahead file, so that nothing lies there that was erased or changed."""
    return int(erasure.fold_in())


@every(days=1)
def drop_old_back_ups() -> int:
    """Removes back-ups older than 30 days from the data folder."""
    oldest = (clock.now() - KEPT).timestamp()
    old = [path for path in backup.folder().glob("*.tar.gz") if path.stat().st_mtime < oldest]
    for path in old:
        path.unlink()
    return len(old)
