"""What a number that is not written plainly can mean: 0,97; 125%; £5m; 1,025."""

from __future__ import annotations

import re
from decimal import Decimal

# Percentages and the words for thousands and millions, each with the power of ten that it stands for.
_POWERS = {"%": -2, "per cent": -2, "k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9}
_WRITTEN = re.compile(
    rf"([+-]?)£?\s{{0,3}}([+-]?)([\d.,]{{1,40}})\s{{0,3}}({'|'.join(_POWERS)})?", re.ASCII | re.IGNORECASE
)
_PLAIN = re.compile(r"\d+\.?\d*|\.\d+", re.ASCII)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"(?:\d*|[1-9]\d{0,2}(?:\.\d{3})+),\d+", re.ASCII)


def numbers_meant(text: str) -> tuple[str, ...]:
    """Every number that a text can mean, each in plain digits; none where it is no number.

    Two where a comma can stand for either: 1,025 is 1025 or 1.025. An amount in £ has commas between thousands.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or (found[1] and found[2]):
        return ()
    sign, digits, power = found[1] or found[2], found[3], _POWERS.get((found[4] or "").lower(), 0)
    readings = []
    if _PLAIN.fullmatch(digits):
        readings.append(digits)
    if _THOUSANDS.fullmatch(digits):
        readings.append(digits.replace(",", ""))
    if _DECIMAL_COMMA.fullmatch(digits) and not (readings and "£" in text):
        readings.append(digits.replace(".", "").replace(",", "."))
    return tuple(_plainly(sign + reading, power) for reading in readings)


def _plainly(digits: str, power: int) -> str:
    value = f"{Decimal(digits).scaleb(power):f}"
    return (value.rstrip("0").rstrip(".") if "." in value else value) or "0"
