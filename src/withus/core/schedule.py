"""What runs by itself: a job says so where it stands, with `@every(…)`; `running` calls those that are due."""

from collections.abc import Callable
from dataclasses import dataclass

Job = Callable[[], int]
DAY = 24 * 3600


@dataclass(frozen=True)
class Scheduled:
    """A job and how often it runs. The job returns how many things it did and may run twice at once.

    A slow one may take minutes: it runs beside the others, which do not wait for it.
    """

    name: str
    seconds: int
    run: Job
    says: str
    is_slow: bool = False

    @property
    def is_daily(self) -> bool:
        """Whether it runs once in each day of the instance's, whatever the hour."""
        return self.seconds == DAY


JOBS: dict[str, Scheduled] = {}


def every(
    *, seconds: int = 0, minutes: int = 0, hours: int = 0, days: int = 0, is_slow: bool = False
) -> Callable[[Job], Job]:
    """Registers a job that is due when that much time has passed since it last began; `days=1`: once in each day."""

    def register(job: Job) -> Job:
        name = f"{job.__module__.split('.')[-2]}.{job.__name__}"
        assert job.__doc__, f"the job {name} says nothing"
        whole = seconds + 60 * minutes + 3600 * hours + DAY * days
        JOBS[name] = Scheduled(name, whole, job, job.__doc__.splitlines()[0], is_slow)
        return job

    return register
