"""Short forms of what somebody wrote: for headings, lists, feeds and calendars."""

import pytest

from withus.compute.sentences import first_sentence, one_line

LONG = "We ask that the drop-in stays open at night because people need it most then, and because nobody else is there"


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("The room is closed at night. People need it then.", "The room is closed at night."),
        ("The room is closed at night", "The room is closed at night"),
        ("  Is it open?\nNobody says.", "Is it open?"),
        ("No. 7 is closed at night. Why?", "No. 7 is closed at night."),
        ("Open the room\nat night\n\nIt is cold", "Open the room at night"),
        ("Nobody answers us at night. (made up) Why?", "Nobody answers us at night. (made up)"),
        ("They said “we are never open.” Who is?", "They said “we are never open.”"),
        ("متى تفتح الغرفة في الليل؟ لا أحد يعرف.", "متى تفتح الغرفة في الليل؟"),
        ("夜になると部屋が閉まってしまう。人がいちばん必要とする時に。", "夜になると部屋が閉まってしまう。"),
        ("It costs 3.50 a night, and nobody pays. We do.", "It costs 3.50 a night, and nobody pays."),
        ("", ""),
    ],
)
def test_the_first_sentence_stands_for_the_whole(text: str, short: str) -> None:
    assert first_sentence(text) == short


def test_a_long_sentence_is_cut_between_words() -> None:
    assert first_sentence(LONG) == (
        "We ask that the drop-in stays open at night because people need it most then, and because nobody…"
    )
    assert len(first_sentence("x" * 300)) == 100


def test_a_line_holds_no_sign_that_a_calendar_cannot() -> None:
    assert one_line("Bell \x07 &\n\tmore") == "Bell & more"
    assert one_line("x" * 130) == "x" * 119 + "…"
