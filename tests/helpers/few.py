"""The reference data with few of its partnerships, each as many times larger, so that what is national stays as it is.

What is typed on them takes a fraction of the time that the reference takes, with the same names, settings and budgets.
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


def few_partnerships(folder, pages):
    """A folder of data sets in which the reference has London and the partnerships that the texts of pages name."""
    shutil.copytree(data_folder(), folder)
    reference = folder / "connexions"
    rows = {table: _rows(reference / f"{table}.csv") for table in LARGER}
    words = set(re.findall(r"\w+", pages))
    every = rows["partnerships"]
    kept = [row for row in every if row["region"] == "London" or row["partnership"] in words or row["name"] in pages]
    times = _grants(every) / _grants(kept)
    keys = {row["partnership"] for row in kept}
    for table, columns in LARGER.items():
        few = [row for row in rows[table] if row["partnership"] in keys]
        larger = [row | {column: float(row[column]) * times for column in columns} for row in few]
        with (reference / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, larger[0])
            writer.writeheader()
            writer.writerows(larger)
    return folder


def _rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _grants(rows):
    return sum(float(row["baseline_grant"]) for row in rows)
