"""The keys of ``--json`` of approaches, score, compare, bridge and sweep, which put plans beside each other."""

from __future__ import annotations

from allocator.outputs.json_key import GOAL, INPUTS, PLACE, SCENARIO, YEAR_GRANTED, YEAR_REACHED, keys, under

_STATUS = keys("""
status | text | | optimal, infeasible (no plan keeps the rules), unsolved (the solver gave no answer) or not_set
reason | text | | why there is no plan; blank where there is one
""")
_SHORTFALL = keys("""
shortfall | number or null | shares added up | of the soft rules, each as a share of what it requires; null: no plan
""")
_MEASURED = (
    *keys("""
years[] | object | | one year, all partnerships together; none where there is no plan
"""),
    *under("years[]", YEAR_GRANTED),
    *keys("""
years[].given_back | number | £ cash | granted, and neither spent nor carried on
"""),
    *under("years[]", YEAR_REACHED),
    *keys("""
measures | object or null | | the plan over all its years; null: no plan
measures.person_years | number | young person-years | over the horizon and its tail, discounted, unweighted
measures.spending | number | £ of base-year prices | discounted
measures.cost_per_person_year | number or null | £ of base-year prices | spending over person_years; null if 0
measures.net_present_value | number or null | £ of base-year prices | at goal.benefit_per_neet; null where that is 0
measures.benefit_cost_ratio | number or null | £ a £ | at goal.benefit_per_neet; null where that is 0
measures.targets[] | object | | one target
measures.targets[].scope | text | | national, region or partnership
measures.targets[].name | text | | the region or partnership; blank where national
measures.targets[].year | text | | the year at whose end it is asked for
measures.targets[].required | number | young people | fewer NEET that it asks for
measures.targets[].reached | number | young people | fewer NEET, at the central effects
measures.targets[].chance | number | share of 1 | chance that it is met
measures.targets[].reduction_share | number or null | share of 1 | the share that it names; null: it names a number
measures.local_targets | whole number | | local minimums, and targets of a region or partnership
measures.local_targets_met | whole number | | how many of them are met
measures.smallest_share | number or null | share of 1 | smallest of a partnership's NEET young people reached, last year
measures.largest_share | number or null | share of 1 | largest likewise
measures.gini | number or null | 0 to 1 | of the grants over NEET young people
measures.mean_grant_change | number or null | share of 1 | mean size of a grant's change from one year to the next
measures.large_falls | whole number | partnerships | whose grant falls by more than 5 % in some year
measures.losing_on_last_year | whole number | partnerships | whose grant falls by more than 1 % in some year
measures.gaining_on_shares | whole number | partnerships | whose grant of all years is over 1 % above shares as before
measures.losing_on_shares | whole number | partnerships | whose grant of all years is over 1 % below shares as before
measures.recruits | number | FTE | joiners, all years
measures.redundancies | number | FTE | paid-for leavers, all years
measures.qualified_share | number or null | share of 1 | in the last year; null: no grade is named as qualified
measures.shortfall | number | shares added up | of the soft rules
"""),
)
_ONE_GOAL = keys("goal | number or null | goal.unit | what the plan reaches, constants included; null: no plan")
_GOAL_REACHED = (*GOAL, *keys("goal.value | number or null | goal.unit | what the plan reaches; null: no plan"))

APPROACHES = (
    *SCENARIO,
    *GOAL,
    *keys("""
approaches[] | object | | one distribution in one case of certainty
approaches[].distribution | text | | optimised, blend, historical, formula, equal or given
approaches[].certainty | text | | settlement, rolling, year_on_year_lasting or year_on_year
"""),
    *under("approaches[]", (*_STATUS, *_ONE_GOAL, *_SHORTFALL, *_MEASURED)),
    *keys("""
approaches[].measures.share_of_best | number or null | share of 1 | its goal over the best approach's, or the other
  way round where little is wanted; null where that has no meaning
approaches[].measures.regret | number or null | goal.unit | how far its goal is from the best approach's
approaches[].measures.regret_person_years | number or null | young person-years | the same in young person-years
approaches[].measures.regret_pounds | number or null | £ | the same at goal.benefit_per_neet; null where that is 0
approaches[].measures.leverage | number or null | share of 1 | mean relative change of a partnership's own grant when
  it alone reports 10 % more NEET; null without --leverage, or where one then has no plan
gain | object | | what settling the best distribution brings over the approach as before, by what yearly planners count
gain.<certainty> | object | | against shares as before planned so; an average over the two orders of change
gain.<certainty>.distribution | text | | the best distribution
gain.<certainty>.total | number | goal.unit | all that it brings, above 0 for better
gain.<certainty>.relative | number or null | share of 1 | total over the goal as before; null where that is 0
gain.<certainty>.by_certainty | number | goal.unit | the part that certainty brings
gain.<certainty>.by_distribution | number | goal.unit | the part that the distribution brings
gain.<certainty>.reductions[] | object | | one year
gain.<certainty>.reductions[].year | text | | the year
gain.<certainty>.reductions[].reduction | number | young people | how many more are not NEET at its end than as before
gain.<certainty>.shortfall | number | shares added up | change of the soft rules' shortfall
"""),
    *INPUTS,
)
_BROKEN = keys("""
rule | text | | the rule
place | text | | the partnership, region or channel; blank where national
year | text | | the year
detail | text | | what else names the row
found | number | unit of the row | what the grants brought come to
limit | number | unit of the row | what the rule allows
by | number | unit of the row | how far beyond
unit | text | | unit of the three
""")
SCORE = (
    *SCENARIO,
    *keys("file | text | | the file of grants"),
    *_STATUS,
    *_GOAL_REACHED,
    *_SHORTFALL,
    *keys("broken[] | object | | a row of a hard rule that is not kept"),
    *under("broken[]", _BROKEN),
    *keys("to_the_pound[] | object | | a row on money that is kept but for the rounding of whole pounds"),
    *under("to_the_pound[]", _BROKEN),
    *_MEASURED,
    *keys("""
best | object | | the best plan of the scenario
best.goal | number or null | goal.unit | what it reaches; null: no plan
best.shortfall | number or null | shares added up | of its soft rules; null: no plan
gap | object | | what the grants brought give up against it
gap.goal | number or null | goal.unit | above 0 for worse
gap.person_years | number or null | young person-years | the same in young person-years
gap.pounds | number or null | £ cash, all years | the money with which less the best plan would reach as much;
  null where no such amount is known
gap.pounds_at_least | number or null | £ cash, all years | where no plan has so little money, at least this; else null
nearest | object or null | | the plan that keeps the rules with the smallest changes of grants; null: none keeps them
nearest.moved | number | £ cash, all years | the sum of the changes
nearest.grants[] | object | | a grant that it changes, the largest change first
nearest.grants[].partnership | text | | key of the partnership
nearest.grants[].name | text | | its name
nearest.grants[].year | text | | the year
nearest.grants[].brought | number | £ cash | the grant brought
nearest.grants[].nearest | number | £ cash | the grant in the nearest plan
nearest.goal | number or null | goal.unit | what it reaches; null: the solver gave no answer
nearest.shortfall | number or null | shares added up | of its soft rules; null likewise
"""),
    *INPUTS,
)
COMPARE = (
    *keys("""
sides[] | object | | a run or scenario, in the order given
sides[].label | text | | what it was named by
sides[].title | text | | title of the scenario
"""),
    *under("sides[]", (*_STATUS, *_GOAL_REACHED, *_SHORTFALL, *_MEASURED)),
    *keys("""
person_years_alike | true or false | | whether young person-years mean the same on all sides
against_first[] | object | | a side but the first, against the first; both have a plan
against_first[].label | text | | what the side was named by
against_first[].first | number | £ cash, all years | all grants of the first side
against_first[].other | number | £ cash, all years | all grants of this side
against_first[].moved | number | £ cash, all years | what one partnership gains and another loses
against_first[].more | number | £ cash, all years | all grants together, above 0 where this side has more
against_first[].partnerships[] | object | | a partnership, or those that --same says are the same; largest change first
"""),
    *under("against_first[].partnerships[]", PLACE),
    *keys("""
against_first[].partnerships[].first | number or null | £ cash, all years | its grant on the first side; null: none
against_first[].partnerships[].other | number or null | £ cash, all years | its grant on this side; null: none
against_first[].partnerships[].change | number | £ cash, all years | other less first
against_first[].partnerships[].relative_change | number or null | share of 1 | change over first;
  null where that is 0, or a side lacks it
against_first[].only_first[] | text | | name of a partnership that the first side alone has
against_first[].only_other[] | text | | name of a partnership that this side alone has
against_first[].differs[] | object | | what the plans rest on and is not the same on both sides
against_first[].differs[].what | text | | a setting, rule or table
against_first[].differs[].how | text | | how it differs
"""),
    *INPUTS,
)
BRIDGE = (
    *keys("""
first | text | | what the one side was named by
second | text | | what the other was named by
"""),
    *GOAL,
    *keys("""
goal.before | number or null | goal.unit | on the first side; null: no plan
goal.after | number or null | goal.unit | on the second side; null: no plan
shortfall | object | | of the soft rules
shortfall.before | number or null | shares added up | on the first side; null: no plan
shortfall.after | number or null | shares added up | on the second side; null: no plan
differences[] | object | | a difference between the two
differences[].name | text | | its setting, table or rule; joined by + where several come together
differences[].kind | text | | setting, table, rule or merged
differences[].said | text | | what changes, in a few words
groups[] | object | | what a difference moved; none where a mixture has no plan
groups[].name | text | | as in differences
groups[].kind | text | | as in differences
groups[].said | text | | as in differences
groups[].goal | number | goal.unit | its share of the change of the goal
groups[].shortfall | number | shares added up | its share of the change of the shortfall
partnerships[] | object | | a partnership's grants over all years, the largest change first
partnerships[].partnership | text | | key of the partnership
partnerships[].name | text | | its name
partnerships[].before | number | £ cash, all years | on the first side
partnerships[].after | number | £ cash, all years | on the second side
partnerships[].shares[] | number | £ cash, all years | what each group moved, in the order of groups
partnerships[].change | number | £ cash, all years | after less before
grants[] | object | | a grant
grants[].partnership | text | | key of the partnership
grants[].name | text | | its name
grants[].year | text | | the year
grants[].before | number | £ cash | on the first side
grants[].after | number | £ cash | on the second side
grants[].shares[] | number | £ cash | what each group moved, in the order of groups
missing[] | object | | a mixture of the two sides that has no plan
missing[].groups[] | text | | a difference that was brought in
missing[].reason | text | | why there is no plan
merge | text | | differences that, taken together with --group, leave no mixture without a plan; blank: none
"""),
    *INPUTS,
)
SWEEP = (
    *SCENARIO,
    *GOAL,
    *keys("""
rows[] | object | | one case, in the order of the grid
rows[].<setting> | number | of the setting | the value of a setting varied
rows[].status | text | | optimal, infeasible or unsolved
rows[].goal | number or null | goal.unit | what the plan reaches; null: no plan
rows[].reduction_<year> | number or null | young people | fewer NEET at the end of the year; null: no plan
rows[].spent_<year> | number or null | £ cash | spent in the year; null: no plan
rows[].shortfall | number or null | shares added up | of the soft rules; null: no plan
rows[].reason | text | | why there is no plan; blank where there is one
"""),
)
