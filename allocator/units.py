"""The one place that rounds and formats: pounds, people, shares, advisers and years as a planner reads them.

Every function takes a number in base units (pounds, persons, FTE, a share of 1) and returns text.
What rounds to nothing is ``0`` without a sign; a minus is U+2212; a number that is not finite raises ValueError,
since no face has anything to say about one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Concatenate

MINUS = "−"
DASH = "–"

_MILLION = 1_000_000
_THOUSAND = 1_000
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number(value: float, places: int = 0) -> str:
    """Give a number with thousands separators: 9707.83 with one place is ``9,707.8``."""
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be shown as a number")
    text = f"{abs(value):,.{places}f}"
    if not text.strip("0.,"):
        return "0"
    return MINUS + text if value < 0 else text


def signed(value: float, places: int = 0) -> str:
    """Give a change, with + or −: 102.2 is ``+102``."""
    text = number(value, places)
    return text if text == "0" or text.startswith(MINUS) else f"+{text}"


def with_sign(value: float, text: str) -> str:
    """Give a change whose size is worded already, with + or −; what the words round to nothing is ``0``.

    text: the size with its unit: 0.37 and ``0.37 ypy`` give ``+0.37 ypy``.
    """
    if not any(sign in "123456789" for sign in text):
        return "0"
    return f"{MINUS if value < 0 else '+'}{text}"


def told_apart(one: float, other: float, places: int, most: int = 15) -> tuple[str, str]:
    """Give two numbers with as few decimals as show that they differ, places at least and most at most.

    What would be shown as 0 and is not is ``1e-7``. Alike where most decimals do not tell them apart.
    """
    for decimals in range(places, most + 1):
        texts = _or_size(one, decimals), _or_size(other, decimals)
        if texts[0] != texts[1]:
            return texts
    return _or_size(one, places), _or_size(other, places)


def or_dash[Value, **Places](
    shown: Callable[Concatenate[Value, Places], str], value: Value | None, *args: Places.args, **places: Places.kwargs
) -> str:
    """Give a value as it is shown, or a dash where there is none."""
    return DASH if value is None else shown(value, *args, **places)


def pounds(amount: float) -> str:
    """Give whole pounds: ``£446,600,000``."""
    return _with_pound_sign(number(amount))


def with_unit(amount: float, unit: str) -> str:
    """Give an amount and its unit, pounds whole, others with two decimals where they are small: ``12.50 FTE``."""
    return pounds(amount) if unit == "£" else f"{number(amount, 0 if abs(amount) >= 100 else 2)} {unit}"


def pounds_short(amount: float, places: int = 1) -> str:
    """Give pounds for a sentence, in m from a million and in k from a thousand: ``£32.7m``, ``£850k``, ``£512``.

    places: decimals of the millions.
    """
    size = abs(amount)
    if round(size) >= _MILLION or round(size / _THOUSAND) >= _THOUSAND:
        return _with_pound_sign(number(amount / _MILLION, places)) + "m"
    if round(size) >= _THOUSAND:
        return _with_pound_sign(number(amount / _THOUSAND)) + "k"
    return pounds(amount)


def millions(amount: float, places: int = 2) -> str:
    """Give pounds as millions, for a column that says £m: 446.6 million is ``446.60``."""
    return number(amount / _MILLION, places)


def places_of_millions(amounts: Iterable[float]) -> int:
    """Give the decimals with which amounts are told as millions, so that a small programme's are not all alike."""
    largest = max((abs(amount) for amount in amounts), default=0.0)
    return 1 if largest >= 10 * _MILLION else 2 if largest >= _MILLION else 3


def signed_millions(amount: float, places: int = 2) -> str:
    """Give a change of pounds as millions, for a column that says £m: ``+4.6``."""
    return signed(amount / _MILLION, places)


def shown(value: float, places: int, unit: float = 1.0) -> float:
    """Give a value as it is printed with so many decimals of a unit, so that differences of what is printed add up."""
    return round(value / unit, places) * unit + 0.0


def adding_up(own: float, rest: float, places: int, unit: float = 1.0) -> float:
    """Give an amount as the others of its sum, as they are printed, make it; its own where rounding is not why they
    differ.

    rest: what the others leave for it. places: decimals that are printed, of a unit.
    """
    return rest if abs(own - rest) < 2.5 * unit * 10.0**-places else own


def people(count: float) -> str:
    """Give persons or young person-years, whole: ``87,361``."""
    return number(count)


def fte(count: float) -> str:
    """Give advisers as full-time equivalents, with one decimal: ``9,707.8``."""
    return number(count, 1)


def share(part: float, places: int = 1) -> str:
    """Give a share of 1 in per cent: 0.063 is ``6.3 %``."""
    text = number(part * 100, places)
    return text if text == "0" else f"{text} %"


def in_brackets(part: float) -> str:
    """Give a share of 1 in brackets with a space before, never as nothing: `` (0.6 %)``, `` (under 0.1 %)``."""
    if not part:
        return ""
    text = share(part)
    return f" ({'under 0.1 %' if text == '0' else text})"


def signed_share(part: float, places: int = 1) -> str:
    """Give a relative change in per cent: 0.134 is ``+13.4 %``."""
    text = signed(part * 100, places)
    return text if text == "0" else f"{text} %"


def percentage(part: float) -> str:
    """Give a setting that is a share, in per cent with only the decimals it has.

    0.035 is ``3.5 %``, 0.1 is ``10 %``.
    """
    if not math.isfinite(part):
        raise ValueError(f"{part} cannot be shown as a share")
    text = f"{abs(part) * 100:.6f}".rstrip("0").rstrip(".")
    if text == "0":
        return "0 %"
    return f"{MINUS if part < 0 else ''}{text} %"


def size(value: float) -> str:
    """Give how small a residual is: ``0``, or one significant digit such as ``1e-9``."""
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be shown as a number")
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{mantissa.replace('-', MINUS)}e{int(exponent)}"


def seconds(duration: float) -> str:
    """Give how long something took: ``under 0.1 s``, ``0.4 s``, ``12 s``, ``2 min 5 s``."""
    if not math.isfinite(duration) or duration < 0:
        raise ValueError(f"{duration} is no duration")
    if duration < 0.05:
        return "under 0.1 s"
    if duration < 9.95:
        return f"{duration:.1f} s"
    minutes, rest = divmod(round(duration), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def in_words(count: int) -> str:
    """Give a count as prose says it: words up to twelve, figures above."""
    return _WORDS[count] if 0 <= count < len(_WORDS) else number(count)


def counted(count: int, thing: str, things: str = "") -> str:
    """Give a count and its noun: ``1 fault``, ``5 faults``, ``1,150 rows``."""
    return f"{number(count)} {thing if count == 1 else things or thing + 's'}"


def horizon(years: Sequence[str]) -> str:
    """Give the years from the first to the last: ``2004-05 to 2006-07``."""
    return years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Give words as prose lists them: ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _or_size(value: float, places: int) -> str:
    text = number(value, places)
    return size(value) if text == "0" else text


def _with_pound_sign(text: str) -> str:
    return f"{MINUS}£{text[1:]}" if text.startswith(MINUS) else f"£{text}"
