"""The instance of the golden files: the tiny data set, made uneven so that no symbol of the model can hide.

Differences from tests/builders.py: prices rise by a tenth; south costs half as much again and its work counts double;
coaching has two bands of one half, the second half as good; group work is offered to neet as well, where it does harm
(effect -0.02), its effects come a year late and eight tenths of them last; the two exclude each other; the centre in
north has room for 30 in the first year; three in ten of neet are guaranteed one of the two in the second; and there
are a national target by share, a regional one and one that is met already.
"""

from allocator.programme.formulate import formulate
from tests.helpers.builders import row, tiny_data, tiny_scenario, tiny_tables

SETTINGS = """
[goal]
tail_years = 1
discount_rate = 0.25
[goal.weights]
south = 3
[budget]
scale = 0.9
reserve = 10_000
carry_forward_limit = 0.05
[grants]
floor = 0.9
cap = 1.25
max_fall = 0.05
max_rise = 0.1
[workforce]
max_recruitment = 0.2
headcount_scale = 0.5
qualified_grade = "adviser"
[workforce.qualified_share]
"2005-06" = 0.4
[local]
max_reduction = 0.6
min_reduction = 0.08
"""
BLEND = 'distribution = "blend"\nformula_share = 0.95\nformula = {baseline = 1}\n'
OTHER_SETTINGS = {
    "distribution": SETTINGS.replace("[grants]\n", '[grants]\ndistribution = "historical"\n'),
    "formula_floor": SETTINGS.replace("[grants]\n", "[grants]\n" + BLEND),
    "least_cost": SETTINGS.replace("[goal]\n", '[goal]\nmeasure = "least_cost"\n'),
    "final_year": SETTINGS.replace("[goal]\n", '[goal]\nmeasure = "final_year"\n'),
    "benefit": SETTINGS.replace("[goal]\n", '[goal]\nmeasure = "benefit"\nbenefit_per_neet = 10_000\n'),
    "fairest": SETTINGS.replace("[goal]\n", '[goal]\nmeasure = "fairest"\n'),
}


def written_tables():
    """The tables that the module describes."""
    tables = tiny_tables()
    row(tables, "years", year="2005-06")["price_index"] = 1.1
    row(tables, "partnerships", partnership="south").update(area_cost_factor=1.5, effect_multiplier=2)
    tables["returns"] = [
        {"intervention": "coaching", "band": 1, "width": 0.5, "relative_effect": 1},
        {"intervention": "coaching", "band": 2, "width": 0.5, "relative_effect": 0.5},
    ]
    harm = {**row(tables, "effects", intervention="group_work"), "client_group": "neet", "effect": -0.02}
    tables["effects"].append(harm)
    row(tables, "interventions", intervention="group_work").update(persistence=0.8, lag=1)
    for line in tables["interventions"]:
        line["exclusive_set"] = "one"
    tables["capacities"] = [{"partnership": "north", "channel": "centre", "year": "2004-05", "places": 30}]
    tables["guarantees"] = [
        {"year": "2005-06", "client_group": "neet", "interventions": "coaching+group_work", "min_share": 0.3}
    ]
    aim = {"scope": "national", "name": "", "year": "2005-06", "max_neet": None, "reduction_share": 0.1}
    tables["targets"] = [
        aim,
        {**aim, "scope": "region", "name": "Upland", "year": "2004-05", "max_neet": 100, "reduction_share": None},
        {**aim, "scope": "partnership", "name": "south", "year": "2004-05", "max_neet": 70, "reduction_share": None},
    ]
    tables["limits"] = [
        limit("hold", "to_shares_as_before", each=True, least=0.95),
        limit("ring_fence", "place_spending", year="2005-06", intervention="coaching", most=4_000),
        limit("freeze", "recruits", year="2004-05", most=0),
        limit("south", "grant", scope="partnership", name="south", year="total", least=150_000, most=150_000),
        limit("upland", "share_of_money", scope="region", name="Upland", least=0.5, most=0.7),
        limit("change", "to_last_year", scope="region", name="Upland", each=True, most=1.05),
        limit("base", "to_baseline", year="total", most=1.75),
        limit("head", "per_young_person", each=True, year="2005-06", client_group="at_risk", most=600),
        limit("served", "places", client_group="neet", year="total", least=5),
        limit("posts", "advisers", scope="region", name="Lowland", most=3),
        limit("peace", "redundancies", year="total", most=1),
    ]
    return tables


def newer_tables():
    """The same with what the second version of the model knows: south is new, some grow up, some of an effect is lost.

    South has no baseline_grant, an entry_grant of £80,000 and 1.5 start_up_posts; half of neet are still of the ages
    counted a year on; others lose a fifth of the effect of coaching; pay rises by a fifth where prices rise by a tenth.
    """
    tables = written_tables()
    for line in tables["partnerships"]:
        line.update(entry_grant=None, start_up_posts=None)
    row(tables, "partnerships", partnership="south").update(baseline_grant=0, entry_grant=80_000, start_up_posts=1.5)
    tables["client_groups"] = [{"client_group": "neet", "name": "Known to be NEET", "stays": 0.5}]
    for line in tables["interventions"]:
        line["displacement"] = 0.2 if line["intervention"] == "coaching" else None
    for line, pay in zip(tables["years"], (None, 1.2), strict=True):
        line["pay_index"] = pay
    return tables


def limit(name_of_limit, of, *, scope="national", name="", each=False, year="every", **more):
    """A row of the table limits."""
    line = dict.fromkeys(("intervention", "client_group", "least", "most"))
    of_whom = {"scope": scope, "name": name, "each": str(each).lower(), "year": year}
    return {"limit": name_of_limit, **of_whom, "of": of, **line, **more}


def lp_text(folder, name, tables=None):
    """The whole programme as PuLP writes it, with the settings that bring the rule or goal of that name in.

    tables: in place of written_tables().
    """
    data = tiny_data(folder, written_tables() if tables is None else tables)
    s = tiny_scenario(folder, OTHER_SETTINGS.get(name, SETTINGS)).settings
    formulate(data, s).problem.writeLP(str(folder / "programme.lp"))
    return (folder / "programme.lp").read_text(encoding="utf-8")


def rows_of(text, rule):
    """The lines of one rule's rows in an LP file, in its order."""
    wanted, taken = False, []
    for line in text.split("Subject To\n")[1].split("Bounds\n")[0].splitlines():
        if not line.startswith(" "):
            wanted = line.startswith(f"{rule}|")
        if wanted:
            taken.append(line)
    return "\n".join(taken) + "\n"


def objective_of(text):
    """The lines of the objective in an LP file, with its sense."""
    return text.split("\n", 1)[1].split("Subject To\n")[0]
