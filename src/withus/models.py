"""All models, for Django only: nothing else imports this (an import contract)."""

from withus.deliberation.maps.models import *
from withus.deliberation.models import *
from withus.home.reports.models import *
from withus.pay.models import *
from withus.people.models import *
from withus.processes.board.models import *
from withus.processes.models import *
from withus.public_log.models import *
from withus.recommendations.judging.models import *
from withus.recommendations.letters.models import *
from withus.recommendations.models import *
from withus.running.models import *
from withus.texts.models import *
from withus.voices.assisted.models import *
from withus.voices.findings.models import *
from withus.voices.inboxes.models import *
from withus.voices.models import *
from withus.voices.stories.models import *
