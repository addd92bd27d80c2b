"""The data sets with few of their partnerships, each as many times larger, so that what is national stays as it is.

What is typed on them takes a fraction of the time that the whole takes, with the same names, settings and budgets.
"""

import csv
import re
import shutil

from allocator.shipped import data_folder

# What a partnership brings with it, and what is larger where it stands for several.
LARGER = {
    "partnerships": ("baseline_grant", "fixed_cost"),
    "young_people": ("young_people", "neet"),
    "workforce": ("fte",),
    "capacities": ("places",),
}
MOST_OF_LONDON = 6


def few_partnerships(folder, pages):
    """A folder of data sets in which the two large ones have some of London and the partnerships that pages name."""
    shutil.copytree(data_folder(), folder)
    words = set(re.findall(r"\w+", pages))
    for large in (folder / "connexions", folder / "england"):
        rows = {table: _rows(large / f"{table}.csv") for table in LARGER if (large / f"{table}.csv").exists()}
        every = rows["partnerships"]
        london = [row["partnership"] for row in every if row["region"] == "London"][:MOST_OF_LONDON]
        kept = [
            row for row in every if row["partnership"] in words or row["name"] in pages or row["partnership"] in london
        ]
        times = _grants(every) / _grants(kept)
        keys = {row["partnership"] for row in kept}
        for table, lines in rows.items():
            few = [row for row in lines if row["partnership"] in keys]
            larger = [row | {column: float(row[column]) * times for column in LARGER[table]} for row in few]
            with (large / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, larger[0])
                writer.writeheader()
                writer.writerows(larger)
    return folder


def _rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _grants(rows):
    return sum(float(row["baseline_grant"]) for row in rows)
