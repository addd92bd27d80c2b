"""Data sets and scenarios drawn from a seed, uneven in every way that the model knows, for two formulations of it.

draw(seed) gives the tables as rows and the scenario as the keys of its file; write() puts both into a folder. Amounts
hang together as real ones do (advisers who can be paid, floors near what there is), so that most cases have a plan.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

from tests.helpers.builders import write_tables

if TYPE_CHECKING:
    from pathlib import Path

    from tests.helpers.builders import Tables

REGIONS = ("North", "South", "Mid East")
CHANNELS = ("school", "centre", "web")
MEASURES = ("cumulative", "cumulative", "final_year", "benefit", "least_cost", "fairest")
DISTRIBUTIONS = ("optimised",) * 5 + ("blend", "blend", "historical", "formula", "equal")
RULES = (
    "eligible",
    "channel",
    "recruitment",
    "training_places",
    "headcount",
    "qualified",
    "carry_forward",
    "floor",
    "cap",
    "max_fall",
    "max_rise",
    "damping",
    "formula_floor",
    "guarantee",
    "ceiling",
    "local_minimum",
    "target",
    "limit",
)
OF = (
    "grant",
    "share_of_money",
    "to_baseline",
    "to_last_year",
    "to_shares_as_before",
    "per_young_person",
    "place_spending",
    "places",
    "advisers",
    "recruits",
    "redundancies",
)


def draw(seed: int) -> tuple[Tables, dict[str, Any]]:
    """The tables and the scenario of a seed."""
    r = random.Random(seed)
    tables = _tables(r)
    return tables, _scenario(r, tables)


def write(folder: Path, tables: Tables, scenario: dict[str, Any]) -> Path:
    """The scenario's file, with the tables beside it as files, their rows in no order."""
    shuffled = {name: random.Random(name).sample(rows, len(rows)) for name, rows in tables.items()}
    shuffled["years"] = tables["years"]
    write_tables(folder / "tables", shuffled)
    file = folder / "scenario.toml"
    file.write_text("\n".join(['title = "Drawn"', 'data = "tables"', *_toml(scenario)]) + "\n", encoding="utf-8")
    return file


def _toml(section: dict[str, Any], name: str = "") -> list[str]:
    """A section and those inside it. Strings and lists of strings are written alike in JSON and TOML."""
    own = {key: value for key, value in section.items() if not isinstance(value, dict)}
    lines = ([f"[{name}]"] if name and own else []) + [f"{json.dumps(k)} = {json.dumps(v)}" for k, v in own.items()]
    for key, value in section.items():
        if isinstance(value, dict) and value:
            lines += _toml(value, f"{name}.{json.dumps(key)}" if name else json.dumps(key))
    return lines


def _tables(r: random.Random) -> Tables:
    years = [f"Y{n}" for n in range(r.choice((1, 2, 2, 3, 3, 4)))]
    names = r.sample(["north", "p 2", "area o'", "d-4", "east", "007", "g", "h"], r.randint(2, 7))
    groups = [f"group {n}" for n in range(r.randint(1, 3))]
    acts = [f"act{n}" for n in range(r.randint(1, 4))]
    grades = [f"band {n}" for n in range(r.randint(1, 3))]
    all_new = r.random() < 0.03
    size = {p: r.choice((1, r.lognormvariate(0, 0.7))) for p in names}
    baseline = {p: 0 if all_new or r.random() < 0.12 else round(400_000 * size[p], -2) for p in names}
    salary = [r.randint(20, 45) * 1_000 for _ in grades]
    tables: Tables = {}
    entry, start_up = r.random() < 0.5, r.random() < 0.5

    def entries(p: str) -> tuple[Any, ...]:
        return "", 0, round(300_000 * size[p], -2)

    tables["partnerships"] = [
        {
            "partnership": p,
            "name": p.title(),
            "region": r.choice(REGIONS),
            "baseline_grant": baseline[p],
            **({"entry_grant": r.choice(entries(p)) if baseline[p] == 0 else ""} if entry else {}),
            **({"start_up_posts": r.choice(("", 0, 2, round(5 * size[p], 1)))} if start_up else {}),
            "fixed_cost": round(400_000 * size[p] * r.choice((0, 0.05, 0.1, 0.15)), -1),
            "area_cost_factor": round(r.uniform(0.9, 1.3), 2),
            "effect_multiplier": round(r.uniform(0.7, 1.3), 2),
            "map_column": "",
            "map_row": "",
        }
        for p in names
    ]  # fmt: skip
    people = {(p, g): round(800 * size[p] * r.uniform(0.2, 2)) * (r.random() > 0.04) for p in names for g in groups}
    share = {g: r.choice((0.02, 0.1, 0.4, 0.8)) for g in groups}
    tables["young_people"] = [
        {
            "partnership": p,
            "client_group": g,
            "year": y,
            "young_people": (there := round(people[p, g] * r.uniform(0.95, 1.05))),
            "neet": 0 if r.random() < 0.03 else round(there * share[g] * r.uniform(0.5, 1), r.choice((0, 1))),
        }
        for p in names
        for g in groups
        for y in years
    ]
    if r.random() < 0.5:
        tables["client_groups"] = [
            {"client_group": g, "name": g.title(), "stays": r.choice((0, 0.5, 0.7, 0.9, 1))}
            for g in groups
            if r.random() < 0.8
        ]
    exclusive = r.choice((("",), ("", "one"), ("", "one", "two")))
    displaced = r.random() < 0.4
    tables["interventions"] = [
        {
            "intervention": i,
            "name": i.title(),
            "unit_cost": r.choice((0, 50, 300, 800)),
            "min_grade": r.choice(grades),
            "channel": r.choice(CHANNELS),
            "exclusive_set": r.choice(exclusive),
            "persistence": r.choice((0, 0.4, 0.6, 0.85, 1)),
            "lag": r.choice((0, 0, 0, 1, 2, 5)),
            **({"displacement": r.choice(("", 0, 0.2, 0.5, 1))} if displaced else {}),
        }
        for i in acts
    ]
    tables["effects"] = [
        {
            "intervention": i,
            "client_group": g,
            "effect": r.choice((-0.03, 0, 0.01, 0.04, 0.1, 0.15, round(r.uniform(0.01, 0.2), 4))),
            "standard_error": 0.01,
            "adviser_hours": r.choice((0, 1, 5, 15, 30)),
            "max_uptake": r.choice((0.05, 0.2, 0.5, 1)),
            "source": "drawn",
        }
        for n, i in enumerate(acts)
        for g in groups
        if g == groups[n % len(groups)] or r.random() < 0.6
    ]
    if r.random() < 0.6:
        bands = {i: r.choice((1, 2, 3)) for i in acts if r.random() < 0.8}
        relative = (1.0, r.choice((1, 0.7)), r.choice((0.7, 0.4, 0.1)))
        widths = {1: (1,), 2: (0.5, 0.5), 3: (0.5, 0.3, 0.2)}
        tables["returns"] = [
            {"intervention": i, "band": b + 1, "width": widths[count][b], "relative_effect": relative[b]}
            for i, count in bands.items()
            for b in range(count)
        ]
    tables["grades"] = [
        {
            "grade": a,
            "name": a,
            "rank": 2 * n + 1,
            "salary": salary[n],
            "productive_hours": r.randint(800, 1_300),
            "attrition": r.choice((0, 0.05, 0.12, 0.3, 1 if r.random() < 0.05 else 0.2)),
            "recruitment_cost": r.choice((0, 500, 3_000)),
            "redundancy_cost": r.choice((0, 5_000, 20_000)),
            "training_cost": "" if n == len(grades) - 1 else r.choice((0, 1_000, 4_000)),
            "training_hours": "" if n == len(grades) - 1 else r.choice((0, 50, 200)),
            "recruitable": r.choice(("true", "true", "false")),
        }
        for n, a in enumerate(grades)
    ]
    paid = r.choice((0.3, 0.5, 0.7))
    tables["workforce"] = [
        {
            "partnership": p,
            "grade": a,
            "fte": round(paid * baseline[p] / len(grades) / salary[n] * r.uniform(0.3, 1.6), 1),
        }
        for p in names
        for n, a in enumerate(grades)
    ]
    posts = sum(row["fte"] for row in tables["workforce"])
    rises, has_pay = r.choice((0, 0.02, 0.05)), r.random() < 0.3
    total = sum(baseline.values()) or 400_000 * len(names)
    total += sum(float(row.get("entry_grant") or 0) for row in tables["partnerships"])
    base = 0 if r.random() < 0.85 else len(years) - 1
    tables["years"] = [
        {
            "year": y,
            "budget": round(total * r.uniform(0.9, 1.15) * (1 + rises) ** t),
            "headcount_limit": round(posts * r.uniform(0.8, 1.5) + 5),
            "training_places": r.choice((0, 2, round(posts / 5), 50)),
            "price_index": round((1 + rises) ** (t - base), 4),
            **({"pay_index": r.choice(("", round(1.03**t, 4)))} if has_pay else {}),
        }
        for t, y in enumerate(years)
    ]
    if r.random() < 0.5:
        tables["capacities"] = [
            {"partnership": p, "channel": c, "year": y, "places": round(600 * size[p] * r.uniform(0, 1.5))}
            for p in names
            for c in sorted({row["channel"] for row in tables["interventions"]})
            for y in years
            if r.random() < 0.5
        ]
    if r.random() < 0.4:
        offered = {g: [row["intervention"] for row in tables["effects"] if row["client_group"] == g] for g in groups}
        tables["guarantees"] = [
            {
                "year": r.choice(years),
                "client_group": (g := r.choice([g for g in groups if offered[g]] or groups)),
                "interventions": "+".join(r.sample(offered[g] or acts, r.randint(1, len(offered[g]) or 1))),
                "min_share": r.choice((0, 0.02, 0.05, 0.1)),
            }
        ]
    if r.random() < 0.6:
        tables["targets"] = _targets(r, tables, years)
    if r.random() < 0.65:
        tables["limits"] = _limits(r, tables, years, groups, acts, posts, total)
    return {name: rows for name, rows in tables.items() if rows}


def _targets(r: random.Random, tables: Tables, years: list[str]) -> list[dict[str, Any]]:
    chosen: dict[tuple[str, str, str], dict[str, Any]] = {}
    for _ in range(r.randint(1, 4)):
        scope = r.choice(("national", "national", "region", "partnership"))
        own = r.choice(tables["partnerships"])
        name = {"national": "", "region": own["region"], "partnership": own["partnership"]}[scope]
        year = r.choice(years)
        inside = {
            row["partnership"] for row in tables["partnerships"] if name in ("", row["region"], row["partnership"])
        }
        neet = sum(
            row["neet"] for row in tables["young_people"] if row["partnership"] in inside and row["year"] == year
        )
        share = r.choice((0.01, 0.03, 0.08, 0.2))
        by_number = r.random() < 0.4
        chosen[scope, name, year] = {
            "scope": scope,
            "name": name,
            "year": year,
            "max_neet": round(neet * (1 - share)) if by_number else "",
            "reduction_share": "" if by_number else share,
        }
    return list(chosen.values())


def _limits(
    r: random.Random,
    tables: Tables,
    years: list[str],
    groups: list[str],
    acts: list[str],
    posts: float,
    total: float,
) -> list[dict[str, Any]]:
    rows = []
    for n in range(r.choice((1, 1, 2, 3))):
        of = r.choice(OF)
        scope = r.choice(("national", "region", "partnership"))
        own = r.choice(tables["partnerships"])
        name = {"national": "", "region": own["region"], "partnership": own["partnership"]}[scope]
        inside = [row for row in tables["partnerships"] if name in ("", row["region"], row["partnership"])]
        each = r.random() < 0.5
        periods = ["every", r.choice(years)] + ([] if of == "to_last_year" else ["total"])
        year = r.choice(periods)
        part = 1 / len(tables["partnerships"]) if each else len(inside) / len(tables["partnerships"])
        part *= len(years) if year == "total" else 1
        group = r.choice(("", *groups)) if of in ("per_young_person", "places") else ""
        served = r.choice(("", *acts)) if of in ("place_spending", "places") else ""
        young = sum(row["young_people"] for row in tables["young_people"]) / len(years)
        level = {
            "grant": total * part,
            "share_of_money": part / (len(years) if year == "total" else 1),
            "to_baseline": 1,
            "to_last_year": 1,
            "to_shares_as_before": 1,
            "per_young_person": total / max(young, 1) * (1 if group == "" else len(groups)),
            "place_spending": total * part * 0.15,
            "places": young * part * 0.3,
            "advisers": posts * part,
            "recruits": posts * part * 0.08,
            "redundancies": posts * part * 0.1,
        }[of]
        near = r.choice((0.02, 0.1, 0.3))
        digits = 4 if level < 10 else 0
        least = round(
            level * (1 - near * r.random()) * (0.2 if of in ("recruits", "places", "place_spending") else 1), digits
        )
        most = round(level * (1 + near * r.random()), digits)
        if of == "redundancies":
            least = ""
        if of in ("redundancies", "recruits", "place_spending") and r.random() < 0.2:
            least, most = "", 0
        elif r.random() < 0.75:
            side = r.random() < 0.5
            least, most = (least, "") if side and least != "" else ("", most)
        elif r.random() < 0.3 and least != "":
            most = least
        rows.append(
            {
                "limit": f"limit {n}",
                "scope": scope,
                "name": name,
                "each": str(each).lower(),
                "year": year,
                "of": of,
                "intervention": served,
                "client_group": group,
                "least": least,
                "most": most,
            }
        )
    return rows


def _scenario(r: random.Random, tables: Tables) -> dict[str, Any]:
    years = [row["year"] for row in tables["years"]]
    names = [row["partnership"] for row in tables["partnerships"]]
    grades = [row["grade"] for row in tables["grades"]]

    def some(chance: float, **entries: Any) -> dict[str, Any]:
        return {key: value for key, value in entries.items() if r.random() < chance}

    goal: dict[str, Any] = {
        "measure": r.choice(MEASURES),
        "discount_rate": r.choice((0, 0.035, 0.1)),
        "tail_years": r.choice((0, 0, 1, 3)),
        "benefit_per_neet": r.choice((0, 5_000, 30_000, 80_000)),
        **some(0.25, give_up=r.choice((0.001, 0.01, 0.05, 1))),
    }
    if goal["measure"] == "fairest" and r.random() < 0.3:
        goal["rounds"] = "all"
    if r.random() < 0.25:
        goal["weights"] = {p: r.choice((0, 0.5, 1, 2)) for p in r.sample(names, r.randint(1, len(names)))}
    budget: dict[str, Any] = {
        "scale": r.choice(
            (1.0, 1.0, 0.95, 1.1, {y: r.choice((0.93, 1, 1.05)) for y in years if r.random() < 0.6} or 1.0)
        ),
        "reserve": r.choice((0, 0, 20_000)),
        "carry_forward_limit": r.choice((0, 0.02, 0.05, 1)),
    }
    if r.random() < 0.1:
        y = r.choice(tables["years"])
        budget["by_year"] = {y["year"]: y["budget"] * r.choice((0.9, 1.1))}
    grants: dict[str, Any] = {
        "distribution": r.choice(DISTRIBUTIONS),
        **some(0.5, floor=r.choice((0.5, 0.7, 0.9)), cap=r.choice((1.1, 1.3, 2))),
        **some(0.4, max_fall=r.choice((0.02, 0.1, 0.4)), max_rise=r.choice((0.05, 0.2, 1))),
    }
    weights = {key: r.choice((0, 0.4, 1)) for key in ("young_people", "neet", "baseline")}
    if grants["distribution"] in ("formula", "blend"):
        weights["young_people"] = weights["young_people"] or 0.2
    grants["formula"] = {**weights, "area_costs": r.random() < 0.7, **some(0.3, minimum_change=r.choice((-0.2, -0.02)))}
    if grants["distribution"] == "blend":
        by_year = {y: r.choice((0.2, 0.5, 0.8)) for y in years if r.random() < 0.7}
        grants["formula_share"] = r.choice((0.3, 0.7, by_year or 0.5))
    scenario: dict[str, Any] = {"goal": goal, "budget": budget, "grants": grants}
    if r.random() < 0.35:
        scenario["certainty"] = _year_on_year(r, tables)
    workforce = some(0.7, max_recruitment=r.choice((0, 0.1, 0.3)), headcount_scale=r.choice((0.9, 1, 1.2)))
    if r.random() < 0.35:
        workforce["qualified_grade"] = r.choice(grades)
        if r.random() < 0.5:
            workforce["adviser_grade"] = r.choice(grades[: grades.index(workforce["qualified_grade"]) + 1])
        workforce["qualified_share"] = {y: r.choice((0.1, 0.3, 0.5)) for y in years if r.random() < 0.6}
    scenario["workforce"] = workforce
    scenario["prices"] = some(0.15, inflation=r.choice((0, 0.03)), pay=r.choice((0.01, 0.05)))
    if r.random() < 0.2:
        scenario["targets"] = {"national": {y: r.choice((0.02, 0.06, 0.15)) for y in years if r.random() < 0.7}}
    scenario["local"] = {
        **some(0.4, max_reduction=r.choice((0.1, 0.3, 1, "none"))),
        **some(0.35, min_reduction=r.choice((0, 0.01, 0.04, 0.1))),
    }
    rules: dict[str, Any] = {}
    if r.random() < 0.5:
        rules["soft"] = r.choice(
            (["target", "local_minimum", "guarantee"], ["target"], ["local_minimum"], [])
            if r.random() < 0.4
            else (["target", "local_minimum", "guarantee"],)
        )
    if r.random() < 0.3:
        rules["off"] = r.sample(RULES, r.randint(1, 3))
    rules.update(some(0.2, soft_may_cost=r.choice((0, 0.005, 0.05, 0.5))))
    scenario["rules"] = rules
    return scenario


def _year_on_year(r: random.Random, tables: Tables) -> dict[str, Any]:
    """How each year is planned; most limits over all years, which such a plan cannot keep, become limits of each."""
    certainty = {
        "kind": "year_on_year",
        "planning_horizon": r.choice((1, 1, 2, len(tables["years"]))),
        "assumed_future": r.choice((0.9, 1, 1.03)),
        "sees_tail": r.random() < 0.5,
    }
    for row in tables.get("limits", ()):
        if row["year"] == "total" and r.random() < 0.9:
            row["year"] = "every"
    return certainty
