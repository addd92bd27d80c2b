"""What every key of ``--json`` holds, command by command: docs/reference/json.md is made of it.

A test runs every command and finds these keys and no others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocator.outputs.json_key import INPUTS, Key, keys, under
from allocator.outputs.json_keys_plan import EXPLAIN, FIRMNESS, MEET, RULE_COSTS, SHOW, SOLVE, show_table
from allocator.outputs.json_keys_several import APPROACHES, BRIDGE, COMPARE, SCORE, SWEEP
from allocator.runs.frames import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERIFY = keys("""
certified | true or false | | whether every check passed
checks[] | object | | one check
checks[].check | text | | files, certificate, recomputed or totals
checks[].passed | true or false | | whether it passed
checks[].detail | text | | what was found, in a sentence
gap | number or null | of the goal | how much better a plan could be at most; null: not certified
claims[] | text | | what narrows the claim: year_on_year, soft, weighted
unchecked | text | | what of the run no check says anything of; blank where it is not certified
litter[] | text | | files that a desktop left in the folder, which are no part of the run
signed[] | text | | a sign-off, and whether it is of this run
""")
_SIGN = keys("""
role | text | | commissioner, analyst, assurer or approver
name | text | | who signed
date | text | | the day, YYYY-MM-DD
digest | text | | SHA-256 of the run's manifest, which is signed
note | text | | what was judged; blank where nothing was said
matches | true or false | | whether the run still has that digest
""")
_REFUSAL = keys("""
code | text | | kind of fault, as in faults.md; usage, run, solver or refused where it is no fault of the input
table | text | | the file, sheet or option; blank where it is none
row | text | | the row; blank where it is none
column | text | | the column or setting; blank where it is none
found | text | | what was found
wanted | text | | what is wanted; blank where found says it
fix | text | | what to do; blank where that follows
""")
_FAULT = (*_REFUSAL, *keys("severity | text | | fault, warning or note"))
_CHECK = (
    *keys("""
status | text | | valid, or invalid where there are faults
faults[] | object | | what stops a plan
"""),
    *under("faults[]", _FAULT),
    *keys("remarks[] | object | | a warning or note, which stops nothing"),
    *under("remarks[]", _FAULT),
    *keys("""
scenario | text | | the scenario as it was named
data | text | | the data set that was looked at; blank where it could not be told
tables[] | text | | a table that was read
rows | whole number | | rows of all of them
inputs | object or null | | input columns by their weakest status in the table sources; null: tables could not be read
"""),
    *INPUTS[1:],
)
_DICTIONARY = keys("""
tables[] | object | | a table of a data set
tables[].table | text | | its name
tables[].meaning | text | | what it holds
tables[].optional | true or false | | whether a data set may be without it
tables[].columns[] | object | | one of its columns
tables[].columns[].column | text | | its name
tables[].columns[].kind | text | | what its cells hold
tables[].columns[].unit | text | | unit; blank where there is none
tables[].columns[].range | text | | what is allowed; blank where all is
tables[].columns[].meaning | text | | what it says
tables[].columns[].key | true or false | | whether it is part of what names a row
tables[].columns[].blank | text | | what a blank cell means; blank where none may be blank
""")
_INIT = keys("""
folder | text | | the folder made
data | text | | folder or workbook of the tables, in the folder
scenario | text | | file of the scenario, in the folder
readme | text | | page that says what to edit, in the folder
""")
_IMPORT = keys("""
folder | text | | the folder made
scenario | text | | file of the scenario, in the folder
readme | text | | page with the account of the import, in the folder
partnerships | whole number | | authorities in the data set
years[] | text | | a year to plan
totals | object | | totals made, beside those published for England; null where the file has no row for it
totals.authorities | whole number | | authorities in the data set
totals.young_people | number | young people | made: all of them
totals.neet_percent | number | per cent | made: NEET
totals.not_known_percent | number | per cent | made: not known
totals.published_young_people | number or null | young people | as published
totals.published_neet_percent | number or null | per cent | as published
totals.published_not_known_percent | number or null | per cent | as published
totals.neet | number | young people | made: in the group neet
totals.not_known | number | young people | made: in the group not_known
totals.at_risk | number | young people | made: in the group at_risk
totals.universal | number | young people | made: in the group universal
warned[] | text | | a sentence on what looks wrong in the files, such as spending in thousands
derived[] | text | | a sentence on what was derived from the figures
dropped[] | text | | a sentence on what was left out
guessed[] | text | | a sentence on what was guessed
""")
_MODELS = keys("""
models[] | object | | a scenario that comes with the program
models[].name | text | | its name
models[].title | text | | its title
models[].question | text | | the question that it answers
""")
_RULES = keys("""
rules[] | object | | a rule
rules[].name | text | | its name
rules[].sentence | text | | what it says
rules[].formula | text | | its formula
rules[].note | text | | where it holds and what its letters mean
rules[].unit | text | | unit in which every command shows its sides
rules[].settings[] | text | | a setting or table column that gives its amounts
""")
NO_PLAN = keys("""
status | text | | infeasible
stage | text | | rules, or the year where planning is year on year
conflict[] | object | | one of the rules that cannot hold together, with the sum that shows it
conflict[].rule | text | | the rule, or what limits a decision
conflict[].place | text | | where, in words
conflict[].amount | number | conflict[].unit | asked for or there; 0 where it only ties others together
conflict[].unit | text | | unit of the amount
conflict[].asked | true or false | | whether the amount is asked for, else it is what there is
conflict[].said | text | | the amount in words
conflict[].year | text | | the year
conflict[].bound | true or false | | whether it is no rule but a limit of the tables
repairs[] | object | | a change that makes a plan possible, solved
repairs[].setting | text | | the setting, as --set takes it
repairs[].from | number, text or list | of the setting | what it is
repairs[].from[] | text | | a name, where the setting is a list
repairs[].to | number, text or list | of the setting | what it has to be
repairs[].to[] | text | | a name, where the setting is a list
repairs[].goal | number | as measure counts it | what the plan then reaches
repairs[].measure | text | | cumulative, final_year, benefit, least_cost or fairest
reached[] | text | | where a target cannot be met, how far it can be reached, and without which rules further
""")
INVALID = (
    *keys("""
status | text | | invalid, or unsolved where the solver gave no answer
faults[] | object | | what is wrong
"""),
    *under("faults[]", _REFUSAL),
    *keys("faults[].severity | text | | fault, warning or note; of faults of the tables and the scenario alone"),
)

KEYS: Mapping[str, tuple[Key, ...]] = {
    "solve": SOLVE,
    "solve --meet target": MEET,
    "show": SHOW,
    **{f"show --table {table}": show_table(table) for table in COLUMNS},
    "explain PARTNERSHIP": EXPLAIN,
    "explain --firmness": FIRMNESS,
    "explain --rules": RULE_COSTS,
    "approaches": APPROACHES,
    "score": SCORE,
    "compare": COMPARE,
    "bridge": BRIDGE,
    "sweep": SWEEP,
    "verify": _VERIFY,
    "sign": _SIGN,
    "check": _CHECK,
    "check --dictionary": _DICTIONARY,
    "init": _INIT,
    "import dfe-neet": _IMPORT,
    "models": _MODELS,
    "rules": _RULES,
    "No plan keeps the rules": NO_PLAN,
    "Any other refusal": INVALID,
}
