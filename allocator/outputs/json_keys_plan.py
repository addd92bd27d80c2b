"""The keys of ``--json`` of the commands that are about one plan: solve, show and explain."""

from __future__ import annotations

from allocator.outputs.json_key import GOAL, PLACE, SCENARIO, YEAR_GRANTED, YEAR_REACHED, Key, keys, side, under
from allocator.runs.frames import COLUMNS

_WORTH = (
    *keys("""
worth | object or null | | what more would be worth, why money is unspent; as worth.json of the run; null: not asked
worth.prices[] | object | | one national amount in one year, a step more and a step less, each solved
worth.prices[].of | text | | money, posts or training
worth.prices[].year | text | | the year; blank: the same step in every year
worth.prices[].unit | text | | £, FTE or persons: unit of step, holds, limit and used
worth.prices[].step | number | worth.prices[].unit | how much more and less
"""),
    *side("worth.prices[].more", "what a step more changes; null: no plan"),
    *side("worth.prices[].less", "what a step less changes; null: no plan"),
    *keys("""
worth.prices[].holds | list or null | | how far the price stays within 2 per cent; null: not looked for
worth.prices[].holds[] | number | worth.prices[].unit | two numbers: how much less (0 or below), how much more
worth.prices[].limit | number | worth.prices[].unit | the amount there is
worth.prices[].used | number | worth.prices[].unit | how much of it is used; of money, granted and not given back
worth.redundancies | number | FTE | redundancies of the plan, all years
"""),
    *side("worth.without_redundancies", "what sparing all of them changes; null: no plan, or there are none"),
    *keys("""
worth.why[] | object | | a reason for money that is unspent, or for grants that stay as they are
worth.why[].kind | text | | carried, lapsed, not_granted or nothing_moves
worth.why[].amount | number | £ cash | the money concerned, all years
worth.why[].rule | text | | the rule that, switched off alone, ends it; blank: none does
worth.why[].left | number | £ cash | what is left of the amount without that rule
worth.why[].also[] | text | | another rule that, switched off alone, ends it as well
"""),
    *side("worth.closeness", "what the plan would reach more without soft rules that fall short; null: all are kept"),
    *keys("""
worth.recruiting | object or null | | recruits at their limit; null: in no partnership
worth.recruiting.count | whole number | partnerships | that take on as many as they may in some year
worth.recruiting.of | whole number | partnerships | all there are
"""),
    *side("worth.recruiting.without", "what the plan would reach more without that limit; null: no plan"),
)
SOLVE = (
    *keys("""
status | text | | optimal
certified | true or false | | whether every stage is certified and the plan, worked out again, keeps every hard rule
gap | number or null | relative | how much better a plan could be at most, over the larger of 1 and the goal;
  null: unknown
violation | number or null | relative | largest violation of a rule or limit, exact or worked out again
"""),
    *SCENARIO,
    *keys("""
scenario.sha256 | text | | SHA-256 of the scenario as written into the run
"""),
    *GOAL,
    *keys("""
goal.value | number | goal.unit | what the plan reaches, constants included
stages[] | object | | a stage that was due, in order
stages[].stage | text | | soft, goal, then, redundancies, grants, again or spend
stages[].year | text | | the year planned where planning is year on year, else blank
stages[].outcome | text | | optimal, not needed, or how it ended: then the plan of the stage before stands
stages[].value | number or null | by stage | its own optimum; null: it has none. soft: shares of what is required, added
  up; goal, again: goal.unit; then: young person-years; redundancies: FTE; grants: squares of the changes over their
  scale, added up, £ thousand; spend: £ cash
shortfalls[] | object | | a row of a soft rule
shortfalls[].rule | text | | its rule
shortfalls[].scope | text | | national, region or partnership
shortfalls[].name | text | | the region or partnership; blank where national
shortfalls[].year | text | | the year at whose end it is asked for
shortfalls[].required | number | unit of the rule | what is asked for
shortfalls[].shortfall | number | unit of the rule | by how much the plan is short of it
years[] | object | | one year, all partnerships together
"""),
    *under("years[]", YEAR_GRANTED),
    *keys("""
years[].carried | number | £ cash | unspent, carried into the next year
years[].lapsed | number | £ cash | unspent, given back
"""),
    *under("years[]", YEAR_REACHED),
    *keys("""
partnerships[] | object | | one partnership
"""),
    *under("partnerships[]", PLACE),
    *keys("""
partnerships[].years[] | object | | one of its years
partnerships[].years[].year | text | | the year
partnerships[].years[].grant | number | £ cash | its grant
partnerships[].years[].spent | number | £ cash | spent
partnerships[].years[].carried | number | £ cash | unspent, carried into the next year
partnerships[].years[].lapsed | number | £ cash | unspent, given back
partnerships[].years[].advisers | number | FTE | advisers in post
partnerships[].years[].neet_without | number | young people | NEET at the year's end without the programme
partnerships[].years[].reduction | number | young people | fewer NEET at the year's end
"""),
    *_WORTH,
    *keys("run | text | | the run folder"),
)
MEET = (
    *SOLVE,
    *keys("""
meet | object | | what meeting the targets takes
meet.targets[] | object | | a target, and how far it can be reached with the money there is
meet.targets[].scope | text | | national, region or partnership
meet.targets[].name | text | | the region or partnership; blank where national
meet.targets[].year | text | | the year at whose end it is asked for
meet.targets[].required | number | young people | fewer NEET that it asks for
meet.targets[].reached | number | young people | what can be reached at most, no more than is required
meet.added | object or null | | the least added money by year; null: no money does it
meet.added.<year> | number | £ cash | of one year
meet.total | number or null | £ cash | of all years; null: no money does it
meet.set[] | text | | what --set takes for it
meet.goal | number or null | goal.unit | what the plan with it reaches; null: not asked, or no money does it
meet.with_any_money[] | object | | as targets, with ten times the money; empty where money does it
meet.with_any_money[].scope | text | | as of targets
meet.with_any_money[].name | text | | as of targets
meet.with_any_money[].year | text | | as of targets
meet.with_any_money[].required | number | young people | as of targets
meet.with_any_money[].reached | number | young people | as of targets
meet.in_the_way[] | object | | rules that, beside money, stand in the way; empty where money does it
meet.in_the_way[].rules[] | text | | a rule, or one of two that are in the way together
meet.in_the_way[].total | number or null | £ cash | the least added money without them, all years
"""),
)
_SHOW_HEAD = (*keys("run | text | | the run folder"), *SCENARIO)
SHOW = (
    *_SHOW_HEAD,
    *keys("partnerships[] | object | | one partnership of those asked for"),
    *under("partnerships[]", PLACE),
    *keys("""
partnerships[].years[] | object | | one of its years
partnerships[].years[].year | text | | the year
partnerships[].years[].grant | number | £ cash | its grant
partnerships[].years[].shares_as_before | number | £ cash | the same year's money by baseline share
partnerships[].years[].last_year | number | £ cash | the grant of the year before; of the first year, baseline_grant
partnerships[].years[].neet_without | number | young people | NEET at the year's end without the programme
partnerships[].years[].reduction | number | young people | fewer NEET at the year's end
partnerships[].years[].advisers | object | | advisers in post by grade
partnerships[].years[].advisers.<grade> | number | FTE | of one grade
partnerships[].years[].places | object | | young people served by intervention; what is 0 is left out
partnerships[].years[].places.<intervention> | number | young people | by one intervention
"""),
)


def show_table(table: str) -> tuple[Key, ...]:
    """The keys of one table of a run, from its columns."""
    rows = [
        Key(
            f"rows[].{column.name}",
            "number or null" if column.unit else "text",
            {"unit": "unit of the row"}.get(column.unit, column.unit.replace(" of summary.json", " of solve")),
            column.meaning,
        )
        for column in COLUMNS[table]
    ]
    return (
        *_SHOW_HEAD,
        Key("table", "text", "", "the table asked for"),
        Key("rows[]", "object", "", "one of its rows"),
        *rows,
    )


FIRMNESS = keys("""
firmness[] | object | | the range of a grant of all years, or of the one year planned; none where grants are set
firmness[].partnership | text | | key of the partnership
firmness[].year | text | | the one year planned, where planning is year on year; else blank
firmness[].grant | number | £ cash | the plan's grant
firmness[].smallest | number | £ cash | smallest in any plan that keeps nine tenths of what moving grants brings
firmness[].largest | number | £ cash | largest in any such plan
firmness[].lowest_allowed | number | £ cash | smallest in any plan that keeps the rules
firmness[].highest_allowed | number | £ cash | largest in any plan that keeps the rules
firmness[].given_up | number or null | goal.unit | what such plans give up at most; null: with shares as before there
  is no plan, and smallest and largest are of plans within half a per cent of the best
firmness[].others[] | object | | another amount and what it would lose; empty with --firmness
""")
EXPLAIN = (
    *PLACE,
    *keys("""
grant | number | £ cash | its grant over all years
shares_as_before | number | £ cash | each year's money by baseline share, over all years
years[] | object | | one of its years
years[].year | text | | the year
years[].grant | number | £ cash | its grant
years[].shares_as_before | number | £ cash | the same year's money by baseline share
years[].last_year | number | £ cash | the grant of the year before; of the first year, baseline_grant
years[].real_on_last_year | number or null | share of last_year | change on last year in real terms; null: not known
years[].grant_real | number | £ of base-year prices | its grant
years[].given_back | number | £ cash | what it neither spends of its grant nor may carry on
years[].step | number | £ cash | by which the year's money and the limits on its grant are moved for the following
years[].advisers | number | FTE | advisers in post
years[].neet_without | number | young people | NEET at the year's end without the programme
years[].reduction | number | young people | fewer NEET at the year's end
years[].reduction_as_before | number or null | young people | the same with shares as before; null: no such plan
years[].limits[] | object | | a rule that leaves the grant no room
years[].limits[].rule | text | | the rule; where grants are set, the distribution
years[].limits[].limit | number | £ cash | the grant that it leaves
"""),
    *side("years[].limits[].more_room", "what a step more room changes; null: no plan"),
    *side("years[].limits[].less_room", "what a step less room changes; null: no plan"),
    *side("years[].here", "what a step more money changes if granted here; null: a rule fixed the grant, or no plan"),
    *side("years[].elsewhere", "what it changes if granted elsewhere; null as here"),
    *keys("""
years[].redundancies | object | | paid-for leavers by the name of the grade
years[].redundancies.<grade> | number | FTE | of one grade
binding[] | object | | another rule that binds here and whose limit is worth something
binding[].rule | text | | the rule
binding[].year | text | | the year
binding[].detail | text | | the rest of what names the row: group, channel, grade …
binding[].unit | text | | unit of limit and step
binding[].limit | number | binding[].unit | the limit
binding[].step | number | binding[].unit | by how much it is moved
"""),
    *side("binding[].more", "what a step more changes; null: no plan"),
    *side("binding[].less", "what a step less changes; null: no plan"),
    *keys("""
not_bought[] | object | | an intervention that is not bought here for a client group
not_bought[].intervention | text | | the intervention
not_bought[].client_group | text | | the client group
not_bought[].year | text | | the year, where it is bought in others or each is planned by itself; else blank
not_bought[].effect | number | fewer NEET a place | the effect there is
not_bought[].needed | number or null | fewer NEET a place | from which effect it is bought; null: at none up to 1
not_bought[].bought_in | object | | places bought in other years, by year
not_bought[].bought_in.<year> | number | young people | places bought in one year
not_bought[].checked | true or false | | whether none is bought just below needed and some just above, both solved
"""),
    *FIRMNESS,
    *keys("""
firmness[].others[].name | text | | lowest allowed, formula, shares as before, last year's, highest allowed
firmness[].others[].amount | number | £ cash | the amount
firmness[].others[].lost | number or null | goal.unit | goal given up, all else at its best; null: not allowed
effect_multiplier | number | multiple | what effects count here
grant_at_multiplier[] | object | | the grant were effects here another multiple; none where grants are set
grant_at_multiplier[].multiplier | number | multiple | that multiple
grant_at_multiplier[].grant | number or null | £ cash | the grant over all years; null: no plan
"""),
)
RULE_COSTS = (
    *keys("""
rules[] | object | | a rule that acts, the dearest first
rules[].rule | text | | the rule
"""),
    *side("rules[].without", "what switching it off alone changes; null: no plan was found"),
)
