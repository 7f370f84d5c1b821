"""Maps are drawn by a command of their own, which the background starts."""

from tests.running.conftest import House, refusal

COUNT = "from withus.deliberation.maps.models import *; print(DrawnMap.objects.count(), SealedMap.objects.count())"


def test_maps_are_drawn_and_sealed_by_the_command_and_by_the_background(house: House) -> None:
    assert house.must("draw-maps", "BREXIT") == "2\n"  # and that of the ended phase of another process
    assert house.python(COUNT) == "2 1\n"
    house.must("work", "--once")
    assert house.python(COUNT) == "4 1\n"
    assert house.must("draw-maps") == "0\n"
    assert house.log()["ok"]


def test_where_there_is_no_withus_the_command_says_so(empty: House) -> None:
    code, says = refusal(empty.run("draw-maps"))
    assert (code, says.startswith("there is no Withus")) == (1, True)


def test_neither_pages_nor_the_background_load_what_maps_are_made_with(empty: House) -> None:
    loaded = "import sys, withus.urls; from withus.running import known; known.jobs()"
    loaded += "; print({'numpy', 'numba', 'scipy'} & set(sys.modules))"
    assert empty.python(loaded) == "set()\n"
