"""Changes to a planner's file as chance, a careless hand or an attacker makes them; the same seed, the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

CELLS = [
    *(
        "",
        "0",
        "-1",
        "-0",
        "1e400",
        "-inf",
        "nan",
        "1e-320",
        "1,5",
        "1.234,5",
        "1_000",
        "0x10",
        "1e13",
        "99999999999999",
    ),
    *("=cmd()", "'=1", "@SUM(A1)", "+1", "-", "../x", "..\\x", "/etc/passwd", "|", "a|b", "<script>alert(1)</script>"),
    *("\u202egpj", "\u0000", "\ufeff", "\r", "\n", '"', '"""', "''", "north", "2004-05", "coaching", "£1", "50%", "٣"),
    *("true", "none", "[", "{", "[[", "]", "}", "#", "=", ".", "title", "grants", "floor", "rules", "off", "extends"),
    *("yes", "n", "[c]", "n/a", "*", "(1,234)", "1,025", "1.025", "1 234", "1\u00a0234", "\u22125", "20 hours", "<5"),
    *("Total", "Subtotal", "Source: a survey", "#N/A", "#REF!", "Err:502", "#####", "May-04", "2004/05", "10-Dec"),
    *("NORTH", "north ", "No\u00a0rth", "at  risk", "At_Risk", "\u201cnorth\u201d", "C:\\new\\tables", "\u00a35m"),
    "x" * 5_000,
    "9" * 5_000,
    "[" * 300,
]
ENCODINGS = ["utf-16", "utf-8-sig", "latin-1", "cp1252", "utf-32"]


def mutated(seed: bytes, draw: random.Random) -> bytes:
    """The file with one to four changes, or, now and then, something else altogether."""
    if draw.random() < 0.03:
        return draw.randbytes(draw.randrange(300))
    data = seed
    for _ in range(draw.choice([1, 1, 2, 4])):
        data = draw.choice(CHANGES)(data, draw)
    return data[:2_000_000]


def _bytes(data: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(data) + 1)
    return data[:at] + draw.randbytes(draw.randrange(5)) + data[at + draw.randrange(5) :]


def _bit(data: bytes, draw: random.Random) -> bytes:
    if not data:
        return data
    at = draw.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :]


def _piece(data: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(data) + 1)
    return data[:at] + draw.choice(CELLS).encode() + data[at + draw.randrange(9) :]


def _cell(data: bytes, draw: random.Random) -> bytes:
    """One cell of a table, or one value of a scenario, is another."""
    sign = b"=" if b"\n[" in data else b","
    lines = data.split(b"\n")
    line = draw.randrange(len(lines))
    cells = lines[line].split(sign)
    cells[draw.randrange(len(cells))] = draw.choice(CELLS).encode()
    lines[line] = sign.join(cells)
    return b"\n".join(lines)


def _line(data: bytes, draw: random.Random) -> bytes:
    lines = data.split(b"\n")
    one, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    if draw.random() < 0.4:
        del lines[one]
    elif draw.random() < 0.5:
        lines.insert(other, lines[one])
    else:
        lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _cut(data: bytes, draw: random.Random) -> bytes:
    return data[: draw.randrange(len(data) + 1)]


def _all(data: bytes, draw: random.Random) -> bytes:
    """The whole file saved another way: encoding, separator, decimal sign, line ends, quotes."""
    text = data.decode("utf-8", "replace")
    way = draw.randrange(6)
    if way == 0:
        return text.encode(draw.choice(ENCODINGS), "replace")
    if way == 1:
        return text.replace(",", ";").encode()
    if way == 2:
        return text.replace(",", "\t").encode()
    if way == 3:
        return text.replace(".", ",").encode()
    if way == 4:
        return text.replace("\n", draw.choice(["\r\n", "\r", "\n\n", "\x00\n", "\u2028"])).encode()
    return text.replace(",", '","').encode()


def _table(data: bytes, draw: random.Random) -> bytes:
    """A table as planners leave it: totals, titles, notes, columns of their own, other units, other spellings."""
    rows = [line.split(",") for line in data.decode("utf-8", "replace").split("\n")]
    width = len(rows[0])
    at, column = draw.randrange(len(rows)), draw.randrange(width)
    way = draw.randrange(10)
    if way == 0:
        rows.insert(at, [draw.choice(["Total", "Subtotal", "", "All", "North total"]), *rows[at][1:]])
    elif way == 1:
        rows[:0] = [["Budgets of the programme"], [""], *([["sep=,"]] if draw.random() < 0.3 else [])]
    elif way == 2:
        rows += [[""], [draw.choice(["Source: a survey", "* provisional", "elm", "Notes"])]]
    elif way == 3:
        rows = [[*row, draw.choice(["", "check", "5"])] for row in rows]
    elif way == 4:
        rows = [
            [*row[:column], _scaled(row[column], draw.choice([1e-6, 1e-3, 100, 60])), *row[column + 1 :]]
            if len(row) > column
            else row
            for row in rows
        ]
    elif way == 5:
        rows = [[cell.upper() if draw.random() < 0.3 else cell for cell in row] for row in rows]
    elif way == 6:
        rows[0][column] += draw.choice([" (\u00a3)", " (\u00a3000)", " (%)", " (days)", "*", " "])
    elif way == 7:
        rows.insert(at, rows[0])
    elif way == 8:
        rows = [
            row
            for row in rows
            if not (len(row) > column and len(rows[at]) > column and row[column] == rows[at][column])
        ]
    else:
        rows = [[cell.replace("_", "\u00a0").replace("-", "\u2013") for cell in row] for row in rows]
    return "\n".join(map(",".join, rows)).encode()


def _scaled(cell: str, factor: float) -> str:
    try:
        return f"{float(cell) * factor:g}"
    except ValueError:
        return cell


def _again(data: bytes, draw: random.Random) -> bytes:
    return data + data[: draw.randrange(len(data) + 1)]


CHANGES = [_bytes, _bit, _piece, _cell, _cell, _line, _cut, _all, _again, _table, _table]
