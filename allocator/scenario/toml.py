"""TOML text to values, with the line of every key, in bounded time and memory whatever the text is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allocator.errors import InvalidInput
from allocator.faults import Fault
from allocator.scenario.invalid import MOST_FAULTS, Key, as_toml, refusal, shortened

OVERRIDES = "overrides"  # the place of what is no file's
MAX_BYTES = 1_000_000  # of a scenario file
MAX_DEPTH = 16  # names in a dotted key, and brackets within brackets

# Every alternative is possessive or ends at the end of the text, so that reading is linear in the text's length.
_TOKEN = re.compile(
    r"""
      (?P<text>  \"{3} (?: [^"\\] | \\.?+ | "(?!"") )*+ (?: \"{3} | \Z )
               | '{3} (?: [^'] | '(?!'') )*+ (?: '{3} | \Z )
               | " (?: [^"\\\n] | \\[^\n]?+ )*+ "?
               | ' [^'\n]*+ '? )
    | (?P<space> [ \t\r]++ | \#[^\n]*+ )
    | (?P<word>  [A-Za-z0-9_-]++ )
    | (?P<mark>  [\n\[\]{}.,=] )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_PART = re.compile(r"""\s*(?:("(?:[^"\\]|\\.)*+"|'[^']*+')|([^."'=][^.=]*+))\s*([.=])""")
_SETTING = re.compile(
    r"(\s{0,200}[A-Za-z0-9_.\"' -]{1,200}?\s{0,20}=\s{0,20})([^\s#\"'\[\]{}=][^#\"'\[\]{}=]{0,100})(?:#.*)?"
)
_NAMES = re.compile(r"(\s{0,200}[\w.\"' -]{1,200}?\s{0,20}=\s{0,20})(\[[^\"'\[\]{}#]{1,200}\])\s{0,20}(?:#.*)?")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_ -]{0,100}")
_BARE_LIST = re.compile(r"\[\s*[A-Za-z][\w-]*\s*(?:,\s*[A-Za-z][\w-]*\s*)*\]")
_TRUTHS = {"true": "true", "false": "false", "yes": "true", "no": "false", "on": "true", "off": "false"}
_QUOTED = re.compile(r'"([^"\n\']{0,500})"')
_PLAIN_SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’‚", "'"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "),
        **dict.fromkeys("−–", "-"),
    }
)
LONGEST_MENDED = 1000  # characters of a line in which slips are sought
_WHERE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True)
class Parsed:
    """The values of a TOML text and the line at which each key, or the table that it is in, stands."""

    values: dict[str, Any]
    lines: dict[Key, int]
    faults: tuple[Fault, ...] = ()  # slips that were told apart: the values hold what can have been meant


def parse(raw: bytes, file: str) -> Parsed:
    """Give the values of a scenario file's bytes.

    A number or word that is not written as TOML has it is one of the faults given, and the rest is read all the same.
    Raises InvalidInput with the faults where they are no TOML otherwise.
    """
    if len(raw) > MAX_BYTES:
        found = f"more than {MAX_BYTES:,} bytes"
        raise _refused("scenario-size", file, None, found, "a scenario file of a few pages", "Is this the right file?")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        found = "UTF-16 text, which Windows calls Unicode"
        raise _refused("scenario-encoding", file, 1, found, "UTF-8 text", "Save the file with the encoding UTF-8.")
    if b"\0" in raw:
        line = raw.count(b"\n", 0, raw.index(b"\0")) + 1
        raise _refused("scenario-encoding", file, line, "a NUL byte", "UTF-8 text", "Save the file as UTF-8 text.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"the byte {raw[error.start]:#04x}, as in Windows or Latin-1 text"
        raise _refused("scenario-encoding", file, line, found, "UTF-8 text", "Save the file as UTF-8.") from None
    return _with_slips(text, file)


def _with_slips(text: str, file: str) -> Parsed:
    """Give the values of a text in which values may be slips of the pen, each a fault with what to write instead."""
    lines = text.split("\n")
    slips: list[Fault] = []
    while True:
        try:
            parsed = parse_text("\n".join(lines), file)
        except InvalidInput as error:
            (fault,) = error.faults
            line = int(fault.row or 0)
            slip = _slip(lines[line - 1]) if fault.code == "scenario-syntax" and line else None
            if slip is None or len(slips) >= MOST_FAULTS:
                raise InvalidInput((*slips, fault), in_scenario=True) from None
            lines[line - 1], wanted, fix = slip
            slips.append(refusal("scenario-syntax", file, line, (), fault.found, wanted, fix))
        else:
            return Parsed(parsed.values, parsed.lines, tuple(slips))


def _slip(line: str) -> tuple[str, str, str] | None:
    """Mend KEY = VALUE with a value that TOML does not have: the line without the slip, what is wanted, what to write.

    None where it is not plain what was meant: what is to be written has to be TOML, or the same slip would come again.
    """
    if (slip := _typography(line) or _backslashes(line) or _other_languages(line)) is not None:
        return slip
    found = _SETTING.fullmatch(line) or _NAMES.fullmatch(line)
    if found is None:
        return None
    before, value = found[1], found[2].strip()
    if value.lower() in _TRUTHS:
        mended, wanted = f"{before}{_TRUTHS[value.lower()]}", "true or false"
        fix = f"Write {mended.strip()}{', in small letters' if value.lower() in ('true', 'false') else ''}."
    elif value.lower() in ("null", "nil", "n/a", "na"):
        mended, wanted, fix = (
            f'{before}"none"',
            '"none", or nothing',
            f'Write {before.strip()} "none", or leave it out.',
        )
    elif _BARE_LIST.fullmatch(value):
        mended = f"{before}[{', '.join(f'"{name.strip()}"' for name in value[1:-1].split(','))}]"
        wanted, fix = "names in quotes", f"Write {mended.strip()}."
    elif meant := as_toml(value):
        mended = f"{before}{meant.partition(' or ')[0]}"
        wanted, fix = (
            "a plain number",
            f"Write {' or '.join(before.strip() + ' ' + one for one in meant.split(' or '))}.",
        )
    elif _WORD.fullmatch(value):
        mended = f'{before}"{value}"'
        wanted, fix = "text in quotes", f"Write {mended.strip()}."
    else:
        return None
    return (mended, wanted, fix) if mended != line and _is_toml(mended) else None


def _other_languages(line: str) -> tuple[str, str, str] | None:
    """Give a line with a colon for the equals sign, or a remark as other languages begin one."""
    remark = re.fullmatch(r"\s*(?:;|//|--|%|')\s*(.*)", line)
    if remark is not None:
        return f"# {remark[1]}", "a remark behind #", f"Write # {shortened(remark[1])}."
    if (colon := re.fullmatch(r'(\s*[\w."-]{1,200})\s*:\s+(.+)', line)) is None:
        return None
    mended = f"{colon[1]} = {colon[2]}"
    if _is_toml(mended):
        return mended, "an equals sign", f"Write {shortened(mended.strip())}."
    slip = _slip(mended)
    return None if slip is None else (slip[0], "an equals sign", slip[2])


def _typography(line: str) -> tuple[str, str, str] | None:
    """Give a line with signs that word processors and web pages put in place of plain ones."""
    plain = line.translate(_PLAIN_SIGNS)
    if plain == line or len(line) > LONGEST_MENDED or not _is_toml(plain):
        return None
    curly = any(sign in line for sign in "“”„‘’‚«»")
    wanted = "straight quotation marks" if curly else "plain signs, without a no-break space or a long dash"
    return plain, wanted, f"Write {shortened(plain.strip())}."


def _backslashes(line: str) -> tuple[str, str, str] | None:
    """Give a path of Windows in double quotes, where TOML takes a backslash for the beginning of another sign."""
    if "\\" not in line or len(line) > LONGEST_MENDED:
        return None
    mended = _QUOTED.sub(lambda text: f"'{text[1]}'", line)
    if mended == line or not _is_toml(mended):
        return None
    slashes = _QUOTED.sub(lambda text: '"{}"'.format(text[1].replace("\\", "/")), line)
    fix = f"Write {shortened(mended.strip())}, in single quotes, or {shortened(slashes.strip())}."
    return mended, "no single backslash in double quotes", fix


def _is_toml(line: str) -> bool:
    try:
        tomllib.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def parse_text(text: str, file: str) -> Parsed:
    """Give the values of TOML text. Raises InvalidInput with one fault, at its line, where it is no TOML."""
    lines = _key_lines(text, file)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        at = _WHERE.search(said)
        line = int(at[1]) if at else text.count("\n") + 1
        reason = said.partition(" (at ")[0]
        shown = text.split("\n")[line - 1].strip()
        found = shortened(shown) if shown else "the end of the text"
        raise _refused("scenario-syntax", file, line, found, "TOML", f"{reason}.") from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        found, wanted = "a number of thousands of digits", "numbers of fewer digits"
        raise _refused("scenario-syntax", file, None, found, wanted, "") from None
    except RecursionError:
        raise _too_deep(file, 1) from None
    return Parsed(values, {key: _line_of(key, lines) for key in nested_keys(values)})


def nested_keys(values: dict[str, Any], above: Key = ()) -> Iterator[Key]:
    """Give the key of every value and of every table in the values, tables before what they hold."""
    for name, value in values.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from nested_keys(value, (*above, name))


def parse_override(override: str) -> tuple[Key, Any]:
    """Give the key and the value of KEY=VALUE as given among overrides. Raises InvalidInput with one fault.

    KEY is a dotted TOML key, whose quotes may be left out; VALUE a TOML value, or a bare word taken as text.
    """
    place = OVERRIDES
    if len(override) > MAX_BYTES:
        found = f"more than {MAX_BYTES:,} characters"
        raise _refused("scenario-size", place, None, found, "KEY=VALUE", "Write it into a scenario file.")
    if not override.isascii() and override.encode("utf-8", "replace").decode("utf-8") != override:
        raise _refused("scenario-encoding", place, None, ascii(override), "UTF-8 text", "")
    key: list[str] = []
    at = 0
    while (part := _PART.match(override, at)) and len(key) <= MAX_DEPTH:
        quoted, bare, mark = part.groups()
        key.append(_unquoted(quoted) if quoted else bare.strip())
        at = part.end()
        if mark == "=":
            return tuple(key), _override_value(tuple(key), override[at:].strip())
    raise _refused("setting-syntax", place, None, shortened(override), "KEY=VALUE", "For example budget.scale=0.95.")


def _override_value(key: Key, text: str) -> Any:
    try:
        values = parse_text(f"value = {text}", OVERRIDES).values
    except InvalidInput as error:
        if error.faults[0].code == "scenario-syntax" and not text.startswith(('"', "'", "[", "{")):
            return text
        fix = "Put the whole into single quotes, so that the shell leaves its double quotes alone."
        raise InvalidInput(
            (refusal("setting-syntax", OVERRIDES, None, key, shortened(text), "a TOML value", fix),), in_scenario=True
        ) from None
    if values.keys() != {"value"}:  # a line break and a second key
        return text
    return values["value"]


def _key_lines(text: str, file: str) -> dict[Key, int]:
    """Give the line of each key and of each table; raises InvalidInput where keys or brackets go too deep.

    It reads tokens, not grammar: what is no TOML is left for the parser to say.
    """
    lines: dict[Key, int] = {}
    table: Key = ()
    key: list[str] = []
    line, depth, dots = 1, 0, 0
    in_header = in_value = False
    for token in _TOKEN.finditer(text):
        kind, found = token.lastgroup, token.group()
        if kind in ("word", "text"):
            if not in_value:
                key.append(found if kind == "word" else _unquoted(found))
            line += found.count("\n")
            continue
        if kind != "mark":
            continue
        dots = dots + 1 if found == "." else 0
        if found == "\n":
            line += 1
            if depth == 0 or in_header:
                depth = 0
                key, in_header, in_value = [], False, False
        elif found == "=" and not in_value:
            in_value = True
            lines.setdefault((*table, *key), line)
        elif found in "[{":
            depth += 1
            in_header = in_header or not (in_value or key)
        elif found in "]}":
            depth = max(depth - 1, 0)
            if in_header and depth == 0:
                table, in_header, in_value = tuple(key), False, True
                lines.setdefault(table, line)
        if max(depth, dots) > MAX_DEPTH:
            raise _too_deep(file, line)
    return lines


def _line_of(key: Key, lines: dict[Key, int]) -> int:
    """Give the line of a key, or of what it stands in: an inline table has one line."""
    return next((lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in lines), 1)


def _unquoted(text: str) -> str:
    if "\\" not in text or text.startswith("'"):
        return text.strip(text[0])
    try:
        return str(tomllib.loads(f"value = {text}")["value"])
    except ValueError:
        return text


def _too_deep(file: str, line: int) -> InvalidInput:
    wanted = f"at most {MAX_DEPTH}"
    return _refused("scenario-depth", file, line, "names or brackets nested too deeply", wanted, "")


def _refused(code: str, file: str, line: int | None, found: str, wanted: str, fix: str) -> InvalidInput:
    return InvalidInput((refusal(code, file, line, (), found, wanted, fix),), in_scenario=True)
