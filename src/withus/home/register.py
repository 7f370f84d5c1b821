"""The register of stored fields: what each is for, why we may keep it, and for how long. /privacy is made from it.

A test compares it with the models: a field without a purpose, or a purpose without a field, fails.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Kept:
    """One table: what a row of it is, on which basis it is kept, until when, and each field with its purpose."""

    what: Words
    basis: Words
    until: Words
    fields: dict[str, Words]


@dataclass(frozen=True)
class Section:
    """Tables that belong together for a reader: each on /privacy/NAME; those about people in short on /privacy too."""

    name: str
    title: Words
    lead: Words
    tables: dict[str, Kept]
    is_about_people: bool = False


ROW = _("A number inside the database, never shown.")
CODE = _("A random code for its address.")
LANGUAGE = _("The language it is written in, so that it is shown and read aloud rightly.")
DAY = _("The day, never the time of day.")
ORDER = _("Says what came before what.")
NAME = _("Its name.")
ABOUT = _("What it says about itself.")
WHOSE = _("Whose it is.")
INVENTED = _("Says “invented” on the page, so that nobody takes a demo for real.")
WHICH_PROCESS = _("The process it belongs to.")
WHICH_STATEMENT = _("The statement it is about.")
DIGEST = _("A fingerprint of a long random secret. It cannot be turned back.")

ASKED = _("You ask for it when you join. Without it you could not come back. (In the EU: GDPR, Article 6(1)(b).)")
CHOSEN = _("You choose to say it, and you can take it back. (In the EU: GDPR, Articles 6(1)(a) and 9(2)(a).)")
RECORD = _("The record of formal acts. It holds organisations, not persons. (In the EU: GDPR, Article 6(1)(e) or (f).)")
HOUSE = _("Running the house. It holds nobody's data.")

UNTIL_LEAVING = _("Until you leave. Then it is erased.")
UNTIL_TAKEN_BACK = _("Until you take it back. When you leave, you choose: erased, or kept without any tie to you.")
FOR_EVER = _("For good: a record that could be cut would prove nothing.")
WITH_THE_HOUSE = _("As long as this house exists.")

_YOU = Section(
    "you",
    _("About you, if you join"),
    _("No name, no e-mail, no phone, no address, no device, no time of day."),
    {
        "Account": Kept(_("An account."), ASKED, UNTIL_LEAVING, {
            "id": _("A random number inside the database, so that rows do not lie in the order in which people came."),
            "pseudonym": _("The name that we made for you. You sign in with it."),
            "salt": _("Random bytes that make each passphrase's check different."),
            "verifier": _("Lets us check your passphrase without knowing it."),
            "wrapped_key": _("The key to your own votes, locked with your passphrase. We cannot open it."),
            "joined_on": DAY,
        }),
        "RecoveryCode": Kept(
            _("A recovery code that you have not used."), ASKED, _("Until you use it, make new ones, or leave."), {
            "id": ROW,
            "account": _("The account that it opens."),
            "verifier": _("Lets us check the code without knowing it."),
            "wrapped_key": _("The key to your own votes, locked with this code. We cannot open it."),
        }),
        "Session": Kept(
            _("A browser in which you are signed in."), ASKED, _("Until you sign out, or 12 hours at most."), {
            "digest": DIGEST,
            "account": _("The account that is signed in."),
            "ends_on": _("The day on which it ends at the latest."),
        }),
        "Membership": Kept(
            _("A role that you hold for an organisation."), ASKED, _("Until the role ends or you leave."), {
            "id": ROW,
            "account": _("The account that holds it."),
            "organisation": _("The organisation that you speak or work for."),
            "role": _("What you may do here."),
            "since": DAY,
            "until": _("The last day of your term, if the role has one."),
        }),
    },
    is_about_people=True,
)  # fmt: skip

_SAID = Section(
    "votes",
    _("What you say and how you vote"),
    _("Tied to you only by a key that lies in your browser while you are signed in, and nowhere else open."),
    {
        "Participant": Kept(_("Somebody in one process."), CHOSEN, UNTIL_TAKEN_BACK, {
            "id": _("A random number, different in each process."),
            "process": WHICH_PROCESS, "code": CODE,
            "tie": _("Lets you find your own votes again. Only your key can make it, and we do not have your key."),
            "is_paper": _("Says that the votes came on paper."),
            "number": _("The number from a file that was imported."),
        }),
        "Vote": Kept(_("A vote. No time, and nothing of what it was before."), CHOSEN, UNTIL_TAKEN_BACK, {
            "pk": _("Participant and statement together: one vote for each."),
            "participant": _("The random participant, so that each counts once."),
            "statement": WHICH_STATEMENT,
            "value": _("Agree, disagree or pass."),
        }),
        "Statement": Kept(_("A statement."), CHOSEN, UNTIL_TAKEN_BACK, {
            "id": ROW, "code": CODE, "process": WHICH_PROCESS, "number": ORDER,
            "proposed_by": _("The random participant, so that she can take it back or appeal."),
            "is_seed": _("Says that the organisation began with it."),
            "is_meta": _("Says that it is about the talk itself; it comes with imported files."),
            "text": _("What it says."),
            "language": LANGUAGE,
            "state": _("Whether it waits, is accepted, declined or taken back."),
            "proposed_on": DAY, "decided_on": DAY,
            "decided_by_account": _("Who decided, so that somebody else decides an appeal. Never shown."),
            "decline_reason": _("Why it was declined, for everybody to see."),
            "decline_words": _("What the editors say about it."),
        }),
        "Appeal": Kept(_("An appeal against a declined statement."), CHOSEN, UNTIL_TAKEN_BACK, {
            "id": ROW, "code": CODE, "statement": WHICH_STATEMENT,
            "reason": _("Why somebody should look again."),
            "language": LANGUAGE, "made_on": DAY,
            "upheld": _("What came of it."),
            "answer": _("What the second editor says."),
            "decided_on": DAY,
        }),
    },
    is_about_people=True,
)  # fmt: skip

_COUNTS = Section(
    "counts",
    _("Counts"),
    _("How many, never who. Small counts are not shown."),
    {
        "TallyRelease": Kept(_("The published counts of a statement."), RECORD, WITH_THE_HOUSE, {
            "statement": WHICH_STATEMENT,
            "agrees": _("How many agree."),
            "disagrees": _("How many disagree."),
            "passes": _("How many pass."),
            "on_paper": _("How many of them came on paper."),
            "released_on": DAY,
        }),
        "TurnoutRelease": Kept(_("The published count of people in a process."), RECORD, WITH_THE_HOUSE, {
            "process": WHICH_PROCESS,
            "people": _("How many people voted."),
            "on_paper": _("How many of them came on paper."),
            "released_on": DAY,
        }),
        "SealedTally": Kept(_("The published counts at the end of a phase."), RECORD, FOR_EVER, {
            "id": ROW,
            "phase": _("The phase that ended."),
            "content": _("The counts as they were published."),
            "sha256": _("Their fingerprint, which lies in the public log."),
        }),
        "PaperBatch": Kept(_("Ballots from paper that were typed in together."), RECORD, WITH_THE_HOUSE, {
            "id": ROW, "process": WHICH_PROCESS,
            "token": _("A random word of the browser, so that sending twice counts once."),
            "entered_on": DAY,
        }),
    },
    is_about_people=True,
)  # fmt: skip

_ORGANISATIONS = Section(
    "organisations",
    _("Organisations and what they open"),
    _("Public, because whoever speaks for others, or decides about them, says so openly."),
    {
        "Organisation": Kept(_("A peer organisation, body, service or funder."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE,
            "kind": _("What it is."),
            "name": NAME, "about": ABOUT, "language": LANGUAGE,
            "parent": _("The national organisation that it is a chapter of."),
            "is_invented": INVENTED, "founded_on": DAY,
            "missed_on": _("The day on which the host said that nobody who gives its roles can act."),
            "host_card_after": _("Which mandates no longer count, because the host made a new first card."),
        }),
        "Mandate": Kept(_("How an organisation came to speak for people."), RECORD, FOR_EVER, {
            "id": ROW, "organisation": WHOSE, "version": ORDER,
            "speaks_for": _("For whom it speaks."),
            "chosen_how": _("How those who speak were chosen."),
            "members_asked": _("How members are asked."),
            "reports_back": _("How it tells them what came of it."),
            "language": LANGUAGE, "published_on": DAY,
        }),
        "FundingLink": Kept(_("Who pays an organisation."), RECORD, FOR_EVER, {
            "id": ROW, "organisation": WHOSE,
            "payer": _("Who pays, if it is an organisation of this house."),
            "payer_name": _("Who pays, if it is not."),
            "share": _("How much of its money comes from there."),
            "declared_on": DAY,
        }),
        "Countersignature": Kept(_("Another organisation vouches for a mandate."), RECORD, FOR_EVER, {
            "id": ROW,
            "mandate": _("The mandate it vouches for."),
            "by": _("Who vouches, if it is an organisation of this house."),
            "outside_name": _("Who vouches, if it is not."),
            "outside_proof": _("Where others can check that."),
            "signed_on": DAY,
        }),
        "InviteBatch": Kept(
            _("Invite cards made together. Who got which is written nowhere."),
            ASKED, _("Until the last card is used or ends."), {
            "id": ROW, "code": CODE, "organisation": WHOSE,
            "role": _("The role that a card gives."),
            "made_on": DAY,
            "ends_on": _("The last day on which a card can be used."),
            "size": _("How many cards there were."),
            "term_until": _("How long the role is held, if it has a term."),
            "replaces": _("Whose role ends when its successor comes. It is gone with the role."),
        }),
        "Invite": Kept(
            _("A card that nobody has used."), ASKED, _("Until it is used or ends. Then the row is gone."),
            {"id": ROW, "digest": DIGEST, "batch": _("The cards it was made with.")},
        ),
        "Body": Kept(_("A body that decides."), RECORD, FOR_EVER, {
            "id": ROW, "organisation": WHOSE,
            "opened_by": _("The organisation that opened its page."),
            "decides": _("What it decides about."), "language": LANGUAGE,
            "time_zone": _("Where its day ends, for deadlines."), "opened_on": DAY,
        }),
        "Service": Kept(_("What an organisation offers to people."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE, "organisation": WHOSE, "name": NAME, "about": ABOUT,
            "language": LANGUAGE, "opened_on": DAY,
        }),
        "Site": Kept(_("A place where a service works."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE,
            "service": _("The service that works there."), "name": NAME,
            "area": _("The area, never an address."),
            "hours": _("When it is open."), "opened_on": DAY,
        }),
        "Process": Kept(_("A process around a policy or a service."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE,
            "organisation": _("The organisation that opened it."),
            "body": _("The body that it is about."), "service": _("The service that it is about."),
            "title": NAME, "about": _("What is to be decided."), "language": LANGUAGE,
            "source": _("Where imported words and votes come from."),
            "publishes_votes": _("Says before it opens whether ballots without names are published."),
            "is_invented": INVENTED, "opened_on": DAY,
            "beside": _("The peer organisation that was asked to read the statements."), "agreed_on": DAY,
            "reading_minutes": _("How long reading a statement takes."), "reading_pay": _("What it pays."),
        }),
        "Phase": Kept(_("A phase of a process."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE, "process": WHICH_PROCESS,
            "kind": _("Which stage it is."),
            "level": _("How much say is promised."),
            "can_change": _("What can change."),
            "cannot_change": _("What cannot change."),
            "language": LANGUAGE,
            "opens_on": _("Its first day."),
            "closes_on": _("Its last day."),
            "takes_statements": _("Whether statements can be proposed."),
            "takes_votes": _("Whether votes are taken."),
            "planned_on": DAY,
            "sealed_on": _("The day on which its counts were sealed."),
        }),
        "Translation": Kept(_("A translation beside a text."), RECORD, _("As long as the text."), {
            "id": ROW,
            "subject": _("The code of what it translates."),
            "field": _("Which of its texts."),
            "language": LANGUAGE,
            "text": _("What it says."),
            "by": _("Which organisation made it."),
            "made_on": DAY,
        }),
        "Recording": Kept(_("A text read aloud."), RECORD, _("As long as the text."), {
            "id": ROW, "code": CODE,
            "subject": _("The code of what is read."),
            "field": _("Which of its texts."),
            "language": LANGUAGE,
            "media": _("The kind of sound file, so that browsers can play it."),
            "sound": _("The sound itself."),
            "made_on": DAY,
        }),
        "Wording": Kept(_("The community's own words."), RECORD, WITH_THE_HOUSE, {
            "id": ROW, "language": LANGUAGE,
            "original": _("The product's sentence."),
            "words": _("How the community says it."),
        }),
    },
)  # fmt: skip

_LOG_AND_HOUSE = Section(
    "house",
    _("The house and its public log"),
    _("The log holds kinds of actors, days and random codes. Words of peers are outside it and can be erased."),
    {
        "Instance": Kept(_("This house: one row."), HOUSE, WITH_THE_HOUSE, {
            "id": ROW,
            "code": _("A random code for the house, in the public log."),
            "host_name": _("Whose host this is, on every page."),
            "community_name": _("What the community calls itself."),
            "about": ABOUT, "language": LANGUAGE,
            "exit_address": _("Where “Leave quickly” leads."),
            "is_demo": INVENTED, "set_up_on": DAY, "weeks_looked_on": DAY, "weeks_wait_until": DAY,
            "check_secret": _("A secret that lets wrong passphrases fail fast."),
            "receipts_mark": _("A mark by which this house notices that the key of all receipts is lost."),
        }),
        "SetUpToken": Kept(
            _("A one-time address to set this house up."), HOUSE, _("Until it is used."),
            {"id": ROW, "digest": DIGEST, "made_on": DAY},
        ),
        "LogEntry": Kept(_("A record of the public log."), RECORD, FOR_EVER, {
            "seq": ORDER,
            "body": _("What happened: kind of actor, day, random codes."),
            "leaf": _("Its fingerprint, so that every change shows."),
            "subject": _("The code of what it is about."),
        }),
        "LogTile": Kept(_("Fingerprints of 256 records, for those who check the log."), RECORD, FOR_EVER, {
            "id": ROW,
            "level": _("How high in the tree."),
            "n": ORDER,
            "root": _("The fingerprint over all of them."),
            "data": _("The fingerprints."),
        }),
        "LogHead": Kept(
            _("How long the log is: one row."), RECORD, FOR_EVER,
            {
                "id": ROW, "size": _("How many records there are."),
                "frontier": _("Fingerprints from which the next is made."),
                "origin": _("The name of the log."),
            },
        ),
        "LogCheckpoint": Kept(
            _("A signed state of the log."), RECORD, FOR_EVER,
            {"size": _("How many records there were."), "note": _("The signed text.")},
        ),
        "LogKey": Kept(
            _("A later key of the log."), RECORD, FOR_EVER,
            {
                "seq": _("The record that names it."), "vkey": _("The key, for everybody to check signatures with."),
                "both_until": _("The last day on which the key before it signs as well."),
            },
        ),
        "LogCosigned": Kept(
            _("A house that signs our log as well, and how far it has signed."), RECORD, FOR_EVER,
            {
                "signer": _("The name of that house's key."), "size": _("How many records it signed."),
                "line": _("Its signature."), "cosigned_at": _("When it signed."),
                "asked_at": _("When we asked it last."), "answer": _("What came of it."),
                "failures": _("How often in a row it did not sign: so it is asked more seldom."),
                "ahead": _("How many records it says there are, if that is more than we have."),
            },
        ),
        "LogPending": Kept(
            _("A record of something that a peer did. It waits for the next day, then all enter in random order."),
            RECORD, _("One day."),
            {
            "id": ROW,
            "body": _("What happened, without who."),
        }),
        "LogWitnessed": Kept(
            _("How far we have cosigned the log of another house."), RECORD, FOR_EVER,
            {
                "origin": _("The name of that log."), "size": _("How many records it had."),
                "root": _("The fingerprint over all of them."), "note": _("The signed text."),
            },
        ),
        "LogOpening": Kept(
            _("Words behind a record. Erasing this row erases the words; the log stays whole."),
            CHOSEN, UNTIL_TAKEN_BACK,
            {
            "commitment": _("The fingerprint that stands in the log."),
            "subject": _("The code of what the words belong to."),
            "path": _("Which of its texts."),
            "salt": _("Random bytes, so that nobody can guess the words from the fingerprint."),
            "content": _("The words."),
        }),
        "JobRun": Kept(_("The last run of a background job."), HOUSE, _("Until the next run."), {
            "name": NAME,
            "started_at": _("When it began."),
            "milliseconds": _("How long it took."),
            "did": _("How many things it did."),
            "error": _("Which kind of error there was, without words of people."),
            "failures": _("How often it failed in a row."),
        }),
        "BackUp": Kept(
            _("A back-up that was asked for or made."),
            HOUSE, _("The files: 30 days; until then they hold what was erased."), {
            "id": ROW, "code": CODE, "asked_on": DAY,
            "percent": _("How far it is."),
            "made_at": _("When it was ready."),
            "file": NAME,
            "bytes": _("How large it is."),
            "error": _("Why it could not be made."),
        }),
    },
)  # fmt: skip

SECTIONS = (_YOU, _SAID, _COUNTS, _ORGANISATIONS, _LOG_AND_HOUSE)
