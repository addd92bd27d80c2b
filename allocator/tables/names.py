"""Names that were meant: the nearest valid one to a name that is not known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

# Below this likeness (difflib's ratio, 0–1) two names have too little in common to suggest one for the other.
A_SLIP = 0.8  # so alike that it is a slip; below it a name that has all the words is the better guess
NEAR_ENOUGH = 0.6
# Shorter names differ in one letter by chance.
SHORTEST_SLIP = 6
# Longer names are not compared: the comparison takes the square of the length.
LONGEST_COMPARED = 100


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """Give the valid name most like the one given, or None where none is near.

    Case, and whether words are joined by spaces, hyphens or underscores, do not count.
    Among names equally near the first in alphabetical order is taken. Where none is near in its letters, the only
    one that has all its words is. Another year, or the next of what is numbered, is no such name.
    """
    valid = set(valid)
    if not name or len(name) > LONGEST_COMPARED:
        return None
    best, best_ratio = None, NEAR_ENOUGH
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(_plain(name))
    for candidate in sorted(valid):
        if not candidate or len(candidate) > LONGEST_COMPARED or not differ_in_more_than_figures(name, candidate):
            continue
        matcher.set_seq1(_plain(candidate))
        if matcher.real_quick_ratio() <= best_ratio or matcher.quick_ratio() <= best_ratio:
            continue
        ratio = matcher.ratio()
        if ratio > best_ratio:
            best, best_ratio = candidate, ratio
    return best if best_ratio >= A_SLIP else _with_its_words(name, valid) or best


def _with_its_words(name: str, valid: Iterable[str]) -> str | None:
    """Give the one valid name that has all the words of the name given, as baseline_grant has that of grant."""
    words = set(_plain(name).split("_"))
    found = {candidate for candidate in valid if words <= set(_plain(candidate).split("_"))}
    return found.pop() if len(found) == 1 else None


def slip_of(name: str, valid: Iterable[str]) -> str | None:
    """Give the valid name of which the one given is a slip of the pen, by its letters alone."""
    near = nearest(name, valid)
    if near is None or SequenceMatcher(None, _plain(near), _plain(name), autojunk=False).ratio() < A_SLIP:
        return None
    return near


def differ_in_more_than_figures(one: str, other: str) -> bool:
    """Say whether two names may be one written in two ways: not 2027-28 and 2028-29, nor zone_1 and zone_2.

    2026 may be 2026-27, and so may FY26/27; 007 is 7.
    """
    if not (any(map(str.isdigit, one)) and any(map(str.isdigit, other))):
        return True
    mine, others = _figures(one), _figures(other)
    shorter = min(len(mine), len(others))
    return mine[:shorter] == others[:shorter]


def _figures(name: str) -> list[str]:
    """Give the numbers in a name, of calendar years the last two digits."""
    numbers = re.findall(r"\d+", name)
    return [number[2:] if re.fullmatch(r"(?:19|20)\d\d", number) else number.lstrip("0") for number in numbers]


def did_you_mean(name: str, valid: Iterable[str]) -> str:
    """Ask "Did you mean 'at_risk'?", or say nothing where no valid name is near."""
    near = nearest(name, valid)
    return f"Did you mean '{near}'?" if near else ""


def _plain(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")


_SPACES_BESIDE_A_LETTER = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
# Letters of other alphabets that look like Latin ones, as they come with what is copied and pasted.
_LOOKALIKES = dict(zip("асеорхуіјѕһӏкмнтвгαορυνικτı", "aceopxyijshlkmhtbraopuvikti", strict=True))
_LATIN = str.maketrans(_LOOKALIKES)
_ALIKE = str.maketrans(
    {**_LOOKALIKES, **dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("‘’ʼ`´", "'"), **dict.fromkeys("“”", '"')}
)


def sameness(name: str) -> str:
    """Give what of a name carries meaning; equal for two names that a reader takes for one.

    Capitals, spaces (none, one, two, without a break), accents, and the form of dashes and quotation marks do not
    count, nor from which alphabet a letter is that looks the same; a space between two figures does.
    """
    plain = unicodedata.normalize("NFKD", name.strip()).casefold().translate(_ALIKE)
    if not plain.isascii():
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _SPACES_BESIDE_A_LETTER.sub("", re.sub(r"\s+", " ", plain))


def has_lookalikes(name: str) -> bool:
    """Say whether a name has letters of another alphabet that look like Latin ones."""
    return name.casefold() != name.casefold().translate(_LATIN)


def loose_sameness(name: str) -> str:
    """Give sameness where underscores, hyphens between letters, apostrophes and dots after a letter do not count
    either.

    An ampersand is the word that it stands for.
    """
    plain = re.sub(r"_|(?<=[^\W\d])\s?[-‐‑–]\s?(?=[^\W\d])", " ", name)
    plain = re.sub(r"['’‘`]|(?<=[^\W\d])\.(?!\w)", "", plain.replace("&", " and "))
    return sameness(plain)


# What a reader passes over in a label: marks between its words, articles, noughts before a figure.
_BETWEEN_WORDS = re.compile(r"(?<!\d)[,;:/()\[\]]+|[,;:/()\[\]]+(?!\d)")
_NO_MEANING = re.compile(r"\b(?:the|region)\b", re.IGNORECASE)
_SAINT = re.compile(r"\bsaint\b", re.IGNORECASE)
_NOUGHT_IN_A_WORD = re.compile(r"(?<=[^\W\d_])0(?=[^\W\d_])")
_NOUGHTS_BEFORE = re.compile(r"(?<!\d)0+(?=\d)")


def label_sameness(name: str) -> str:
    """Give loose_sameness where commas, brackets, "the", "region" and noughts before a figure do not count either.

    A label is listed nowhere, so that two ways of writing it are two labels: The North East is North East, St Helens
    is Saint Helens, Zone 01 is Zone 1, and S0uth is South.
    """
    words = _BETWEEN_WORDS.sub(" ", name.replace("+", " and "))
    words = _SAINT.sub("st", _NOUGHT_IN_A_WORD.sub("o", _NOUGHTS_BEFORE.sub("", words)))
    return loose_sameness(_NO_MEANING.sub(" ", words)) or loose_sameness(name)


def one_letter_apart(one: str, other: str) -> bool:
    """Say whether two longer names differ in one letter: left out, put in, another, or two changed about.

    A letter that stands alone, as in zone_a and zone_b, is a name's own and no slip; figures are no letters.
    """
    one, other = loose_sameness(one), loose_sameness(other)
    if one == other or min(len(one), len(other)) < SHORTEST_SLIP or abs(len(one) - len(other)) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, beside = one[same:], other[same:]
    differ = {rest[:1], beside[:1]} - {""}
    if not all(letter.isalpha() for letter in differ):
        return False
    if len(one) != len(other):
        return rest[1:] == beside or beside[1:] == rest
    changed_about = rest[:2] == beside[1::-1] and rest[2:] == beside[2:]
    at_the_end = not rest[1:]  # of names counted by letters
    return changed_about or (rest[1:] == beside[1:] and not at_the_end)


def difference(one: str, other: str) -> str:
    """Give how two names that are the same to a reader differ, in words: "with a no-break space".

    "in other capitals".
    """
    if "\u00a0" in one and "\u00a0" not in other:
        return "with a no-break space"
    if re.search(r"\s\s", one) and not re.search(r"\s\s", other):
        return "with two spaces in a row"
    if one.casefold() == other.casefold():
        return "in other capitals"
    if one.casefold().translate(_LATIN) == other.casefold().translate(_LATIN):
        return "with a letter of another alphabet"
    if re.sub(r"[\s_-]", "", one) == re.sub(r"[\s_-]", "", other):
        return "with other spaces"
    return "written another way"
