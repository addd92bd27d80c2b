"""Draw a data set of any size in which no two partnerships are alike, with a scenario to solve it by.

What is offered, grades and groups are the reference data's; sizes, groups' shares, costs, grants, staff and channels of
every partnership are drawn around the reference data's own, and the effects and unit costs of the country once. Sums
of money, posts and training grow with the number of partnerships, so that what binds at one size binds at another.
The same seed gives the same tables:

    python benchmarks/drawn_data.py FOLDER [--partnerships 940] [--years 3] [--seed 1]
    allocator solve FOLDER/scenario.toml
"""

import argparse
import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

REFERENCE = Path(__file__).parents[1] / "data" / "connexions"
FIRST_YEAR = 2004
GROUPS = ("neet", "not_known", "at_risk", "universal")
YOUNG_PEOPLE = 85_000  # the median partnership's; log-normal with the spread of SIZES
SIZES = 0.8  # of the logarithm: one in forty has five times the median, or a fifth of it
SHARES = {"neet": (0.030, 0.35), "not_known": (0.060, 0.40), "at_risk": (0.110, 0.25)}  # median, spread
NEET = {"neet": 1.0, "not_known": 0.13, "at_risk": 0.035, "universal": 0.001}  # who would be NEET without the programme
GRANT = 1_140.0  # £ a young person known to be NEET or not known, spread 0.15
FIXED = 0.19  # of the grant, spread 0.15
STAFF = 0.53  # of the grant in salaries, spread 0.10
GRADES = {"support": (17_500, 0.253), "adviser": (28_000, 0.486), "trained_adviser": (31_000, 0.261)}  # salary, share
CHANNELS = {"school": (0.657, 0.05), "provider": (0.0053, 0.25)}  # places a young person, spread
GROWTH = 0.025  # of money and prices a year
TRAINING = 1000 / 47  # places a partnership
REGIONS = 9
PARTNERSHIPS = (
    "partnership",
    "name",
    "region",
    "baseline_grant",
    "fixed_cost",
    "area_cost_factor",
    "effect_multiplier",
    "map_column",
    "map_row",
)


def drawn(random: np.random.Generator, median: float, spread: float, count: int) -> np.ndarray:
    """Log-normal numbers of a median and a spread of their logarithms."""
    return median * np.exp(spread * random.standard_normal(count))


def write(folder: Path, table: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one table."""
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def reference(table: str) -> list[dict[str, str]]:
    """The rows of a table of the reference data."""
    with (REFERENCE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_drawn(folder: Path, partnerships: int, years: int, seed: int) -> Path:
    """Write the tables and a scenario; gives the scenario's file. years: at least 3."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    names = [f"p{number:05}" for number in range(1, partnerships + 1)]
    labels = [f"{FIRST_YEAR + t}-{(FIRST_YEAR + t + 1) % 100:02}" for t in range(years)]
    _write_country(folder, random, labels)

    size = drawn(random, YOUNG_PEOPLE, SIZES, partnerships)
    people = {group: np.round(size * drawn(random, *SHARES[group], partnerships)) for group in GROUPS[:-1]}
    people["universal"] = np.round(size)
    grant = np.round((people["neet"] + people["not_known"]) * drawn(random, GRANT, 0.15, partnerships), -3)
    fixed = np.round(grant * drawn(random, FIXED, 0.15, partnerships), -3)
    area = np.round(np.clip(drawn(random, 1.0, 0.05, partnerships), 0.95, 1.25), 3)
    multiplier = np.round(drawn(random, 1.0, 0.12, partnerships), 3)
    payroll = grant * drawn(random, STAFF, 0.10, partnerships) / area
    fte = {
        grade: np.round(payroll * drawn(random, share, 0.05, partnerships) / salary, 1)
        for grade, (salary, share) in GRADES.items()
    }
    write(
        folder,
        "partnerships",
        PARTNERSHIPS,
        (
            (
                name,
                f"Partnership {p + 1}",
                f"Region {p % REGIONS + 1}",
                int(grant[p]),
                int(fixed[p]),
                area[p],
                m,
                "",
                "",
            )
            for p, (name, m) in enumerate(zip(names, multiplier, strict=True))
        ),
    )
    write(
        folder,
        "workforce",
        ("partnership", "grade", "fte"),
        ((name, grade, fte[grade][p]) for p, name in enumerate(names) for grade in GRADES),
    )
    growth = {group: 1 + 0.01 * random.standard_normal(partnerships) for group in GROUPS}
    served = {group: np.round(people[group][:, None] * growth[group][:, None] ** np.arange(years)) for group in GROUPS}
    write(
        folder,
        "young_people",
        ("partnership", "client_group", "year", "young_people", "neet"),
        (
            (name, group, year, int(served[group][p, t]), int(served[group][p, t] * NEET[group]))
            for p, name in enumerate(names)
            for group in GROUPS
            for t, year in enumerate(labels)
        ),
    )
    everybody = sum(people.values())
    places = {channel: everybody * drawn(random, *CHANNELS[channel], partnerships) for channel in CHANNELS}
    write(
        folder,
        "capacities",
        ("partnership", "channel", "year", "places"),
        (
            (name, channel, year, int(places[channel][p] * (1 + 0.05 * t)))
            for p, name in enumerate(names)
            for t, year in enumerate(labels)
            for channel in CHANNELS
        ),
    )
    money = [round(float(grant.sum()) * (1 + GROWTH) ** t, -3) for t in range(years)]
    posts = round(float(sum(numbers.sum() for numbers in fte.values())))
    training = round(TRAINING * partnerships)
    write(
        folder,
        "years",
        ("year", "budget", "headcount_limit", "training_places", "price_index"),
        ((year, int(money[t]), posts, training, round((1 + GROWTH) ** t, 6)) for t, year in enumerate(labels)),
    )
    return _write_scenario(folder, partnerships, years, seed, labels)


def _write_country(folder: Path, random: np.random.Generator, labels: Sequence[str]) -> None:
    """The tables that have no partnership in them: effects and unit costs drawn, all else as in the reference data."""
    for table in ("grades", "returns", "client_groups", "targets"):
        rows = reference(table)
        write(folder, table, list(rows[0]), (list(row.values()) for row in rows))
    interventions, effects = reference("interventions"), reference("effects")
    for row in interventions:
        row["unit_cost"] = f"{float(row['unit_cost']) * drawn(random, 1.0, 0.15, 1)[0]:.2f}"
    for row in effects:
        row["effect"] = f"{float(row['effect']) * drawn(random, 1.0, 0.15, 1)[0]:.6f}"
    write(folder, "interventions", list(interventions[0]), (list(row.values()) for row in interventions))
    write(folder, "effects", list(effects[0]), (list(row.values()) for row in effects))
    promises = [row for row in reference("guarantees") if row["year"] == f"{FIRST_YEAR}-05"]
    write(
        folder,
        "guarantees",
        list(promises[0]),
        ((year, *list(row.values())[1:]) for year in labels for row in promises),
    )


def _write_scenario(folder: Path, partnerships: int, years: int, seed: int, labels: Sequence[str]) -> Path:
    later = "".join(f'"{year}" = 0.55\n' for year in labels[3:])
    file = folder / "scenario.toml"
    file.write_text(
        f'title = "{partnerships} drawn partnerships, {years} years, seed {seed}"\n'
        'extends = "settlement"\ndata = "."\n' + (f"\n[workforce.qualified_share]\n{later}" if later else ""),
        encoding="utf-8",
    )
    return file


def main() -> None:
    """Write the data set asked for."""
    asked = argparse.ArgumentParser(description="Draw a data set of any size.")
    asked.add_argument("folder", type=Path)
    asked.add_argument("--partnerships", type=int, default=940)
    asked.add_argument("--years", type=int, default=3)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    if options.years < 3 or options.partnerships < 1:
        asked.error("at least 3 years and 1 partnership: the reference scenario names three years")
    print(write_drawn(options.folder, options.partnerships, options.years, options.seed))


if __name__ == "__main__":
    main()
