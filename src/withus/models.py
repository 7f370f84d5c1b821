"""All models, for Django only: nothing else imports this (an import contract)."""

from withus.deliberation.models import *  # noqa: F403
from withus.people.models import *  # noqa: F403
from withus.processes.models import *  # noqa: F403
from withus.public_log.models import *  # noqa: F403
from withus.running.models import *  # noqa: F403
from withus.texts.models import *  # noqa: F403
