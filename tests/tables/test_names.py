import pytest

from allocator.tables.names import did_you_mean, nearest


@pytest.mark.parametrize(
    ("name", "valid", "meant"),
    [
        ("atrisk", ["at_risk", "neet", "universal"], "at_risk"),
        ("blackcountry", ["black_country", "coventry"], "black_country"),
        ("Black Country", ["black_country", "coventry"], "black_country"),
        ("grants.flor", ["grants.floor", "grants.cap", "goal"], "grants.floor"),
        ("xyz", ["at_risk", "neet"], None),
        ("", ["a"], None),
        ("neet", [], None),
        ("n" * 101, ["n" * 100], None),
        ("ac", ["ab", "ad"], None),
        ("abcx", ["abcz", "abcy"], "abcy"),
        ("abc1", ["abc3", "abc2"], None),
        ("2028-29", ["2026-27", "2027-28"], None),
        ("2004/05", ["2003-04", "2004-05"], "2004-05"),
        ("grant", ["baseline_grant", "fixed_cost"], "baseline_grant"),
        ("hull", ["solihull", "kingston_upon_hull_city_of"], "kingston_upon_hull_city_of"),
        ("solihul", ["solihull", "kingston_upon_hull_city_of"], "solihull"),
        ("cost", ["recruitment_cost", "redundancy_cost"], None),
    ],
)
def test_the_nearest_name_is_found_where_one_is_near(name, valid, meant):
    assert nearest(name, valid) == meant
    assert nearest(name, reversed(valid)) == meant


def test_a_suggestion_is_a_sentence_or_nothing():
    assert did_you_mean("atrisk", ["at_risk"]) == "Did you mean 'at_risk'?"
    assert did_you_mean("xyz", ["at_risk"]) == ""
