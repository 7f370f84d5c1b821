"""G8: when a first visitor sees something on a slow line (Chromium's own emulation, cold cache, no TLS)."""

import statistics
from collections.abc import Iterator

from bench import crowd
from bench.house import HOST, House
from bench.results import Row

LINES = {"280 kbit/s, 800 ms": (280, 800), "50 kbit/s, 500 ms": (50, 500)}
FIRST_PAINT = """() => {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const [visit] = performance.getEntriesByType("navigation");
    return paint ? [paint.startTime - visit.connectEnd, visit.transferSize] : null;
}"""


def paint_figures(rounds: int) -> Iterator[Row]:
    """First contentful paint after connecting, beside one round trip and the bytes of the page at the line's rate."""
    from playwright.sync_api import sync_playwright
    from tests.browser.chromium import launch

    house = House()
    with house.served() as (port, _, _), sync_playwright() as player:
        browser = launch(player)
        for path in ("/", f"/processes/{crowd.PROCESS}/results"):
            for name, (kbits, delay) in LINES.items():
                seen: list[tuple[float, float]] = []
                for _ in range(rounds):
                    context = browser.new_context()
                    page = context.new_page()
                    line = context.new_cdp_session(page)
                    line.send("Network.enable")
                    rate = kbits * 1000 / 8
                    pace = {"latency": delay, "downloadThroughput": rate, "uploadThroughput": rate}
                    line.send("Network.emulateNetworkConditions", {"offline": False, **pace})
                    page.goto(f"http://{HOST}:{port}{path}", wait_until="load")
                    while (found := page.evaluate(FIRST_PAINT)) is None:
                        page.wait_for_timeout(20)
                    seen.append(tuple(found))
                    context.close()
                least = delay + statistics.median(size for _, size in seen) * 8 / kbits
                paints = [paint for paint, _ in seen]
                yield Row.of(f"G8 first paint of {path}, {name}", paints, "ms", "round trip + bytes", least)
        browser.close()
