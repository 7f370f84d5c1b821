"""The demo's two camps: invented ballots about nights at the drop-in, so that its map shows what groups look like.

Some want a place that is awake all night, others want to sleep there; on four things nearly all agree.
"""

from hashlib import shake_128

from withus.core import codes
from withus.deliberation import actions
from withus.deliberation.queries import Votable, public_votable
from withus.deliberation.ties import tie_of
from withus.policy.facts import SYSTEM, Actor
from withus.processes.models import Process
from withus.texts.actions import translate

CAMPS = 66, 54  # people who want to be awake, and who want to sleep
OWN = 1, 1, 1, 1, 1, -1, 1, 1, 1  # of the first statements: the demo's peer is awake, but wants it quiet
_MISSING = 40  # of 256 answers
_PASS = 93  # of 100 answers, from which on those that do not agree are no disagreement either
STATEMENTS = (  # in English, in Arabic, and how many of 100 in each camp agree
    (
        "The drop-in should be open until two in the morning at weekends.",
        "ينبغي أن يبقى مكان الراحة مفتوحًا حتى الثانية صباحًا في عطلة نهاية الأسبوع.",
        (93, 12),
    ),
    (
        "At night there should always be somebody there who uses or has used drugs.",
        "ينبغي أن يكون هناك في الليل دائمًا شخص يتعاطى المخدرات أو سبق أن تعاطاها.",
        (90, 84),
    ),
    (
        "Naloxone should lie where everybody can take it, without asking.",
        "ينبغي أن يوضع النالوكسون حيث يستطيع الجميع أخذه دون سؤال.",
        (94, 92),
    ),
    ("A quiet room matters more than a television.", "غرفة هادئة أهم من التلفاز.", (14, 91)),
    (
        "Peers who work at night should be paid like everybody else who does.",
        "ينبغي أن يُدفع للأقران الذين يعملون ليلًا كما يُدفع لغيرهم ممن يعملون ليلًا.",
        (91, 86),
    ),
    ("Dogs should be allowed in at night.", "ينبغي السماح بدخول الكلاب في الليل.", (84, 22)),
    (
        "The room where you can use should stay open all night.",
        "ينبغي أن تبقى غرفة التعاطي مفتوحة طوال الليل.",
        (94, 13),
    ),
    (
        "After midnight the music should be off and the lights low.",
        "بعد منتصف الليل ينبغي إيقاف الموسيقى وخفض الأضواء.",
        (10, 92),
    ),
    (
        "Friends should be allowed to come in with you at any hour.",
        "ينبغي السماح للأصدقاء بالدخول معك في أي ساعة.",
        (90, 12),
    ),
    (
        "After midnight nobody new should come in, so that people can sleep.",
        "بعد منتصف الليل ينبغي ألا يدخل أحد جديد، كي يستطيع الناس النوم.",
        (7, 88),
    ),
    ("Beds matter more than places to sit and talk.", "الأسرّة أهم من أماكن الجلوس والحديث.", (11, 91)),
    (
        "Nobody should be sent out into the cold before it is light.",
        "ينبغي ألا يُخرَج أحد إلى البرد قبل طلوع الضوء.",
        (92, 93),
    ),
    ("There should be coffee and cards all night.", "ينبغي أن تتوفر القهوة وورق اللعب طوال الليل.", (91, 17)),
    (
        "Whoever talks loudly after midnight should go outside to talk.",
        "من يتحدث بصوت عالٍ بعد منتصف الليل فليخرج ليتحدث.",
        (12, 89),
    ),
)


def tell(process: Process, peer: Actor, tie: str) -> None:
    """The statements in both languages, and the votes of the demo's peer and of both camps."""
    asked: dict[int, Votable] = {}
    for number, (text, in_arabic, _) in enumerate(STATEMENTS, 1):
        made = actions.seed(SYSTEM, process, text=text, language="en")
        translate(SYSTEM, made, kind="statement", field="text", language="ar", text=in_arabic)
        votable = public_votable(process.code, made.code)
        assert votable
        asked[number] = votable
    ballots = {tie_of(codes.key(), process.code): ballot for ballot in _ballots()}
    ballots[tie] = dict(enumerate(OWN, 1))
    for whose, ballot in ballots.items():
        for number, value in ballot.items():
            actions.vote(peer, asked[number], value=value, tie=whose)
    actions.release_tallies(process)


def _ballots() -> list[dict[int, int]]:
    """What everybody answered, by the statement's number; each in her own way, and the same in every demo."""
    dice = iter(shake_128(b"nights").digest(sum(CAMPS) * len(STATEMENTS)))
    camps = [camp for camp, size in enumerate(CAMPS) for _ in range(size)]
    return [
        {
            number: _answer(thrown, agree[camp])
            for number, (_, _, agree) in enumerate(STATEMENTS, 1)
            if (thrown := next(dice)) >= _MISSING
        }
        for camp in camps
    ]


def _answer(thrown: int, agree: int) -> int:
    rank = (thrown - _MISSING) * 100 // (256 - _MISSING)
    return 1 if rank < agree else 0 if rank >= _PASS else -1
