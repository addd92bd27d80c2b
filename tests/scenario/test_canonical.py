import math
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.register import RULES
from allocator.register.rules import names
from allocator.scenario.canonical import base_name, canonical_toml, settings_from_toml
from allocator.scenario.settings import Settings

SOFT = names(lambda rule: rule.may_be_soft)

TEXT = st.text(min_size=1).filter(lambda text: text != "none")
NUMBER = st.floats(0, 1) | st.integers(0, 1) | st.sampled_from([-0.0, 1e-300, 0.1 + 0.2, 5e-324])
LIMIT = NUMBER | st.none() | st.just("none")
BY_NAME = st.dictionaries(st.text(), NUMBER, max_size=4)


def some(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys)


SETTINGS = st.fixed_dictionaries(
    {"title": TEXT},
    optional={
        "question": st.text(),
        "data": TEXT,
        "goal": some(measure=st.sampled_from(["fairest", "benefit"]), tail_years=st.integers(0, 50), weights=BY_NAME),
        "budget": some(scale=NUMBER, reserve=NUMBER, by_year=BY_NAME),
        "grants": some(
            floor=LIMIT,
            cap=LIMIT,
            max_fall=LIMIT,
            file=TEXT | st.none(),
            formula=some(minimum_change=LIMIT, neet=NUMBER),
        ),
        "workforce": some(qualified_grade=TEXT | st.none(), qualified_share=BY_NAME, max_recruitment=LIMIT),
        "local": some(max_reduction=LIMIT, min_reduction=LIMIT),
        "rules": some(
            soft=st.lists(st.sampled_from(names(lambda rule: rule.may_be_soft))),
            off=st.lists(st.sampled_from([*RULES])),
        ),
        "tables": some(targets=TEXT, years=TEXT),
        "risk": some(seed=st.integers(0, 2**63 - 1)),
        "solver": some(name=TEXT, time_limit=st.floats(1e-9, 1e9)),
    },
)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(SETTINGS)
def test_canonical_text_reads_back_to_equal_settings_and_to_the_same_text(values: dict[str, Any]) -> None:
    first = Settings.model_validate(values)
    text = canonical_toml(first)
    again = settings_from_toml(text)
    assert again == _without_folders(first)
    assert canonical_toml(again) == text


def _without_folders(s: Settings) -> Settings:
    """The settings with the last part of every path."""
    grants = s.grants.model_copy(update={"file": s.grants.file and base_name(s.grants.file)})
    tables = {name: base_name(file) for name, file in s.tables.items()}
    return s.model_copy(update={"data": base_name(s.data), "grants": grants, "tables": tables})


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/home/someone/data/mine", "mine"),
        ("../mine", "mine"),
        ("C:\\Users\\Someone\\mine.xlsx", "mine.xlsx"),
        ("connexions", "connexions"),
        ("mine/", "mine"),
        ("/", "/"),
    ],
)
def test_where_files_lie_is_not_told(path: str, kept: str) -> None:
    text = canonical_toml(Settings(title="A", data=path))
    assert settings_from_toml(text).data == kept
    assert "omeone" not in text


def test_the_order_of_names_and_a_negative_zero_change_no_byte() -> None:
    one = Settings.model_validate({"title": "x", "goal": {"weights": {"b": 1.0, "a": 2.0}}, "budget": {"reserve": 0}})
    other = Settings.model_validate(
        {"title": "x", "goal": {"weights": {"a": 2, "b": 1}}, "budget": {"reserve": math.copysign(0, -1)}}
    )
    assert canonical_toml(one) == canonical_toml(other)


def test_every_setting_stands_in_the_text_and_limits_not_in_force_are_none() -> None:
    settings = Settings(title="x")
    values = tomllib.loads(canonical_toml(settings))
    assert values["grants"]["floor"] == "none"
    assert values["local"] == {"max_reduction": 1.0, "min_reduction": "none"}

    def keys(table: dict[str, Any]) -> set[str]:
        return {
            name if not isinstance(value, dict) else f"{name}: {sorted(keys(value))}" for name, value in table.items()
        }

    assert keys(values) == keys(settings.model_dump())


def test_a_name_for_several_rules_stands_for_each_of_them() -> None:
    settings = Settings.model_validate({"title": "x", "rules": {"off": ["damping", "cap"]}})
    assert settings.rules.off == ("max_fall", "max_rise", "cap")
    assert settings == settings_from_toml(canonical_toml(settings))
