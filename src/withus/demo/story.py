"""What the demo is about: three real conversations, and an invented town around them that says so."""

from dataclasses import dataclass
from typing import Any

Words = dict[str, Any]  # keywords of an action

HOST = "Withus demo (invented)"
ABOUT = (
    "This is a demo. Organisations, people, phases and promises here are invented. Three conversations are real; "
    "each says on its pages where it comes from."
)
ATTRIBUTION = (
    "Data was gathered using the Polis software (compdemocracy.org/polis) and is sub-licensed under CC BY 4.0 with "
    "Attribution to The Computational Democracy Project. The data and more information about how the data was "
    "collected can be found at the following link: compdemocracy.org/case-studies/{case}"
)

NATIONAL: Words = {
    "name": "Lantern, national union of people who use drugs (invented)",
    "about": "An invented peer organisation. It speaks for people who use drugs, and is run by them.",
    "mandate": {
        "speaks_for": "People who use drugs, in the whole country.",
        "chosen_how": "Each chapter elects two people for two years; together they choose the board.",
        "members_asked": "Before a position is taken, each chapter talks about it and votes.",
        "reports_back": "Minutes go to all chapters within two weeks, on paper and read aloud at the drop-ins.",
    },
}
CHAPTER: Words = {
    "name": "Lantern Harbor, local chapter (invented)",
    "about": "An invented chapter of the national union, in a harbor town.",
}
NEIGHBOR: Words = {
    "name": "Open Hands peer network (invented)",
    "about": "A second invented peer organisation, so that one can vouch for the other.",
    "mandate": {
        "speaks_for": "People who use drugs and sleep outside, in the harbor region.",
        "chosen_how": "An open meeting each spring; whoever was there twice may vote.",
        "members_asked": "At the weekly breakfast, with cards for those who do not want to speak.",
        "reports_back": "At the next breakfast, and on the board by the door.",
    },
}
FUNDER: Words = {"name": "Fair Start fund (invented)", "about": "An invented funder of peer organisations."}
CLINIC: Words = {
    "name": "Harbor clinic (invented)",
    "about": "An invented clinic without waiting lists.",
}
OUTSIDE: Words = {
    "outside_name": "Northern network of people who use drugs (invented)",
    "outside_proof": "Minutes of its meeting, page 4 (invented)",
}
BODY: Words = {
    "name": "Harbor Board for Drug Policy (invented)",
    "decides": "It decides about the town's drug services, their opening hours and their money.",
}
SERVICE: Words = {"name": "Harbor drop-in (invented)", "about": "A place to rest, to talk, and to get clean supplies."}
SITES: tuple[Words, ...] = (
    {"name": "Old Pier", "area": "Harbor", "hours": "Every day, 10:00 to 18:00"},
    {"name": "Station", "area": "Center", "hours": "Monday to Friday, 12:00 to 20:00"},
)


@dataclass(frozen=True)
class Planned:
    """A phase of the story, in days from today; `closes` counts."""

    kind: str
    level: int
    opens: int
    closes: int
    can_change: str
    cannot_change: str
    takes_statements: bool = False
    takes_votes: bool = False


@dataclass(frozen=True)
class Conversation:
    """A real conversation from Polis, in an invented process."""

    code: str
    folder: str
    case: str
    title: str
    about: str
    phases: tuple[Planned, ...]
    body: str = ""


_REAL = "The conversation is real; the process around it here is invented."
_CANNOT = "What was said and voted then. Votes of today are counted with them."

CONVERSATIONS = (
    Conversation(
        code="LONDON",
        folder="london.youth.policing",
        case="2022-london-youth-policing",
        title="What is the best way to engage more young people in local scrutiny of policing?",
        about=f"{_REAL} Young people in London said in 2022 how they want to watch over the police.",
        phases=(
            Planned("need", 3, -20, 40, "Which ways of taking part are offered.", _CANNOT, True, True),
            Planned(
                "design", 4, 41, 100, "How each way works, who is paid, and who leads it.", "What was agreed on before."
            ),
            Planned("decision", 3, 101, 131, "Which ways begin first.", "That there is an answer with reasons."),
        ),
        body="DEMO",
    ),
    Conversation(
        code="BREXIT",
        folder="brexit-consensus",
        case="2017-brexit-consensus",
        title="Can there be consensus on Brexit?",
        about=f"{_REAL} In 2017 people on both sides looked for what they share.",
        phases=(
            Planned("design", 2, -10, 60, "Which questions are put to the board.", _CANNOT, True, True),
            Planned("evaluation", 3, 200, 230, "How we ask next time.", "The counts."),
        ),
    ),
    Conversation(
        code="BIODIVERSITY",
        folder="scoop-hivemind.biodiversity",
        case="2019-scoop-hivemind-biodiversity",
        title="Protecting and restoring New Zealand's biodiversity",
        about=f"{_REAL} In 2019 more than 500 people said how nature should be protected. Voting has ended here.",
        phases=(
            Planned("design", 3, -90, -31, "Which measures are proposed.", _CANNOT, True, True),
            Planned("delivery", 3, -30, 120, "In which order the measures begin.", "What was decided."),
        ),
    ),
)


@dataclass(frozen=True)
class Asked:
    """A recommendation of the story, sent so many days before today; `deeds` are days after that, action, words.

    `promise` is the number of a promise, `payer` the code of an organisation; `pay_check` pays for the last check.
    """

    code: str
    days_ago: int
    text: str
    asked_change: str
    evidence: str = ""
    deeds: tuple[tuple[int, str, Words], ...] = ()
    kind: str = "recommendation"
    body: str = "DEMO"
    finding: str = ""  # the code of one that it rests on too


_LONDON = "/processes/LONDON/results"
RECOMMENDATIONS = (
    Asked(
        code="R-ANSWERED",
        days_ago=50,
        text="Young people cannot come to scrutiny meetings that begin at four in the afternoon. (invented)",
        asked_change="Begin every meeting at half past six, and pay the way there beforehand.",
        evidence=f"{_LONDON}\nMinutes of the Lantern breakfast, page 2 (invented)",
        finding="F-LATE",
        deeds=(
            (4, "acknowledge", {}),
            (
                20,
                "respond",
                {
                    "outcome": "accepted_in_part",
                    "reason": "Meetings begin at half past six from the spring on. For fares there is no budget yet.",
                },
            ),
            (
                21,
                "commit",
                {
                    "owner": "Office of the board",
                    "measure": "All meetings begin at half past six.",
                    "due_on": 150,
                    "budget": "none needed",
                },
            ),
            (25, "dissent", {"words": "Without the fare, the later hour helps only those who live near."}),
        ),
    ),
    Asked(
        code="R-OVERDUE",
        days_ago=64,
        text="Nobody tells young people what became of what they said. (invented)",
        asked_change="Print the answer to each question and put it up where the question was asked.",
        evidence=_LONDON,
        deeds=(
            (9, "acknowledge", {}),
            (
                62,
                "draft",
                {
                    "outcome": "accepted",
                    "reason": "Whoever asks has a right to read what became of it. We begin with the next meeting.",
                },
            ),
        ),
    ),
    Asked(
        code="R-DISPUTED",
        days_ago=120,
        text="The drop-in has no naloxone where people can take it without asking. (invented)",
        asked_change="Put a box with naloxone beside the door of each site.",
        evidence="Photo log of the Lantern round, week 30 (invented)",
        deeds=(
            (2, "acknowledge", {}),
            (8, "clarify", {"question": "Do you mean the two sites in the harbor, or all services?"}),
            (11, "explain", {"answer": "Both sites of the drop-in: Old Pier and Station."}),
            (25, "respond", {"outcome": "accepted", "reason": "A box can be put up at both sites without delay."}),
            (
                25,
                "commit",
                {
                    "owner": "Harbor drop-in",
                    "measure": "A box beside both doors",
                    "due_on": 80,
                    "budget": "600 from the running budget",
                },
            ),
            (75, "deliver", {"words": "Since Monday a box hangs at Old Pier and at Station."}),
            (
                82,
                "verify",
                {
                    "verdict": "disputed",
                    "evidence": "We looked three times: at Station there is no box, and at Old Pier it is locked.",
                    "minutes": 90,
                    "payer": "DEMO",
                },
            ),
            (90, "judge", {"yes": 2, "no": 11}),
        ),
    ),
    Asked(
        code="R-CONFIRMED",
        days_ago=110,
        text="Nobody can find out in the morning whether the drop-in is open. (invented)",
        asked_change="Put the hours of the day on each door, and pick up the telephone from nine on.",
        deeds=(
            (2, "acknowledge", {}),
            (15, "respond", {"outcome": "accepted", "reason": "People came in vain. Both can begin within a month."}),
            (
                16,
                "commit",
                {
                    "owner": "Harbor drop-in",
                    "measure": "The hours of the day on each door",
                    "due_on": 45,
                    "budget": "none needed",
                },
            ),
            (
                16,
                "commit",
                {
                    "owner": "Office of the board",
                    "measure": "Somebody at the telephone from nine on",
                    "due_on": 75,
                    "budget": "from the running budget",
                },
            ),
            (40, "deliver", {"promise": 0, "words": "Since Monday the hours of the day hang on both doors."}),
            (
                46,
                "verify",
                {
                    "verdict": "confirmed",
                    "evidence": "We passed by on five mornings: the hours hung there, and they were true.",
                    "minutes": 75,
                    "payer": "DEMO",
                },
            ),
            (50, "pay_check", {}),
            (70, "deliver", {"promise": 1, "words": "Since Thursday somebody answers the telephone from nine on."}),
            (
                76,
                "verify",
                {
                    "verdict": "confirmed",
                    "evidence": "We called on six days between nine and ten; each time somebody answered.",
                    "minutes": 40,
                    "payer": "DEMO",
                },
            ),
            (81, "pay_check", {}),
        ),
    ),
    Asked(
        code="R-DELIVERED",
        days_ago=90,
        text="The list of what the drop-in hands out hangs where nobody sees it. (invented)",
        asked_change="Hang the list beside the entrance, in pictures and in three languages.",
        evidence="/processes/NIGHTS/results",
        deeds=(
            (3, "acknowledge", {}),
            (16, "respond", {"outcome": "accepted", "reason": "It costs little, and the entrance has room for it."}),
            (
                16,
                "commit",
                {"owner": "Harbor drop-in", "measure": "A new list", "due_on": 95, "budget": "none needed"},
            ),
            (84, "deliver", {"words": "The list hangs beside the entrance of both sites since Friday."}),
        ),
    ),
    Asked(
        code="R-OPEN",
        days_ago=6,
        text="People who are asked for advice are paid months later, or never. (invented)",
        asked_change="Pay everybody who sits at the table on the same day, in the form they choose.",
    ),
    Asked(
        code="Q-ASKED-BACK",
        kind="question",
        days_ago=12,
        text="We want to know how often the drop-in was closed without notice this year. (invented)",
        asked_change="Say for each month how many days it was closed, and why.",
        deeds=(
            (1, "acknowledge", {}),
            (10, "clarify", {"question": "Do you mean whole days only, or also when we opened late?"}),
            (
                11,
                "draft",
                {"outcome": "accepted", "reason": "Whole days, from the book of the drop-in: the list is attached."},
            ),
            (11, "endorse", {}),
        ),
    ),
    Asked(
        code="R-LETTER",
        body="HEALTH",
        days_ago=3,
        text="Doctors in the town are told not to write naloxone into first-aid plans. (invented)",
        asked_change="Take that sentence out of the instruction to doctors.",
    ),
)
HEALTH: Words = {
    "name": "Ministry of Health (invented)",
    "decides": "It decides what doctors are told. It never joined: its page was opened by peers.",
}
HEALTH_NORM: Words = {
    "words": "Act on good administration (invented), article 12: whoever writes to an office gets an answer.",
    "acknowledge_days": 7,
    "reply_days": 28,
    "question_days": 14,
    "extension_days": 14,
}

NIGHTS: Words = {
    "title": "What should the drop-in offer at night? (invented)",
    "about": (
        "An invented conversation about an invented place, with invented votes, so that you can see how peers look "
        "after statements, and how groups look on a map."
    ),
}
NIGHTS_PHASE = Planned(
    "need",
    4,
    -120,
    50,
    "The opening hours, what is offered at night, and who works then.",
    "The budget of this year, and that nobody has to say a name at the door.",
    takes_statements=True,
    takes_votes=True,
)
NIGHTS_IN_ARABIC: Words = {
    "title": "ماذا ينبغي أن يقدّم مكان الراحة في الليل؟ (مختلق)",
    "about": (
        "حوار مختلق عن مكان مختلق، بأصوات مختلقة، كي ترى كيف يعتني الأقران بالمقترحات، وكيف تبدو المجموعات على خريطة."
    ),
}
WAITING = (
    "There should be warm food after ten, even if it is only soup.",
    "Women should have one night a week for themselves.",
    "Somebody should walk with you to the night bus if you ask.",
)
DECLINED = "The doorman from the Tuesday shift should not work there."
DECLINE_WORDS = "Please say what should happen at the door instead. Then nobody is pointed at."
APPEAL = "I did not name anybody. It is about how the door is kept, and others say the same."
REPORT = {
    "target": "/processes/NIGHTS/",
    "why": "recognisable",
    "text": "The sentence about the man at the back door: everybody in the street knows who it is. He was not asked.",
}
