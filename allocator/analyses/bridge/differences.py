"""What differs between two sides, as groups that can be brought in one by one: settings, tables, rules that act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from allocator.errors import UsageError
from allocator.register import DISTRIBUTIONS, GOALS, RULES, distributions, goals
from allocator.register.quantities import LEAST, MOST, QUANTITIES
from allocator.register.rules import FORMULA_FLOOR, LIMIT, names_in_force
from allocator.results import Result, doc
from allocator.scenario.settings import Settings
from allocator.tables.dataset import DataSet
from allocator.tables.names import did_you_mean
from allocator.units import counted, listed, with_unit
from allocator.what_if.side import Side

SettingPath = tuple[str, ...]
Kind = Literal["setting", "table", "rule", "merged"]

# Settings that no plan rests on, or that say where something is found.
NO_PART = {("title",), ("question",), ("data",), ("grants", "file"), ("risk", "evidence")}
# What a neutral plan does not rest on.
OF_CAUTION = (("risk", "cvar_level"), ("risk", "cvar_weight"), ("risk", "draws"), ("risk", "seed"), ("risk", "common"))
NO_SECTION = {"tables", "solver"}
DISTRIBUTION_PATH = ("grants", "distribution")
# Tables that no plan rests on.
NO_TABLE = ("sources", "studies")
LIMITS = "limits"  # the table whose rows are rules of their own
# The kinds of name that columns of the tables hold.
# One number or one by year: whole, since one side may have the one and the other side the other.
BY_YEAR_OR_NOT = (("budget", "scale"), ("grants", "formula_share"))
NAMES: Mapping[str, str] = {
    "partnership": "partnerships",
    "year": "years",
    "intervention": "interventions",
    "interventions": "interventions",
    "client_group": "client_groups",
    "grade": "grades",
    "min_grade": "grades",
    "channel": "channels",
    "scope": "partnerships",
}


class Group(Result):
    """Differences that are brought in together. said: what changes, in a few words.

    settings: paths of settings taken from the second side once it is in. rules: rules that act on one side only.
    soft: rules that may fall short on one side only. tables: tables that differ. limits: rows of the limits table that
    differ, by the name that the table gives each.
    """

    name: str = doc("its setting, table or rule; joined by + where several come together")
    kind: Kind = doc("setting, table, rule or merged")
    said: str = doc("what changes, in a few words")
    settings: tuple[SettingPath, ...] = ()
    rules: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


def differences(a: Side, b: Side) -> tuple[Group, ...]:
    """Give every difference that a plan can rest on: settings, then rules, then tables and the planner's own limits.

    Settings of a distribution, or of planning year on year, that only one side uses go with it. Raises UsageError
    where the two sides have goals of different measures, which nothing can be a share of.
    """
    if a.settings.goal.measure != b.settings.goal.measure:
        found = f"{a.label} has {a.settings.goal.measure}, {b.label} has {b.settings.goal.measure}"
        raise UsageError("goal.measure", found, "the same goal on both sides", "Choose `overrides=goal.measure=…`.")
    return (*_settings(a, b), *_rules(a, b), *_tables(a.data, b.data))


def merged(groups: Sequence[Group], asked: Sequence[str]) -> tuple[Group, ...]:
    """Give the groups with some of them put together. asked: names joined by +, each group named once."""
    left = {group.name: group for group in groups}
    together = []
    for names in asked:
        parts = []
        for name in names.split("+"):
            if name not in left:
                known = ", ".join(left) or "none is left"
                raise UsageError("together", f"found '{name}'", f"differences: {known}", did_you_mean(name, left))
            parts.append(left.pop(name))
        together.append(
            Group(
                "+".join(part.name for part in parts),
                "merged",
                "; ".join(f"{part.name} {part.said}" for part in parts),
                tuple(path for part in parts for path in part.settings),
                tuple(rule for part in parts for rule in part.rules),
                tuple(rule for part in parts for rule in part.soft),
                tuple(table for part in parts for table in part.tables),
                tuple(limit for part in parts for limit in part.limits),
            )
        )
    return (*left.values(), *together)


def mixed_settings(a: Settings, b: Settings, groups: Sequence[Group], present: set[int]) -> Settings:
    """Give the first side's settings with the groups present brought in from the second."""
    values_a, values_b = _flat(a), _flat(b)
    new = {path for n in present for path in groups[n].settings}
    grouped = {path for group in groups for path in group.settings}
    changing = {rule for group in groups for rule in group.rules}
    now = {rule for n, group in enumerate(groups) for rule in group.rules if (rule in _acting(b)) == (n in present)}
    mixed: dict[SettingPath, Any] = {}
    for path in {**values_a, **values_b}:
        from_b = path in new
        if path not in grouped and path not in values_a:
            from_b = True
        if path not in grouped and values_a.get(path) != values_b.get(path) and path not in NO_PART:
            from_b = from_b or not _used(a, path)  # only the second side uses it
        source = values_b if from_b else values_a
        if path in source:
            mixed[path] = source[path]
    off = {rule for rule in (*a.rules.off, *b.rules.off) if rule not in changing}
    off |= changing - now
    soft = {*a.rules.soft} ^ {rule for n in present for rule in groups[n].soft}
    mixed["rules", "off"] = tuple(sorted(off))
    mixed["rules", "soft"] = tuple(sorted(soft))
    return Settings.model_validate(_nested(mixed))


# --- settings and rules ----------------------------------------------------------------------------------------------


def _acting(s: Settings) -> set[str]:
    """Give the rules in force; formula_floor is a part of the distribution blend, and comes and goes with it."""
    return {*names_in_force(s)} - {FORMULA_FLOOR.name}


def _flat(s: Settings) -> dict[SettingPath, Any]:
    """Give every setting by its path; the entries of a table of names one by one."""
    return dict(_leaves(s.model_dump(), ()))


def _leaves(values: Mapping[str, Any], path: SettingPath) -> Iterator[tuple[SettingPath, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping) and (*path, name) not in BY_YEAR_OR_NOT:
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


def _nested(flat: Mapping[SettingPath, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for path, value in flat.items():
        section = nested
        for name in path[:-1]:
            section = section.setdefault(name, {})
        section[path[-1]] = value
    return nested


def _used(s: Settings, path: SettingPath) -> bool:
    """Say whether a plan of these settings can rest on the setting."""
    setting = ".".join(path)
    rules = [rule for rule in RULES.values() if any(is_within(setting, of) for of in rule.entered_by)]
    of_distribution = any(is_within(setting, of) for of in _of_distributions())
    if rules and not of_distribution and all(rule.can_be_off for rule in rules):
        return any(rule.name in _acting(s) for rule in rules)
    if path[0] == "certainty" and path != ("certainty", "kind"):
        return s.certainty.kind == "year_on_year"
    if of_distribution:
        return any(is_within(setting, need.setting) for need in distributions.of(s).needs)
    if any(setting in goal.settings for goal in GOALS.values()):
        return setting in goals.of(s).settings
    if path in OF_CAUTION:
        return s.risk.attitude == "cvar"
    return True


def _settings(a: Side, b: Side) -> Iterator[Group]:
    values_a, values_b = _flat(a.settings), _flat(b.settings)
    for path in {**values_a, **values_b}:
        if path in NO_PART or path[0] in NO_SECTION or path[0] == "rules":
            continue
        old, new = values_a.get(path), values_b.get(path)
        both = _used(a.settings, path) and _used(b.settings, path)
        from_files = distributions.of(a.settings).from_file and distributions.of(b.settings).from_file
        files = path == DISTRIBUTION_PATH and from_files and _other_grants(a, b)
        if both and (old != new or files):
            said = "the grants of another file" if files else f"{_word(old)} → {_word(new)}"
            yield Group(".".join(path), "setting", said, settings=(path,))
    for rule in sorted({*a.settings.rules.soft} ^ {*b.settings.rules.soft}):
        said = "may fall short" if rule in b.settings.rules.soft else "has to be kept"
        yield Group(f"rules.soft {rule}", "rule", said, soft=(rule,))


def _other_grants(a: Side, b: Side) -> bool:
    if a.given is None or b.given is None:
        return a.given is not b.given
    return a.given.shape != b.given.shape or bool((a.given != b.given).any())


def _rules(a: Side, b: Side) -> Iterator[Group]:
    """Give the rules in force on one side only; those of a group that come, or go, together are one difference."""
    before, after = _acting(a.settings), _acting(b.settings)
    together: dict[tuple[str, bool], list[str]] = {}
    for rule in RULES.values():
        if (rule.name in before) != (rule.name in after):
            together.setdefault((rule.group or rule.name, rule.name in after), []).append(rule.name)
    for (group, comes), rules in together.items():
        values = _flat((b if comes else a).settings)
        limits = {
            path: value
            for path, value in values.items()
            if value is not None and any(_is_of(path, rule) for rule in rules)
        }
        level = ", ".join(f"{path[-1]} {_word(value)}" for path, value in limits.items())
        said = f"{'comes in' if comes else 'is given up'}{f' ({level})' if level else ''}"
        name = group if len(rules) > 1 else rules[0]
        yield Group(name, "rule", said, settings=tuple(limits), rules=tuple(rules))


def _is_of(path: SettingPath, rule: str) -> bool:
    """Say whether a setting is a rule's alone: where the rule is in force on one side only, it goes with the rule."""
    return RULES[rule].can_be_off and any(is_within(".".join(path), of) for of in RULES[rule].set_by)


def is_within(setting: str, section: str) -> bool:
    """Say whether a setting is another, or an entry of it."""
    return setting == section or setting.startswith(f"{section}.")


def _of_distributions() -> tuple[str, ...]:
    """Give the settings that only some distributions ask for."""
    return tuple(need.setting for one in DISTRIBUTIONS.values() for need in one.needs if not one.from_file)


def _word(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{part} in {year}" for year, part in value.items())
    return "none" if value is None else str(value)


# --- tables ----------------------------------------------------------------------------------------------------------


def _tables(a: DataSet, b: DataSet) -> Iterator[Group]:
    """Give the tables that differ; those that hold names of a kind that itself differs have to change together.

    Each row of the limits table is a difference by itself, unless the table has to change with others.
    """
    different = [
        name
        for name in dict.fromkeys((*a.tables, *b.tables))
        if name not in NO_TABLE and tuple(a.tables.get(name, ())) != tuple(b.tables.get(name, ()))
    ]
    together: dict[str, set[str]] = {name: {name} for name in different}
    for kind in dict.fromkeys(NAMES.values()):
        if set(getattr(a, kind)) == set(getattr(b, kind)):
            continue
        holding = [name for name in different if kind in _kinds(a, name) | _kinds(b, name)]
        union = {table for name in holding for table in together[name]}
        for table in union:
            together[table] = union
    for names in dict.fromkeys(tuple(n for n in different if n in union) for union in together.values()):
        if names == (LIMITS,):
            yield from _limits(a, b)
            continue
        said = counted(sum(_changed_rows(a, b, name) for name in names), "row")
        yield Group("+".join(names), "table", said, tables=names)


def _limits(a: DataSet, b: DataSet) -> Iterator[Group]:
    """Give the planner's own limits that one side alone has, or that differ, each by its own name."""
    old, new = ({limit_named(row): row for row in d.tables.get(LIMITS, ())} for d in (a, b))
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before is None or after is None:
            said = f"is given up ({_level(before)})" if before else f"comes in ({_level(after or {})})"
        elif before == after:
            continue
        else:
            one, other = _level(before), _level(after)
            said = f"{one} → {other}" if one != other else "bounds something else"
        yield Group(f"{LIMIT.name} {name}", "rule", said, limits=(name,))


def limit_named(row: Mapping[str, Any]) -> str:
    """Give the name that the limits table gives a row."""
    return str(row[LIMIT.name])  # its column is called as the rule is


def _level(row: Mapping[str, Any]) -> str:
    """Give what a row of the limits table asks for, in words: ``0.99 × shares as before at least``."""
    quantity = QUANTITIES[row["of"]]
    told = {
        side: quantity.told(row[side], with_unit(row[side], quantity.unit))
        for side in (LEAST, MOST)
        if row.get(side) is not None
    }
    if len(told) == 2 and row[LEAST] == row[MOST]:
        return f"{told[LEAST]} exactly"
    return listed([f"{amount} at {side}" for side, amount in told.items()])


def _kinds(d: DataSet, table: str) -> set[str]:
    rows = d.tables.get(table, ())
    return {NAMES[column] for column in (rows[0] if rows else ()) if column in NAMES}


def _changed_rows(a: DataSet, b: DataSet, table: str) -> int:
    """Give rows that only the one or only the other side has, the larger of the two counts."""
    old = {repr(sorted(row.items(), key=str)) for row in a.tables.get(table, ())}
    new = {repr(sorted(row.items(), key=str)) for row in b.tables.get(table, ())}
    return max(len(old - new), len(new - old))
