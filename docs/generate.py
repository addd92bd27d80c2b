"""Makes what of the documentation can be made: the reference pages and the picture of the summary.

    python docs/generate.py            writes docs/reference/*.md and docs/pictures/summary.svg
    python docs/generate.py --check    writes nothing; exit status 1 where a page is not up to date

The picture is not checked: its figures come from a solver, whose next version may round a last digit otherwise.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DOCS = Path(__file__).resolve().parent
PICTURE = DOCS / "pictures" / "summary.svg"
WIDTH = 100

_ON_TABLES = """\
A data set is a folder of UTF-8 CSV files with these names, or one workbook (.xlsx, .ods) with a sheet of each.
Columns marked * form the key: no two rows agree in all of them.
"""
_ON_SCENARIOS = """\
A scenario is a TOML file; `extends` starts from another one, and `--set KEY=VALUE` changes one setting
for a run. `"none"` takes a limit away.
"""
_ON_RULES = """\
Every rule of the model under the name that settings, explanations and rows use. Money is in pounds; a run's problem
(`problem.mps.gz`) and the solver's answer to it (`solution.json`) alone have it in thousands of pounds.
"""
_ON_JSON = """\
Every command takes `--json`: one line on standard output, the same figures, unrounded. `[]` stands for the entries of a
list, a name in `<>` for keys that are names themselves. Where a unit is `goal.unit`, it is that of the goal: young
person-years, young people, £ (of base-year prices) or a share of NEET young people.
"""
_NOTE = "<!-- Made by docs/generate.py. Do not edit. -->\n"


def commands_page() -> str:
    """Every command with its arguments and options, as `--help` prints them."""
    import typer

    from allocator.cli.app import app

    program = typer.main.get_command(app)

    def page(names: list[str]) -> str:
        command: Any = program
        context = command.make_context("allocator", [], resilient_parsing=True, terminal_width=WIDTH)
        for name in names:
            command = command.commands[name]
            context = command.make_context(name, [], parent=context, resilient_parsing=True, terminal_width=WIDTH)
        return f"```text\n{command.get_help(context).rstrip()}\n```\n"

    parts = [_NOTE, "# Commands\n", page([])]
    for name, command in program.commands.items():  # type: ignore[attr-defined]  # an app of several commands is a group
        parts += [f"## allocator {name}\n", page([name])]
        for part in getattr(command, "commands", ()):
            parts += [f"## allocator {name} {part}\n", page([name, part])]
    parts.append(_EXIT_STATUSES)
    return "\n".join(parts)


_EXIT_STATUSES = """## Exit status

| status | meaning |
|---|---|
| 0 | done |
| 1 | the answer is "no": faults were found, no plan keeps the rules, a run is not certified |
| 2 | wrong usage, or a scenario that is unreadable or invalid |
| 130 | stopped by the user; nothing is left half-written |

Results go to standard output, everything else to standard error. Into a pipe lines are laid out for 100 columns, or
those of COLUMNS, without colour. With `--json` a command prints one line of JSON and nothing else on standard output,
errors too; [its keys](json.md) with their types, units and meanings stay as they are. Where a result is found and its
file cannot be written, the result is printed all the same; the error follows on standard error, and the status is 2.
"""


def rules_page() -> str:
    """Every rule: sentence, formula, unit, settings."""
    from allocator.analyses.catalogue.rules import listed_rules

    parts = [_NOTE, "# Rules\n", _ON_RULES]
    for rule in listed_rules().rules:
        parts += [f"## {rule.name}\n", f"{rule.sentence}\n", f"```text\n{rule.formula}\n```\n"]
        if rule.note:
            parts.append(f"{rule.note}\n")
        set_by = ", ".join(f"`{name}`" for name in rule.settings) or "nothing"
        parts.append(f"Unit: {rule.unit}. Set by: {set_by}.\n")
    return "\n".join(parts)


def data_page() -> str:
    """Every table and column."""
    from allocator.tables.dictionary import dictionary

    parts = [
        _NOTE,
        "# Tables\n",
        _ON_TABLES,
    ]
    for table in dictionary().tables:
        optional = " (optional)" if table.optional else ""
        parts += [f"## {table.name}{optional}\n", f"{table.meaning}\n"]
        rows = ["| column | what it holds | kind | unit | a blank means |", "|---|---|---|---|---|"]
        for column in table.columns:
            kind = ", ".join(part for part in (column.kind, column.range) if part)
            name = column.name + ("*" if column.key else "")
            rows.append(f"| {name} | {column.meaning} | {kind} | {column.unit} | {column.blank} |")
        parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)


def json_page() -> str:
    """Every key that a command prints with --json."""
    from allocator.cli.json_keys import keys_of_commands

    parts = [_NOTE, "# JSON\n", _ON_JSON]
    for command, keys in keys_of_commands().items():
        parts.append(f"## {command}\n")
        rows = ["| key | type | unit | meaning |", "|---|---|---|---|"]
        rows += [f"| `{key.path}` | {key.kind} | {key.unit} | {key.meaning} |" for key in keys]
        parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)


def scenario_page() -> str:
    """Every setting, what it takes, what it is where left out, and the default scenario with its comments."""
    from allocator.scenario.describe import setting_names, wanted
    from allocator.scenario.settings import Settings
    from allocator.shipped import shipped_scenarios

    rows = ["| setting | takes | where left out |", "|---|---|---|"]
    for name in setting_names():
        key = tuple(name.split("."))
        rows.append(f"| `{name}` | {wanted(key)} | {_left_out(Settings, key)} |")
    settlement = shipped_scenarios()["settlement"].read_text(encoding="utf-8")
    return "\n".join(
        [
            _NOTE,
            "# The scenario file\n",
            _ON_SCENARIOS,
            "\n".join(rows) + "\n",
            "## The default scenario\n",
            f"```toml\n{settlement.rstrip()}\n```\n",
        ]
    )


def _left_out(settings: Any, key: tuple[str, ...]) -> str:
    """What a setting is where a scenario does not name it."""
    for section in key[:-1]:
        settings = settings.model_fields[section].annotation
    field = settings.model_fields[key[-1]]
    if field.is_required():
        return "has to be there"
    if field.default is None:
        return "no limit"
    if isinstance(field.default, bool):
        return str(field.default).lower()
    if isinstance(field.default, dict | tuple):
        return ", ".join(field.default) or "empty"
    return f"{field.default:g}" if isinstance(field.default, float) else str(field.default) or "empty"


def faults_page() -> str:
    """Every code that `check` can give."""
    from allocator.faults import CODES as OF_TABLES
    from allocator.scenario.invalid import CODES as OF_SCENARIOS

    parts = [_NOTE, "# Faults\n", "The codes of `allocator check`, and of every command that reads a scenario.\n"]
    for title, codes in (("Tables", OF_TABLES), ("Scenarios", OF_SCENARIOS)):
        rows = [f"| `{name}` | {code.severity} | {code.meaning} |" for name, code in codes.items()]
        parts += [f"## {title}\n", "| code | kind | meaning |\n|---|---|---|\n" + "\n".join(rows) + "\n"]
    parts.append("A fault stops the work; warnings and notes do not.\n")
    return "\n".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "rules.md": rules_page,
    "data.md": data_page,
    "scenario.md": scenario_page,
    "faults.md": faults_page,
    "json.md": json_page,
}


def out_of_date() -> Iterator[str]:
    """The pages that are not what would be made now."""
    for name, make in PAGES.items():
        path = DOCS / "reference" / name
        if not path.is_file() or path.read_text(encoding="utf-8") != make():
            yield name


def picture() -> str:
    """The summary of the default scenario as a terminal shows it, as SVG without fonts from elsewhere."""
    from rich.console import Console

    from allocator.analyses.solve.face import summary_lines
    from allocator.analyses.solve.summary import summarise
    from allocator.api import solve

    plan = solve("settlement", reasons=True)
    console = Console(
        file=io.StringIO(), record=True, width=WIDTH, force_terminal=True, highlight=False, legacy_windows=False
    )
    for line in summary_lines(plan, summarise(plan), WIDTH):
        console.print(line, soft_wrap=True)
    return console.export_svg(title="allocator solve", code_format=_SVG, unique_id="summary")


_SVG = """<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img"
aria-label="The summary that allocator solve prints">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>{lines}</defs>
<rect width="{width}" height="{height}" rx="8" fill="#292929"/>
<g transform="translate(9, 14)" class="{unique_id}-matrix">{backgrounds}{matrix}</g>
</svg>
"""


def main() -> int:
    """Writes the pages and the picture, or checks the pages."""
    if "--check" in sys.argv[1:]:
        stale = list(out_of_date())
        for name in stale:
            sys.stderr.write(f"docs/reference/{name} is not up to date; run python docs/generate.py\n")
        return 1 if stale else 0
    (DOCS / "reference").mkdir(exist_ok=True)
    PICTURE.parent.mkdir(exist_ok=True)
    for name, make in PAGES.items():
        (DOCS / "reference" / name).write_text(make(), encoding="utf-8")
    PICTURE.write_text(picture(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
