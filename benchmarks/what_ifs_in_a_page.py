"""Asks a page many what-ifs drawn at random and the command the same; prints what differs and how long answers take.

python -m benchmarks.what_ifs_in_a_page settlement 100
"""

import statistics
import sys

from allocator import api
from allocator.what_if.in_the_page import solvable
from tests.browser.test_what_if_answers import answer, drawn, native, started
from tests.helpers.browsers import launched, with_modules


def main(scenario, count):
    plan = api.solve(scenario)
    found = solvable(plan)
    worst, seconds, without = 0.0, [], 0
    with launched() as browser:
        page = with_modules(browser)
        first = started(page, found)
        print(f"the run: page {first['goal']!r}, native {native(plan, {})!r}")
        for number in range(count):
            values = drawn(found.sliders, number)
            told, wanted = answer(page, values), native(plan, values)
            seconds.append(told["seconds"])
            if wanted is None or told["outcome"] != "optimal":
                without += 1
                if (wanted is None) != (told["outcome"] == "infeasible"):
                    print("DIFFERS", values, told, wanted)
                continue
            apart = abs(told["goal"] - wanted) / max(1.0, abs(wanted))
            worst = max(worst, apart)
            if apart > 1e-6:
                print("DIFFERS", values, told, wanted)
    print(f"{count} what-ifs, {without} without a plan, largest difference {worst:.1e}")
    print(f"median {statistics.median(seconds):.3f} s, largest {max(seconds):.3f} s, memory {told['memory']:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
