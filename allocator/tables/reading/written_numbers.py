"""What a number that is not written plainly can mean: 0,97; 125%; £5m; 1,025."""

from __future__ import annotations

import re
import unicodedata
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
    """Give every number that a text can mean, each in plain digits; none where it is no number.

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


_DASHES = str.maketrans(dict.fromkeys("−–—―‒﹣－", "-"))
_GROUPS = re.compile(r"([+-]?[1-9]\d{0,2})((?:[\s'’]\d{3})+)(\.\d+)?", re.ASCII)
_NARROW = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))
# What stands in published tables where a figure would.
_SYMBOLS = {
    "n/a": "not applicable",
    "#n/a": "not available",
    "na": "not available",
    "n.a.": "not available",
    "none": "no figure",
    "null": "no figure",
    "nil": "nothing, or no figure",
    "tbc": "to be confirmed",
    "-": "no figure, or nothing",
    "--": "no figure, or nothing",
    "?": "not known",
    "unknown": "not known",
    "not known": "not known",
    "missing": "no figure",
    "nan": "no figure",
    "tba": "to be announced",
    ".": "no figure",
    "..": "not available",
    "...": "not available",
    "…": "not available",
    ":": "not available",
    "*": "suppressed",
    "**": "suppressed",
    "s": "suppressed",
    "c": "confidential",
    "x": "not available",
    "z": "not applicable",
    "u": "unreliable",
    "low": "close to nothing",
    "unlimited": "no limit",
    "no limit": "no limit",
    "no maximum": "no limit",
    "\u221e": "no limit",
}
_IN_BRACKETS = re.compile(r"\[([a-z.:* ]{1,12})\]|\(([a-z.:*]{1,3})\)")
_ACCOUNTS = re.compile(r"\(\s?(£?\s?[\d,]+(?:\.\d+)?)\s?\)", re.ASCII)
_FIGURE = r"£?\s?[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_MARKED = re.compile(
    rf"({_FIGURE})\s?(?:[*†‡¹²³.;]{{1,3}}|[a-jln-z]|\([a-z0-9]{{1,2}}\)|\[[a-z0-9 ]{{1,8}}\])", re.ASCII | re.IGNORECASE
)
_ABOUT = re.compile(
    rf"(?:~|≈|c\.?\s?|about |approx\.? |circa |est\.? |estimated )({_FIGURE})", re.ASCII | re.IGNORECASE
)
_BOUND = re.compile(rf"(?:<|>|≤|≥|<=|>=|under |over |up to ){_FIGURE}", re.ASCII | re.IGNORECASE)
_RANGE = re.compile(rf"{_FIGURE}\s?(?:-|–|to)\s?{_FIGURE}", re.ASCII)
_WITH_UNIT = re.compile(
    rf"({_FIGURE})\s?(?!(?:{'|'.join(_POWERS)})$)(?:[a-z]{{2,12}}|£|[\"'])\.?", re.ASCII | re.IGNORECASE
)
_MINUS_BEHIND = re.compile(rf"({_FIGURE})\s?-", re.ASCII)
_POUNDS_IN_LETTERS = re.compile(rf"gbp\s?({_FIGURE})|({_FIGURE})\s?gbp", re.ASCII)
_FOREIGN = re.compile(r"[$€]\s?[\d.,]+|[\d.,]+\s?[$€]", re.ASCII)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = re.compile(
    rf"\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}}|\d{{1,2}}[- ]{_MONTH}(?:[- ]\d{{2,4}})?|{_MONTH}[- ]\d{{2,4}}",
    re.ASCII | re.IGNORECASE,
)
_FRACTION = re.compile(r"(\d{1,3})/(\d{1,3})", re.ASCII)
# Letters that are typed for figures, and the figures.
_TYPED_FOR_FIGURES = str.maketrans({"o": "0", "l": "1", "i": "1"})
_WITH_LETTERS = re.compile(r"£?[\doli,]*\.?[\doli]+", re.ASCII)
# What a text is that is written so, and what to write; the first that it fits.
_FORMS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile("=.+"), "a formula that is written as text", "Put its value in its place."),
    (_MINUS_BEHIND, "with the minus behind it", "Write -{}."),
    (_POUNDS_IN_LETTERS, "with a currency beside it", "Write {}."),
    (_FOREIGN, "an amount in another currency", ""),
    (_BOUND, "a bound and no figure", ""),
    (_ABOUT, "a figure with a word or sign before it", "Write {}."),
    (_DATE, "which looks like a date", ""),
    (_RANGE, "a range and no figure", ""),
    (_WITH_UNIT, "a figure with its unit", "Write {}."),
    (_MARKED, "a figure with a mark behind it", "Write {}."),
)


def bare_number(text: str, *, money: bool) -> str:
    """Give a number without what only looks different: a typographic minus, spaces between thousands, a pound sign.

    money: whether a pound sign may stand there.
    """
    bare = text.translate(_NARROW).translate(_DASHES).strip()
    if money:
        bare = re.sub(r"^([+-]?)£ ?([+-]?)", r"\1\2", bare)
    groups = _GROUPS.fullmatch(bare)
    return bare if groups is None else groups[1] + re.sub(r"\D", "", groups[2]) + (groups[3] or "")


def is_symbol(text: str) -> bool:
    """Say whether a text stands for a figure that is not there."""
    return text.strip().lower() in _SYMBOLS


def means_nothing(text: str) -> bool:
    """Say whether a text may stand for 0 in place of a figure: a dash, nil, low."""
    return "nothing" in _SYMBOLS.get(text.translate(_DASHES).strip().lower(), "")


def means_no_name(text: str) -> bool:
    """Say whether a text stands for no name where a cell may be blank: a dash, none, n/a; c and x may be names."""
    plain = text.translate(_DASHES).strip().lower()
    return plain in ("-", "--", "none", "n/a", "#n/a", "n.a.", "nil", "null", "nan", ".", "..", "...", "…", "?")


def means_no_limit(text: str) -> bool:
    """Say whether a text says that there is no limit."""
    return _SYMBOLS.get(text.strip().lower()) == "no limit"


def other_than_a_number(text: str) -> tuple[str, str] | None:
    """Give what a text is that stands where a number is due, and what to write in its place; None where it says
    nothing.
    """
    plain = text.translate(_NARROW).translate(_DASHES).strip().lower()
    bracketed = _IN_BRACKETS.fullmatch(plain)
    symbol = (bracketed[1] or bracketed[2] or "").strip() if bracketed else plain
    if symbol in _SYMBOLS:
        return f"which stands for {_SYMBOLS[symbol]}", ""
    if bracketed and bracketed[1]:
        return "a symbol in place of a figure", ""
    if found := _ACCOUNTS.fullmatch(plain):
        value = found[1].replace(",", "").replace("£", "").strip()
        return "as accounts write a negative amount", f"Write -{value}."
    if (found := _FRACTION.fullmatch(plain)) and int(found[2]):
        return "a fraction", f"Write {int(found[1]) / int(found[2]):.6g}."
    if plain[:1] == "'" and re.fullmatch(_FIGURE, plain[1:], re.ASCII):
        return "a figure with an apostrophe before it", f"Write {_digits(plain[1:])}."
    if _WITH_LETTERS.fullmatch(plain) and any(mark.isdigit() for mark in plain) and not plain[-1:].isdigit():
        figures = plain.translate(_TYPED_FOR_FIGURES)
        return "a letter where a figure is due", f"Write {_digits(figures)} if that is meant."
    if unlike := _other_characters(text):
        return unlike
    for pattern, said, fix in _FORMS:
        if found := pattern.fullmatch(plain):
            return said, fix.format(_digits(next(filter(None, found.groups()), "")))
    return None


def _other_characters(text: str) -> tuple[str, str] | None:
    """Give that a number holds characters that cannot be seen, or figures of another alphabet, and what to write."""
    seen = "".join(one for one in text if unicodedata.category(one) != "Cf")
    figures = "".join(str(unicodedata.digit(one)) if unicodedata.category(one) == "Nd" else one for one in seen)
    if figures == text or not re.fullmatch(rf"-?{_FIGURE}", figures, re.ASCII):
        return None
    said = "with a character that cannot be seen" if seen != text else "with figures of another alphabet"
    return said, f"Write {_digits(figures)}."


def _digits(text: str) -> str:
    return re.sub(r"[£,\s]", "", text)
