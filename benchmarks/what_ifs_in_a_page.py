"""Opens the page of a scenario, asks it what-ifs drawn at random and the command the same, and prints what differs.

python -m benchmarks.what_ifs_in_a_page settlement 100

It prints how large the page is, how long it takes until it is ready, each of several times that it is opened, how long
answers take, start to end and on a processor (of the page's own modules in a tab of their own), and how busy the
machine was meanwhile.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path

from allocator import api
from allocator.what_if.in_the_page import solvable
from tests.browser.test_what_if_answers import answer, drawn, native, started
from tests.helpers.browsers import launched, with_modules

OPENED = 5  # times
SAME = 1e-6
READY = "#what-if-area[data-ready]"


def main(scenario, count):
    with tempfile.TemporaryDirectory() as folder:
        plan, run = api.solve_and_write(scenario, folder=Path(folder) / "run")
        path = api.report(run, Path(folder) / "plan.html").path
        print(f"the page: {path.stat().st_size / 1e6:.1f} MB")
        with launched() as browser:
            openings(browser, path)
            questions(browser, plan, count)
    print(f"load of the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def openings(browser, path):
    """Open the page several times, each in a profile of its own; print seconds until it can be asked."""
    found = []
    for _ in range(OPENED):
        context = browser.new_context(offline=True)
        page = context.new_page()
        page.goto(path.as_uri())
        page.wait_for_selector(READY, timeout=600_000)
        found.append(int(page.get_attribute("#what-if-area", "data-ready")) / 1000)
        context.close()
    each = ", ".join(f"{seconds:.1f}" for seconds in found)
    print(f"ready: median {statistics.median(found):.1f} s of {each}")


def questions(browser, plan, count):
    """Ask the page's modules and the command the same; print what differs, and how long answers take."""
    found = solvable(plan)
    worst, seconds, processor, without = 0.0, [], [], 0
    page = with_modules(browser)
    tab = page.context.new_cdp_session(page)
    tab.send("Performance.enable")
    first = started(page, found)
    print(f"the run: page {first['goal']!r}, native {native(plan, {})!r}")
    for number in range(count):
        values = drawn(found.sliders, number)
        before = busy(tab)
        told = answer(page, values)
        processor.append(busy(tab) - before)
        seconds.append(told["seconds"])
        wanted = native(plan, values)
        if wanted is None or told["outcome"] != "optimal":
            without += 1
            if (wanted is None) != (told["outcome"] == "infeasible"):
                print("DIFFERS", values, told, wanted)
            continue
        apart = abs(told["goal"] - wanted) / max(1.0, abs(wanted))
        worst = max(worst, apart)
        if apart > SAME:
            print("DIFFERS", values, told, wanted)
    print(f"{count} what-ifs, {without} without a plan, largest difference {worst:.1e}")
    for said, times in (("start to end", seconds), ("on a processor", processor)):
        print(f"answered {said}: median {statistics.median(times):.3f} s, largest {max(times):.3f} s")
    print(f"memory {told['memory']:,} bytes")


def busy(tab):
    """Seconds that the tab's own process has had of a processor."""
    found = {one["name"]: one["value"] for one in tab.send("Performance.getMetrics")["metrics"]}
    return found["ProcessTime"]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
