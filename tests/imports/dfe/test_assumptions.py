"""The assumptions file: what comes with the program, and an edited copy that is wrong."""

import pytest

from allocator.errors import UsageError
from allocator.imports.dfe.assumptions import read_assumptions


def edited(tmp_path, old, new):
    text = read_assumptions()[1].decode()
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_what_comes_with_the_program_has_a_source_for_every_entry():
    assumptions, _ = read_assumptions()

    def sources(value):
        if isinstance(value, dict):
            if "source" in value:
                yield value["source"]
            for part in value.values():
                yield from sources(part)
        elif isinstance(value, list):
            for part in value:
                yield from sources(part)

    found = list(sources(assumptions.model_dump()))
    assert len(found) > 50
    assert all(source.strip() for source in found)


def test_the_evidence_is_as_published():
    studies = {study.study: study for study in read_assumptions()[0].studies}
    assert studies["mawn_2017"].effect == 0.04
    assert studies["mawn_2017"].standard_error == pytest.approx(0.07 / 3.92, abs=0.0005)
    assert studies["youth_contract_efa"].effect == pytest.approx(1375 / 11144, abs=0.0005)
    assert studies["youth_contract_cities"].effect == pytest.approx((113 + 18) / 1431, abs=0.0005)


def test_a_copy_can_be_edited(tmp_path):
    path = edited(tmp_path, "fixed_share = { value = 0.8", "fixed_share = { value = 0.5")
    assert read_assumptions(path)[0].grants.fixed_share.value == 0.5


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("unit_cost = 12", "unit_cst = 12", "interventions.1.unit_cst"),
        ("unit_cost = 12\n", "", "interventions.1.unit_cost"),
        ("unit_cost = 12", 'unit_cost = "12"', "interventions.1.unit_cost"),
        ("fixed_share = { value = 0.8", "fixed_share = { value = 1.66", "grants.fixed_share.value"),
        ("share_of_posts = 0.5", "share_of_posts = 0.4", "share_of_posts"),
        ("shares = { 2 =", "shares = { 7 =", "year 7"),
        ("[grants]", "[grant]", "Did you mean 'grants'?"),
        ('source = "assumed"', 'source = ""', "source"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named(tmp_path, old, new, named):
    with pytest.raises(UsageError) as error:
        read_assumptions(edited(tmp_path, old, new))
    assert named in error.value.found
    assert error.value.place.endswith("mine.toml")


@pytest.mark.parametrize("data", [b"[years", b"\xff\xfe[", b"a = " + b"[" * 5000], ids=["broken", "encoding", "deep"])
def test_a_file_that_is_no_toml_is_refused(tmp_path, data):
    path = tmp_path / "mine.toml"
    path.write_bytes(data)
    with pytest.raises(UsageError):
        read_assumptions(path)
    with pytest.raises(UsageError):
        read_assumptions(tmp_path / "nowhere.toml")
