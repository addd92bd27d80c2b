"""What comes with the program, as a person reads it: scenarios, rules, the dictionary of the tables, a new folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from allocator.analyses.catalogue.rules import ListedRule, RuleList
from allocator.analyses.catalogue.scenarios import Model, ModelList
from allocator.analyses.init.starter import Started
from allocator.outputs import console
from allocator.tables.dictionary import Dictionary, TableEntry


def write_models(found: ModelList) -> None:
    """Print every scenario: its name, its title, its question."""
    width = console.width_of(sys.stdout)
    console.write(model_lines(found.models, width))


def model_lines(models: Sequence[Model], width: int) -> list[Text]:
    """Name and title on one line, the question under the title."""
    longest = max(len(model.name) for model in models) + 2
    lines: list[Text] = []
    for model in models:
        lines += console.labelled(model.name, model.title, width, hang=longest)
        lines += console.paragraph(model.question, width, indent=longest, style="dim")
    return lines


def write_rules(found: RuleList, *, in_full: bool) -> None:
    """Print the rules: each sentence alone, or with its formula, note, unit and settings."""
    width = console.width_of(sys.stdout)
    console.write(rule_lines(found.rules, width, in_full=in_full))


def rule_lines(rules: Sequence[ListedRule], width: int, *, in_full: bool) -> list[Text]:
    """Give each rule with its sentence; in full also formula, note, unit and where its amounts come from."""
    longest = max(len(rule.name) for rule in rules) + 2
    lines: list[Text] = []
    for rule in rules:
        lines += console.labelled(rule.name, rule.sentence, width, hang=longest)
        if in_full:
            formula = [
                console.paragraph(line, width, indent=4, hang=8, style="bold") for line in rule.formula.splitlines()
            ]
            lines += [Text(""), *(line for lines_of in formula for line in lines_of), Text("")]
            lines += console.paragraph(rule.note, width, indent=0) if rule.note else []
            lines += console.labelled("unit", rule.unit, width, hang=12, style="dim")
            lines += console.labelled("set by", ", ".join(rule.settings) or "nothing", width, hang=12, style="dim")
    return lines


def write_dictionary(dictionary: Dictionary) -> None:
    """Print what every table and column means."""
    console.write(dictionary_lines(dictionary.tables, console.width_of(sys.stdout)))


def dictionary_lines(tables: Sequence[TableEntry], width: int) -> list[Text]:
    """Give each table with its columns; * marks the columns of its key."""
    lines: list[Text] = []
    for table in tables:
        optional = " (optional)" if table.optional else ""
        lines += console.labelled(table.name + optional, table.meaning, width, hang=26)
        for column in table.columns:
            blank = f"may be blank: {column.blank}" if column.blank else ""
            kind = ", ".join(part for part in (column.kind, column.range, column.unit, blank) if part)
            name = f"  {column.name}{'*' if column.key else ''}"
            lines += console.labelled(name, f"{column.meaning} [{kind}]", width, hang=26, style="")
        lines.append(Text(""))
    return lines[:-1]


def write_started(started: Started) -> None:
    """Print what was made and what to do next."""
    folder, scenario = started.folder, started.scenario
    width = console.width_of(sys.stdout)
    parts = dict.fromkeys((started.data, scenario, started.readme))
    lines = console.labelled("MADE", f"{folder} with {', '.join(parts)}", width)
    path = console.path_of(Path(folder) / scenario)
    lines += console.commands("NEXT", [("allocator", word, path) for word in ("check", "solve")])
    console.write(lines)
