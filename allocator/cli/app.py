"""The program `allocator`: its commands, its exit statuses and the one place where errors are handled.

Exit status 0: done. 1: the answer is "no" (faults found, no plan, not certified). 2: wrong usage, or an unreadable
or invalid scenario. 130: stopped by the user. Results go to standard output, all else to standard error.
To add a command: give its file in commands/ a Typer app called ``commands`` and name the module in COMMAND_FILES.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from typing import Any

import typer
from typer.core import TyperCommand

from allocator.cli import stop
from allocator.cli.commands import (
    approaches,
    bridge,
    check,
    compare,
    evidence,
    explain,
    import_,
    init,
    models,
    open_,
    report,
    risk,
    rules,
    score,
    sensitivity,
    show,
    sign,
    solve,
    sweep,
    verify,
)
from allocator.errors import AllocatorError, NotWritten, UsageError

# In the order of --help.
COMMAND_FILES = (
    *(solve, show, explain, report, open_, approaches, score, compare, bridge, sweep),
    *(sensitivity, risk, evidence),
    *(verify, sign, check, init, import_, models, rules),
)

app = typer.Typer(
    name="allocator",
    add_completion=False,
    rich_markup_mode=None,
    # Help is laid out as everything else: for the terminal, for 100 columns in a pipe, and never wider.
    context_settings={
        "help_option_names": ["-h", "--help"],
        "terminal_width": min(shutil.get_terminal_size((100, 24)).columns, 100),
    },
    epilog="Every command takes --debug, which shows where an error arose. NO_COLOR is honoured.",
)


class _Command(TyperCommand):
    """A command whose usage line names what has to be given as it is typed, without braces around it."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)]


for command_file in COMMAND_FILES:
    for command in command_file.commands.registered_commands:
        command.cls = _Command
    app.add_typer(command_file.commands)


def _print_version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        print(f"allocator {version('neet-allocator')}")
        raise typer.Exit


@app.callback()
def allocator(
    version: bool = typer.Option(
        False, "--version", help="Print the version and stop.", callback=_print_version, is_eager=True
    ),
) -> None:
    """Decide how money and advisers for young people who are NEET are shared out, and prove it."""


def run(words: list[str]) -> int:
    """Run one command and give its exit status; every error ends here, in words or as JSON."""
    debug = "--debug" in words
    as_json = "--json" in words
    stop.goes_on_from(None)
    stop.has_written(None)
    try:
        status = _invoke([word for word in words if word != "--debug"] or ["--help"])
        sys.stdout.flush()
    except AllocatorError as error:
        return _report(error, as_json=as_json, debug=debug)
    except typer.TyperException as error:
        return _report(_usage(error), as_json=as_json, debug=debug)
    except (KeyboardInterrupt, typer.Abort):
        return _stopped()
    except BrokenPipeError:
        _let_go_of_output()
        return 0
    except OSError as error:
        found = error.strerror or str(error)
        refused = UsageError(str(error.filename or ""), found, "", "The operating system refused this.")
        return _report(refused, as_json=as_json, debug=debug)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a user never sees a traceback
        return _stopped() if stop.asked() else _report_defect(error, debug=debug)
    return status


def _stopped() -> int:
    print(stop.sentence(), file=sys.stderr)
    return stop.STATUS


def _invoke(words: list[str]) -> int:
    """Parse and run a command. Typer's own main is not used, since it has error messages of its own."""
    command = typer.main.get_command(app)
    try:
        with command.make_context("allocator", list(words), obj=words) as context:
            command.invoke(context)
    except typer.Exit as stop:
        return stop.exit_code
    return 0


def _usage(error: typer.TyperException) -> AllocatorError:
    """Give what Typer found wrong with the words of a command, as an error of ours."""
    message = error.format_message().rstrip(".")
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "allocator"
    return UsageError(command, message, "", f"Try `{command} --help`.")


def _report(error: AllocatorError, *, as_json: bool, debug: bool) -> int:
    if debug:
        _print_traceback()
    from allocator.cli.as_typed import as_typed
    from allocator.outputs import faults, json

    error = as_typed(error)
    with contextlib.suppress(BrokenPipeError):
        # Where a result is on standard output already, the error does not follow it there.
        if as_json and not isinstance(error, NotWritten):
            json.write(faults.error_result(error).to_dict())
        else:
            faults.write_error(error)
        sys.stdout.flush()
        return error.exit_status
    _let_go_of_output()
    return error.exit_status


def _report_defect(error: Exception, *, debug: bool) -> int:
    if debug:
        _print_traceback()
    said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    print(
        f"This is a defect of the program, not of your input ({said}). --debug shows where it arose.", file=sys.stderr
    )
    return 1


def _print_traceback() -> None:
    import traceback  # only who asks for it

    traceback.print_exc()


def _let_go_of_output() -> None:
    """Point standard output at nothing, so that Python does not complain about the closed pipe at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
