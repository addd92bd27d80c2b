"""What knowing an effect is worth: the expected best goal with knowledge, less the best expected goal without.

Where one standardised error is known the best goal is a convex, piecewise-linear function of it. Its pieces are found
by tangents, each a solve, and it is integrated against the normal curve exactly; points fixed beforehand were up to
14 % off at a kink.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

ENDS = 5.0  # standard errors either way: beyond lie six draws in ten million
CLOSE = 2e-3  # of the value: how far at most its mean is off
MOST_SOLVES = 120
THIRD = 1 / 3
LEAST_SHARE = 1e-3  # of an arm: where nobody has the outcome, or all, its share would else be exact


@dataclass(frozen=True)
class Tangent:
    """The best goal at an error z, and its slope there."""

    z: float
    value: float
    slope: float

    def at(self, z: float) -> float:
        """Give the tangent's height at another error."""
        return self.value + self.slope * (z - self.z)


@dataclass(frozen=True)
class Convex:
    """A convex function between two bounds: above the highest of its tangents, below the chords between them.

    tangents: in order of z. Its mean is taken a third of the way from the mean of the lower bound to that of the upper:
    there a curve lies that bends evenly, so that the mean is mostly much closer than apart() promises.
    """

    tangents: tuple[Tangent, ...]

    @property
    def solves(self) -> int:
        """How many times it was asked for."""
        return len(self.tangents)

    def mean(self, scale: float = 1.0) -> float:
        """Give its mean over z, normal with standard deviation scale; right to apart(scale) either way."""
        return self._lowest(scale) + THIRD * self._bounds(scale)

    def apart(self, scale: float = 1.0) -> float:
        """Give how far its mean may be from what mean(scale) gives, at most."""
        return (1 - THIRD) * self._bounds(scale)

    def _bounds(self, scale: float) -> float:
        """Give the distance between the means of the two bounds."""
        pairs = pairwise(self.tangents)
        return sum(_between(left, right, scale) for left, right in pairs) if scale > 0 else 0.0

    def _lowest(self, scale: float) -> float:
        if scale <= 0:
            return max(t.at(0.0) for t in self.tangents)
        hull = self._hull()
        return sum(
            _integral(tangent, low, high, scale)
            for (tangent, low), high in zip(hull, [low for _, low in hull[1:]] + [math.inf], strict=True)
        )

    def _hull(self) -> list[tuple[Tangent, float]]:
        """Give the tangents that are highest somewhere, each with where it begins to be."""
        kept: list[tuple[Tangent, float]] = []
        for tangent in sorted(self.tangents, key=lambda t: (t.slope, t.at(0.0))):
            begins = -math.inf
            while kept:
                before, low = kept[-1]
                if tangent.slope - before.slope <= 1e-12 * max(1.0, abs(before.slope)):
                    kept.pop()  # the same slope: the later one is no lower
                    continue
                begins = (before.at(0.0) - tangent.at(0.0)) / (tangent.slope - before.slope)
                if begins > low:
                    break
                kept.pop()
                begins = -math.inf
            kept.append((tangent, begins))
        return kept


def convex(
    ask: Callable[[float], tuple[float, float]],
    *,
    walk: Sequence[float] = (ENDS,),
    close: float = CLOSE,
    nothing: float = 0.0,
) -> Convex:
    """Find the convex function that ask gives value and slope of.

    It is asked for at nought and at the steps of a walk, up and then down; then until its mean is known to `close` of
    what it is above its value at nought, or to `nothing`.
    """
    found = sorted((Tangent(z, *ask(z)) for z in (0.0, *walk, *(-z for z in walk))), key=lambda tangent: tangent.z)
    at_nought = found[len(walk)].value
    exact: set[tuple[float, float]] = set()  # between these ends the two tangents are the function itself
    while len(found) < MOST_SOLVES:
        so_far = Convex(tuple(found))
        if so_far.apart() <= max(nothing, close * (so_far.mean() - at_nought)):
            break
        gaps = [
            (_between(left, right, 1.0), k)
            for k, (left, right) in enumerate(pairwise(found))
            if (left.z, right.z) not in exact
        ]
        bound, k = max(gaps, default=(0.0, 0))
        left, right = found[k], found[k + 1]
        z = _meet(left, right)
        if bound <= 0 or not left.z < z < right.z:
            break
        middle = Tangent(z, *ask(z))
        found.insert(k + 1, middle)
        if middle.value - left.at(z) <= 1e-9 * max(1.0, abs(middle.value)):
            exact |= {(left.z, z), (z, right.z)}
    return Convex(tuple(found))


def _meet(left: Tangent, right: Tangent) -> float:
    """Give where two tangents meet; halfway between their points where they are parallel."""
    if right.slope - left.slope <= 1e-12 * max(1.0, abs(left.slope)):
        return (left.z + right.z) / 2
    return (left.at(0.0) - right.at(0.0)) / (right.slope - left.slope)


@lru_cache(maxsize=4 * MOST_SOLVES)  # each new tangent changes two of them, and all are added up again
def _between(left: Tangent, right: Tangent, scale: float) -> float:
    """Give by how much the mean of the chord between two points is above that of their tangents."""
    z = min(max(_meet(left, right), left.z), right.z)
    chord = Tangent(left.z, left.value, (right.value - left.value) / (right.z - left.z))
    above = _integral(chord, left.z, right.z, scale)
    return max(above - _integral(left, left.z, z, scale) - _integral(right, z, right.z, scale), 0.0)


def _integral(line: Tangent, low: float, high: float, scale: float) -> float:
    """Integrate a line between two ends against the normal curve with standard deviation scale."""
    a, b = low / scale, high / scale
    return line.at(0.0) * (_below(b) - _below(a)) + line.slope * scale * (_curve(a) - _curve(b))


def informed(standard_error: float, sampling_error: float) -> float:
    """Give the standard deviation of what a study leaves one believing, as a share of the standard error before it.

    Both errors in shares; the normal model: a study of no size tells nothing, one without end all.
    """
    before, study = standard_error**2, sampling_error**2
    return math.sqrt(before / (before + study)) if before > 0 else 0.0


def sampling_error(share: float, effect: float, sample: int) -> float:
    """Give the standard error of a difference between two arms of sample / 2 each.

    share: of those in the comparison group who have the outcome; effect: by how much fewer of the others have it.
    """
    shares = [min(max(of, LEAST_SHARE), 1.0 - LEAST_SHARE) for of in (share, share - effect)]
    return math.sqrt(sum(of * (1.0 - of) for of in shares) / (sample / 2))


def _below(z: float) -> float:
    return 0.5 * (1.0 + math.erf(z / math.sqrt(2.0))) if math.isfinite(z) else float(z > 0)


def _curve(z: float) -> float:
    return math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi) if math.isfinite(z) else 0.0
