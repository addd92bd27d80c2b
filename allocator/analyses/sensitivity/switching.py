"""Where a margin comes to nothing as one input moves: bracketed, then closed in on by regula falsi (Illinois)."""

from __future__ import annotations

from collections.abc import Callable

CLOSE = 1e-4  # of the way from the centre: how closely a switching value is found
OVERSHOT = 1.05  # how far past where a straight line would cross it is looked first
MOST_STEPS = 12


def crossing(margin: Callable[[float], float | None], centre: float, end: float, limit: float) -> float | None:
    """Give where a margin changes its sign, from the centre towards an end and on to a limit; None: nowhere that is
    found.

    margin: None where nothing can be said. Past the end it is looked for where the line through the last two points
    leads, so that one that bends back is not found.
    """
    at_centre = margin(centre)
    if at_centre is None or at_centre == 0:
        return None
    near, far = (centre, at_centre), (end, margin(end))
    for _ in range(MOST_STEPS):
        if far[1] is None or (far[1] == 0 and far[0] == limit):
            return None  # with no effect at all, or no cost, everything comes to nothing
        if far[1] == 0 or (far[1] > 0) != (at_centre > 0):
            return _between(margin, near, (far[0], far[1]), centre)
        if far[0] == limit:
            return None
        slope = (far[1] - near[1]) / (far[0] - near[0])
        ahead = -far[1] / slope * (1 if limit > centre else -1) if slope else -1.0
        step = ahead * OVERSHOT if ahead > 0 else abs(limit - centre)
        to = far[0] + step if limit > centre else far[0] - step
        to = min(to, limit) if limit > centre else max(to, limit)
        near, far = (far[0], far[1]), (to, margin(to))
    return None


def _between(
    margin: Callable[[float], float | None], one: tuple[float, float], other: tuple[float, float], centre: float
) -> float | None:
    """Give the root between two points with margins of other signs, or nothing."""
    (a, at_a), (b, at_b) = one, other
    for _ in range(MOST_STEPS):
        if at_b == 0 or abs(b - a) <= CLOSE * max(abs(b - centre), abs(a - centre)):
            break
        to = b - at_b * (b - a) / (at_b - at_a)
        there = margin(to)
        if there is None:
            return None
        if there == 0:
            return to
        if (there > 0) != (at_b > 0):
            a, at_a = b, at_b
        else:
            at_a /= 2  # else the far end would stay where it is
        if abs(to - b) <= CLOSE * abs(to - centre):
            return to
        b, at_b = to, there
    return b
