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

NIGHTS: Words = {
    "title": "What should the drop-in offer at night? (invented)",
    "about": "An invented conversation about an invented place, so that you can see how peers look after statements.",
}
NIGHTS_PHASE = Planned(
    "need",
    4,
    -7,
    50,
    "The opening hours, what is offered at night, and who works then.",
    "The budget of this year, and that nobody has to say a name at the door.",
    takes_statements=True,
    takes_votes=True,
)
NIGHTS_IN_ARABIC: Words = {
    "title": "ماذا ينبغي أن يقدّم مكان الراحة في الليل؟ (مختلق)",
    "about": "حوار مختلق عن مكان مختلق، كي ترى كيف يعتني الأقران بالمقترحات.",
}
FIRST_SEED_IN_ARABIC = "ينبغي أن يبقى مكان الراحة مفتوحًا حتى الثانية صباحًا في عطلة نهاية الأسبوع."
SEEDS = (
    "The drop-in should be open until two in the morning at weekends.",
    "At night there should always be somebody there who uses or has used drugs.",
    "Naloxone should lie where everybody can take it, without asking.",
    "A quiet room matters more than a television.",
    "Peers who work at night should be paid like everybody else who does.",
    "Dogs should be allowed in at night.",
)
WAITING = (
    "There should be warm food after ten, even if it is only soup.",
    "Women should have one night a week for themselves.",
    "Somebody should walk with you to the night bus if you ask.",
)
DECLINED = "The doorman from the Tuesday shift should not work there."
DECLINE_WORDS = "Please say what should happen at the door instead. Then nobody is pointed at."
APPEAL = "I did not name anybody. It is about how the door is kept, and others say the same."
