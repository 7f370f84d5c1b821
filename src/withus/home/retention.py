"""How long each class of stored data stays, and what ends it: one table, which /privacy/ends and `withus check` show.

A test compares it with the register of stored fields and with the jobs: what has an end names what brings it about.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from withus.home.register import Words

OWNER, REPLACED = "owner", "replaced"  # ended by whoever it belongs to; by what comes in its place


@dataclass(frozen=True)
class Stays:
    """A class of data: its tables in the register (none: files), how long it stays, and by what it ends: a job, or
    OWNER or REPLACED."""

    what: Words
    until: Words
    by: str
    tables: tuple[str, ...] = ()

    @property
    def is_by_job(self) -> bool:
        """Whether it ends by itself."""
        return self.by not in {OWNER, REPLACED}


RETENTION = (
    Stays(_("Your account and your recovery codes"), _("until you leave"), OWNER, ("Account", "RecoveryCode")),
    Stays(
        _("Your votes and statements, with what the log keeps outside itself of your words"),
        _("until you take them back"),
        OWNER,
        ("Participant", "Vote", "Statement", "Appeal", "LogOpening"),
    ),
    Stays(_("Votes that wait for a map to be sealed"), _("about a minute"), "deliberation.draw", ("HeldVote",)),
    Stays(_("Who you are at a table, and your key to an inbox"), _("until you leave"), OWNER, ("Tenure", "Reader")),
    Stays(_("Drafts of answers"), _("until they are sent"), OWNER, ("Draft",)),
    Stays(_("Translations and recordings"), _("as long as their text"), OWNER, ("Translation", "Recording")),
    Stays(_("Sessions"), _("12 hours, kept as one day"), "people.forget_ended", ("Session",)),
    Stays(
        _("Cards and set-up addresses"),
        _("until they are used or over"),
        "people.forget_ended",
        ("Invite", "InviteBatch", "SetUpToken"),
    ),
    Stays(_("Roles with a last day"), _("until that day, or until you leave"), "people.end_terms", ("Membership",)),
    Stays(
        _("Voices, with what was said about them"),
        _("90 days after the last word, 30 once closed"),
        "voices.end_weeks",
        ("Voice", "Turn", "Enclosure", "Envelope"),
    ),
    Stays(_("Who opened a voice"), _("a year"), "voices.end_weeks", ("Opening",)),
    Stays(_("Printed slips that nobody typed in"), _("180 days"), "voices.end_slips", ("BlankSlip",)),
    Stays(_("That a form for a voice or a sheet of slips was sent"), _("30 days"), "voices.end_slips", ("SentForm",)),
    Stays(
        _("That a receipt is told what becomes of a finding"),
        _("90 days after all that rests on it is closed, or until it is taken back"),
        "voices.end_sources",
        ("Source",),
    ),
    Stays(_("A story of a voice"), _("until it is taken back"), OWNER, ("Story",)),
    Stays(
        _("What those who spoke said of a delivery, by a mark"),
        _("90 days after all of it is confirmed, two years at most"),
        "recommendations.end_judgements",
        ("Judgement", "LastCount", "TookPart"),
    ),
    Stays(_("The words of a report"), _("90 days after its decision"), "reports.end", ("Report",)),
    Stays(_("What peers did, before it is in the log"), _("a day"), "public_log.enter_what_peers_did", ("LogPending",)),
    Stays(_("Back-ups that this house makes beside its data"), _("30 days"), "running.drop_old_back_ups", ("BackUp",)),
    Stays(_("The last run of each job"), _("until the next one"), REPLACED, ("JobRun",)),
    Stays(_("The key that opens the cookies of sessions"), _("a day and a half"), "people.renew_cookie_key"),
    Stays(_("The key that opens visits and forms without an account"), _("two days"), "voices.renew_visit_key"),
    Stays(_("What was erased, in the database's side file"), _("a minute"), "running.fold_in"),
)
JOBS = frozenset(one.by for one in RETENTION if one.is_by_job)
