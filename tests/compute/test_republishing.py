"""What of a published map may follow: nobody frees what is told of one statement by votes on another."""

from typing import Any

from withus.compute.republishing import FORM, republished, shown_sizes, sure, sure_cohorts


def row(agree: int, floor: float, groups: int = 2, **more: Any) -> dict[str, Any]:
    said = {"direction": "agree", "share": 80, "others": 30, "without": [None] * groups, "low": 0.4} | more
    return {
        "counts": [agree, 20, 0], "groups": groups, "floor": floor, "without": [60] * groups,
        "uncounted": [], "said": [said, *[None] * (groups - 1)],
    }  # fmt: skip


def a_map(
    rows: dict[str, dict[str, Any]], scores: dict[str, float | None] | None = None, **more: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Content and inside of a map of two groups with these rows."""
    sizes = more.get("sizes", [40, 30])
    content = {"why": more.get("why", "supported"), "groups": [{"people": 10 * (one // 10)} for one in sizes]}
    bridging = {
        one: {
            "counts": rows[one]["counts"],
            "groups": len(sizes),
            "score": score,
            "stays": [True] * len(sizes),
            "shares": [65, 80],
        }
        for one, score in (scores or {}).items()
    }
    inside = {
        "sizes": sizes, "votes": more.get("votes", 1000), "people": 70, "frame": [0, 0, more.get("votes", 1000)],
        "form": FORM, "placing": [], "centers": [], "lows": {}, "cohorts": more.get("cohorts", []),
        "counts": [[int(one), *found["counts"]] for one, found in rows.items()],
        "rows": {"by_group": rows, "bridging": bridging} if sizes else {"bridging": bridging},
    }  # fmt: skip
    return content, inside


FIRST = republished(None, *a_map({"1": row(30, 0.71), "2": row(30, 0.64)}, {"1": 0.5, "2": 0.4}))


def after(*args: Any, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return republished(FIRST, *a_map(*args, **more))


def test_ten_votes_on_one_statement_show_nothing_of_one_vote_on_another() -> None:
    other = row(31, 0.59, share=75)
    content, inside = after({"1": row(40, 0.84, share=90), "2": other}, {"1": 0.6, "2": 0.7})
    assert content["agreement"] == [
        {"statement": 1, "floor": 80, "without": [60, 60], "uncounted": []},
        {"statement": 2, "floor": 60, "without": [60, 60], "uncounted": []},
    ]
    assert [(one["statement"], one["share"]) for one in content["said"][0]] == [(1, 90), (2, 80)]
    assert [one["statement"] for one in content["bridging"]] == [1, 2]
    assert [inside["rows"]["by_group"][one]["counts"][0] for one in ("1", "2")] == [40, 30]


def test_a_statement_comes_onto_a_list_and_leaves_it_only_by_its_own_votes() -> None:
    rows = {"1": row(31, 0.2), "2": row(40, 0.1), "3": row(3, 0.9)}
    content, _ = after(rows, {"1": None, "2": None})
    assert [one["statement"] for one in content["agreement"]] == [3, 1]
    assert [one["statement"] for one in content["bridging"]] == [1]


def test_small_steps_add_up_to_one_that_is_told() -> None:
    half = after({"1": row(35, 0.84), "2": row(40, 0.64)})
    assert half[0]["agreement"][0]["floor"] == 70
    assert half[1]["counts"] == [[1, 30, 20, 0], [2, 40, 20, 0]]
    content, _ = republished(half, *a_map({"1": row(40, 0.84), "2": row(40, 0.64)}))
    assert content["agreement"][0]["floor"] == 80


def test_the_picture_stays_until_a_group_has_moved_by_ten_people_or_there_are_a_tenth_more_votes() -> None:
    rows = {"1": row(40, 0.84), "2": row(30, 0.64)}
    for more, frame in (
        ({"sizes": [49, 21]}, 1000),
        ({"votes": 1099}, 1000),
        ({"sizes": [50, 30], "votes": 1001}, 1001),
        ({"votes": 1100}, 1100),
        ({"why": "unstable", "sizes": [], "votes": 1001}, 1001),
    ):
        content, inside = after(rows if more.get("sizes") != [] else {}, **more)
        assert inside["frame"][2] == frame, more
        assert content["groups"] == (FIRST if frame == 1000 else a_map({}, **more))[0]["groups"], more


def test_under_other_groups_a_statement_is_told_anew_only_by_its_own_votes() -> None:
    three = {"1": row(40, 0.84, groups=3), "2": row(31, 0.64, groups=3)}
    second = after(three, {"1": 0.6, "2": 0.7}, sizes=[30, 20, 20])
    assert [one["statement"] for one in second[0]["agreement"]] == [1]
    assert [[one["statement"] for one in found] for found in second[0]["said"]] == [[1], [], []]
    assert second[0]["bridging"] == [
        {"statement": 1, "stays": [True] * 3, "shares": [65, 80]},
        {"statement": 2, "stays": [], "shares": [65, 80]},
    ]

    assert (FIRST[0]["withheld"], second[0]["withheld"]) == (0, 1)
    gone = republished(second, *a_map({"1": row(50, 0.8, groups=3)}, sizes=[45, 20, 20]))
    assert gone[0]["withheld"] == 0
    told = republished(second, *a_map(three | {"2": row(40, 0.64, groups=3)}, sizes=[30, 20, 20]))
    assert told[0]["withheld"] == 0
    assert [one["statement"] for one in told[0]["agreement"]] == [1, 2]

    none = republished(second, *a_map({}, sizes=[], why="continuum"))
    assert (none[0]["agreement"], none[0]["withheld"]) == ([], 0)
    back = republished(none, *a_map({"1": row(41, 0.9), "2": row(31, 0.9)}))
    assert [(one["statement"], one["floor"]) for one in back[0]["agreement"]] == [(2, 60)]


def test_lists_without_some_people_follow_what_is_told_and_the_picture() -> None:
    def cohorts(low: int, people: int) -> list[dict[str, Any]]:
        crowd = {"group": None, "people": people, "lows": {"1": low, "2": 55}}
        return [{"group": 0, "people": 40}, {"group": 1, "people": 30}, crowd]

    def lists(made: tuple[dict[str, Any], dict[str, Any]]) -> list[Any]:
        return [(one["people"], one["top"], one["without"]) for one in made[1]["cohorts"]]

    rows = {"1": row(30, 0.71), "2": row(30, 0.64)}
    first = republished(None, *a_map(rows, cohorts=cohorts(45, 12)))
    assert lists(first) == [(12, [1, 2], [2]), (40, [1, 2], [1, 2]), (30, [1, 2], [1, 2])]
    changed = {"1": row(31, 0.2), "2": row(40, 0.64)}
    changed["1"]["without"], changed["2"]["without"] = [20, 20], [65, 55]
    second = republished(first, *a_map(changed, cohorts=cohorts(60, 13)))
    assert lists(second) == [(12, [1, 2], [2]), (40, [1, 2], [2, 1]), (30, [1, 2], [1, 2])]
    third = republished(second, *a_map(changed, cohorts=cohorts(60, 13), sizes=[50, 30]))
    assert lists(third)[2] == (13, [1, 2], [1, 2])


def test_what_is_off_the_list_through_one_group_alone_is_told_and_stays_till_its_own_votes_move() -> None:
    low, few, none = row(30, 0.2), row(30, 0.2), row(30, 0.2)
    low["without"], few["without"], few["floor"], none["without"] = [20, 75], [None, 80], None, [45, 45]
    rows = {"1": row(30, 0.71), "2": low, "3": few, "4": none}
    first = republished(None, *a_map(rows, cohorts=[{"group": 1, "people": 30}]))
    assert [one["statement"] for one in first[0]["agreement"]] == [1]
    assert first[0]["freed"] == [[], [3, 2]]
    (cohort,) = first[1]["cohorts"]
    assert (cohort["top"], cohort["without"], cohort["kept"]) == ([1], [3, 2, 1], 1)
    nine = republished(first, *a_map(rows | {"2": row(39, 0.2), "3": row(40, 0.2)}))
    assert nine[0]["freed"] == [[3], [2, 3]]


def test_a_map_of_an_earlier_version_is_followed_by_a_whole_new_one() -> None:
    content, inside = FIRST
    earlier = {
        name: value for name, value in inside.items() if name not in {"form", "rows", "sizes", "votes", "placing"}
    }
    now = a_map({"1": row(31, 0.84)}, votes=1001)
    found = republished((content, earlier), *now)
    assert (found[0]["agreement"][0]["floor"], found[1]["frame"][2]) == (80, 1001)


def test_who_was_not_counted_in_a_floor_is_told_with_it_until_it_is_told_anew() -> None:
    small = {"1": row(40, 0.84) | {"uncounted": [1]}, "2": row(39, 0.64) | {"uncounted": [1]}}
    content, _ = after(small)
    assert [(one["statement"], one["uncounted"]) for one in content["agreement"]] == [(1, [1]), (2, [])]


def of_the_version_before(rows: dict[str, dict[str, Any]], **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """As it was kept: no form, and of no statement who was not counted; `has_light` was of the picture alone."""
    content, inside = republished(None, *a_map(rows, {"1": 0.5, "2": 0.4}, **more))
    for one in (*content["agreement"], *inside["rows"]["by_group"].values()):
        one.pop("uncounted", None)
    del inside["form"], content["unsure"]
    return {**content, "has_light": False}, inside


def test_ten_votes_on_one_statement_free_no_other_of_a_map_of_the_version_before() -> None:
    crowd = {"group": None, "people": 12, "lows": {"1": 90, "2": 90}}
    rows = {"1": row(30, 0.71), "2": row(30, 0.64)}
    before = of_the_version_before(rows, cohorts=[crowd, {"group": 1, "people": 30}])
    now = {"1": row(40, 0.84, share=90), "2": row(31, 0.59, share=75)}
    content, inside = republished(before, *a_map(now, {"1": 0.6, "2": 0.7}, votes=1001))
    assert [(one["statement"], one["floor"]) for one in content["agreement"]] == [(1, 80)]
    assert (content["withheld"], content["unsure"]) == (0, 1)
    assert content["freed"] == [[], []]
    assert [(one["statement"], one["share"]) for one in content["said"][0]] == [(1, 90), (2, 80)]
    assert [one["statement"] for one in content["bridging"]] == [1, 2]
    assert (inside["counts"], inside["frame"][2]) == ([[1, 40, 20, 0], [2, 30, 20, 0]], 1000)
    assert [(one["group"], one["top"], one["without"]) for one in inside["cohorts"]] == [(1, [1], [1])]

    after_ten = republished((content, inside), *a_map(now | {"2": row(40, 0.64)}, votes=1002))
    assert [one["statement"] for one in after_ten[0]["agreement"]] == [1, 2]
    assert after_ten[0]["unsure"] == 0


def test_of_a_map_of_the_version_before_only_what_heard_small_groups_is_listed() -> None:
    low = row(30, 0.2)
    low["without"] = [20, 75]
    before = of_the_version_before({"1": row(30, 0.71), "2": low}, cohorts=[{"group": 1, "people": 30}])
    assert (before[0]["agreement"], before[0]["freed"]) != ([], [[], []])
    assert sure(*before) == {"agreement": [], "freed": [[], []], "unsure": 2}
    assert [(one["top"], one["without"]) for one in sure_cohorts(*before)] == [([], [])]
    before[1]["rows"]["by_group"]["2"]["uncounted"] = [0]
    assert sure(*before) == {"agreement": [], "freed": [[], [2]], "unsure": 1}
    del before[1]["placing"]
    assert sure(*before) == {"agreement": [], "freed": [[], []], "unsure": 1}
    assert sure_cohorts(*before) == []


def test_who_is_counted_is_judged_by_the_groups_of_the_picture_that_is_shown() -> None:
    for before, why, sizes, votes, found in (
        (None, "supported", [41, 29], 1001, [41, 29]),
        (FIRST, "supported", [41, 29], 1001, [40, 30]),
        (FIRST, "supported", [50, 29], 1001, [50, 29]),
        (FIRST, "supported", [41, 29], 1100, [41, 29]),
        (FIRST, "unstable", [], 1001, []),
    ):
        assert shown_sizes(before, why, sizes, votes) == found
