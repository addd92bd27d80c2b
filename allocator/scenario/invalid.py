"""What is wrong with a scenario, as faults: at the line of the key, with what was wanted and the nearest valid name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from allocator.faults import Code, Fault
from allocator.register import GOALS, RULES, distributions, goals
from allocator.register.rules import groups
from allocator.register.rules import names as rule_names
from allocator.scenario.describe import choices, section_names, setting_names, wanted
from allocator.scenario.settings import BY_YEAR, EVERY_YEAR, Settings
from allocator.tables.columns import TableName
from allocator.tables.names import did_you_mean, nearest
from allocator.tables.reading.written_numbers import numbers_meant

Key = tuple[str, ...]

MOST_FAULTS = 200  # of one scenario: a hostile file may hold a hundred thousand unknown keys
LONGEST_SHOWN = 80  # characters of what was found

CODES: Mapping[str, Code] = {
    "scenario-size": Code("fault", "A scenario file, or a setting given as an override, is far too long."),
    "scenario-encoding": Code("fault", "A scenario is not UTF-8 text, or holds NUL bytes."),
    "scenario-syntax": Code("fault", "A scenario file is not TOML."),
    "scenario-depth": Code("fault", "Names or brackets are nested too deeply."),
    "unknown-scenario": Code("fault", "The scenario extended is not there."),
    "scenario-cycle": Code("fault", "A scenario extends itself, or the chain is too long."),
    "unknown-setting": Code("fault", "A key is none of the settings."),
    "missing-setting": Code("fault", "A setting that is needed is left out."),
    "no-draws": Code("fault", "A cautious plan is asked for of a goal that draws of the effects say nothing of."),
    "setting-syntax": Code("fault", "What was given as an override is not KEY=VALUE with a TOML value."),
    "setting-type": Code("fault", "A setting has a value of the wrong kind."),
    "setting-range": Code("fault", "A setting's number lies outside its range."),
    "setting-choice": Code("fault", "A setting has none of the words that it takes."),
    "setting-file": Code("fault", "A file or data set that a setting names is not there."),
    "unknown-rule": Code("fault", "A rule is named that there is none of."),
    "rule-stays": Code("fault", "A rule is to be soft, or off, that cannot be."),
    "unknown-name": Code("fault", "A setting names a partnership, year or grade that the data set does not have."),
    "grade-order": Code("fault", "The qualified grade ranks below the adviser grade."),
    "negative-money": Code("fault", "The reserve is larger than a year's money."),
    "nothing-to-share": Code("fault", "All numbers that a distribution forms shares of are zero."),
    "limit-over-years": Code("fault", "Planning is year on year, and a limit adds up all years."),
    "no-base-year": Code("warning", "Prices or pay rise at a rate from a base year that the data set does not have."),
    "looks-like-thousands": Code("warning", "An amount looks like thousands of pounds where pounds are due."),
    "looks-like-millions": Code("warning", "A budget looks like millions of pounds where pounds are due."),
    "nothing-to-do": Code("warning", "Nothing that can be bought counts for anything."),
    "contradiction": Code("warning", "Two limits cannot both be kept, such as a floor above the cap."),
    "sheet-not-read": Code("note", "The workbook of the tables has a sheet of settings that is not read."),
    "never-counts": Code("note", "A lag or persistence reaches beyond the years that are counted."),
    "looks-like-per-cent": Code("warning", "A multiple looks like a per cent: 97 is 97 times, 0.97 is 97 per cent."),
}


@dataclass(frozen=True)
class Place:
    """Where a setting was made: the file's name (or overrides), the line, and the folder that its paths start from."""

    file: str
    line: int | None
    folder: Path


Places = Mapping[Key, Place]


def refusal(code: str, file: str, line: int | None, key: Key, found: str, wanted: str, fix: str = "") -> Fault:
    """Give a fault of a scenario.

    Its file stands for the table, the line for the row, the dotted key for the column.
    """
    row = "" if line is None else str(line)
    return Fault(code, file, row, dotted_key(key), found, wanted, fix, CODES[code].severity)


def refused_at(places: Places, code: str, key: Key, found: str, wanted: str, fix: str = "") -> Fault:
    """Give a fault at the place where the key, or the nearest table around it, was set."""
    place = next(places[key[:n]] for n in range(len(key), -1, -1) if key[:n] in places)
    return refusal(code, place.file, place.line, key, found, wanted, fix)


def dotted_key(key: Key) -> str:
    """Give a key as TOML writes it: names joined by dots, in quotes where they need them."""
    return ".".join(part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"' for part in map(shortened, key))


def shortened(text: str) -> str:
    """Give text as a message shows it: cut where it is long, with escapes for what cannot be printed."""
    cut = text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut)


def shown(value: Any) -> str:
    """Give a setting's value as a message shows it, much as TOML writes it."""
    match value:
        case str():
            return f"'{shortened(value)}'"
        case bool():
            return str(value).lower()
        case dict():
            return "a table"
        case list() | tuple():
            return f"[{shortened(', '.join(shown(entry) for entry in value[:10]))}]"
        case int() if abs(value) > 10**20:
            return "a whole number of more than 20 digits"
        case _:
            return shortened(str(value))


def invalid_settings(error: ValidationError, places: Places) -> tuple[Fault, ...]:
    """Give every fault that the settings' own checks found, MOST_FAULTS at most."""
    faults = []
    for problem in error.errors(include_url=False, include_context=False)[:MOST_FAULTS]:
        key = _names_only(problem["loc"])
        value = problem["input"]
        match problem["type"]:
            case "extra_forbidden":
                faults.append(
                    refused_at(places, "unknown-setting", key, dotted_key(key), "a known setting", _meant(key, value))
                )
            case "literal_error" if problem["loc"][-1] == "[key]":
                fix = did_you_mean(key[-1], get_args(TableName))
                faults.append(refused_at(places, "unknown-setting", key, dotted_key(key), "the name of a table", fix))
            case "missing":
                faults.append(refused_at(places, "missing-setting", key, f"no {dotted_key(key)}", wanted(key)))
            case "literal_error" if isinstance(value, str):
                fix = did_you_mean(value, choices(key))
                faults.append(refused_at(places, "setting-choice", key, shown(value), wanted(key), fix))
            case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal" | "finite_number":
                fix = _share_meant(value, problem)
                faults.append(refused_at(places, "setting-range", key, shown(value), wanted(key), fix))
            case "string_too_short":
                faults.append(refused_at(places, "setting-type", key, "nothing", wanted(key)))
            case _:
                fix = _as_wanted(value, wanted(key))
                faults.append(refused_at(places, "setting-type", key, shown(value), wanted(key), fix))
    return tuple(faults)


def keys_at_fault(error: ValidationError) -> frozenset[Key]:
    """Give the keys whose values the settings' own checks refused."""
    return frozenset(_names_only(problem["loc"]) for problem in error.errors(include_url=False, include_context=False))


def without(values: dict[str, Any], left_out: frozenset[Key], above: Key = ()) -> dict[str, Any]:
    """Give the values without those of the keys that are left out."""
    return {
        name: without(value, left_out, (*above, name)) if isinstance(value, dict) else value
        for name, value in values.items()
        if (*above, name) not in left_out
    }


def inconsistent_settings(settings: Settings, places: Places, left_out: frozenset[Key]) -> tuple[Fault, ...]:
    """Give every fault between settings that are each valid alone.

    left_out: keys that had a value, but not a valid one; that they are missing is no second fault.
    """
    return (
        *islice(_misnamed_rules(settings, places), MOST_FAULTS),
        *_missing_settings(settings, places, left_out),
        *_goal_without_draws(settings, places),
    )


def _misnamed_rules(settings: Settings, places: Places) -> Iterator[Fault]:
    allowed = {
        "soft": rule_names(lambda rule: rule.may_be_soft),
        "off": rule_names(lambda rule: rule.can_be_off),
    }
    for part, names in (("soft", settings.rules.soft), ("off", settings.rules.off)):
        key = ("rules", part)
        for name in names:
            if name not in RULES:
                fix = did_you_mean(name, (*RULES, *groups()))
                yield refused_at(places, "unknown-rule", key, shown(name), "the name of a rule", fix)
            elif name not in allowed[part]:
                only = f"any of {', '.join(allowed[part])}"
                yield refused_at(places, "rule-stays", key, shown(name), only, "Take it out of the list.")


def _missing_settings(settings: Settings, places: Places, left_out: frozenset[Key]) -> Iterator[Fault]:
    needs = (
        *(
            (True, ("grants", "distribution"), tuple(need.setting.split(".")), need.wanted)
            for need in distributions.of(settings).missing(settings)
        ),
        (
            bool(settings.workforce.qualified_share) and settings.workforce.qualified_grade is None,
            ("workforce", "qualified_share"),
            ("workforce", "qualified_grade"),
            "the lowest grade that is qualified",
        ),
    )
    for missing, because, key, what in needs:
        if missing and not any(left[: len(key)] == key for left in left_out):
            value = shown(getattr(getattr(settings, because[0]), because[1]))
            yield refused_at(places, "missing-setting", because, f"{value} without {dotted_key(key)}", what)


def _goal_without_draws(settings: Settings, places: Places) -> Iterator[Fault]:
    """Report a cautious plan of a goal that draws of the effects say nothing of."""
    if goals.is_cautious(settings) and not goals.of(settings).of_effects:
        wanted = " or ".join(name for name, goal in GOALS.items() if goal.of_effects)
        found = f"'{settings.goal.measure}' with risk.attitude 'cvar'"
        fix = "Only a goal that is a sum of what effects bring has draws to be cautious about."
        yield refused_at(places, "no-draws", ("goal", "measure"), found, wanted, fix)


def _meant(key: Key, value: Any) -> str:
    if len(key) == 1 and isinstance(value, dict):  # a section; what is in it is known only once its name is
        return did_you_mean(key[0], section_names())
    known = setting_names()
    near = nearest(dotted_key(key), known)
    same_name = [name for name in known if name.rpartition(".")[2] == key[-1]]
    return f"Did you mean '{same_name[0] if same_name else near}'?" if same_name or near else ""


def _names_only(location: tuple[int | str, ...]) -> Key:
    names: list[str] = []
    for part in location:
        if isinstance(part, int) or (part == "[key]" and names):  # a mark of pydantic's after a name, or a name itself
            break
        if part not in (EVERY_YEAR, BY_YEAR):
            names.append(part)
    return tuple(names)


def as_toml(text: str) -> str:
    """Give the number that a text means as TOML writes it, "1234 or 1.234" where it can mean either; "" where none."""
    return " or ".join(_grouped(number) for number in numbers_meant(text))


def _grouped(number: str) -> str:
    """Give a number with underscores between the thousands where they help to read it: 5_000_000."""
    whole, point, rest = number.partition(".")
    return f"{int(whole):_}{point}{rest}" if len(whole.lstrip("+-")) > 4 else number


def _share_meant(value: Any, problem: ErrorDetails) -> str:
    """Write 0.9 in place of 90 where a share is due."""
    if problem["type"] != "less_than_equal" or not problem["msg"].endswith(" 1") or not 1 < value <= 100:
        return ""
    return f"Write {value / 100:g} for {value:g} per cent."


def _as_wanted(value: Any, words: str) -> str:
    """Give how to write a value that was given as the wrong kind; nothing where that is not plain."""
    if isinstance(value, str) and "number" in words and (meant := as_toml(value)):
        return f"Write {meant}, without quotes, signs or commas."
    if value in ("true", "false") and "true" in words:
        return f"Write {value}, without quotes."
    if isinstance(value, int | float) and not isinstance(value, bool) and words.startswith("text"):
        return f'Write "{shown(value)}", in quotes.'
    return ""
