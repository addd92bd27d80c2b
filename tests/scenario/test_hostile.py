import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocator.errors import AllocatorError, InvalidInput
from allocator.scenario.load import read_scenario
from allocator.scenario.toml import MAX_BYTES, MAX_DEPTH
from allocator.shipped import shipped_scenarios

SETTLEMENT = shipped_scenarios()["settlement"].read_text(encoding="utf-8")
PIECES = st.sampled_from(
    [
        *"[]{}=.,#-'\" \n\r\0\\é",
        *('"""', "'''", "\ufeff", "none", "nan", "1e999", "true", "title", "goal", "weights", "extends", "settlement"),
        *("grants", "floor", "rules", "off", "data", "tables", "../", "2005-06", "1979-05-27T07:32:00Z"),
    ]
)
FUZZ = settings(max_examples=150, derandomize=True, deadline=None)


def read_bytes(raw: bytes) -> None:
    """Reads a scenario of these bytes; whatever they are, there is a scenario or an error of our own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mine.toml"
        file.write_bytes(raw)
        try:
            read_scenario(file)
        except AllocatorError as error:
            assert error.sentence()


@FUZZ
@given(st.binary(max_size=200))
def test_any_bytes_are_a_scenario_or_an_error_of_our_own(raw: bytes) -> None:
    read_bytes(raw)
    read_bytes(b'title = "x"\n' + raw)


@FUZZ
@given(st.lists(PIECES, max_size=30))
def test_anything_made_of_the_pieces_of_toml_is_a_scenario_or_an_error_of_our_own(pieces: list[str]) -> None:
    read_bytes(f'title = "x"\n{"".join(pieces)}'.encode())


@FUZZ
@given(st.integers(0, len(SETTLEMENT)), st.integers(0, 30), st.lists(PIECES, max_size=3))
def test_a_damaged_settlement_is_a_scenario_or_an_error_of_our_own(at: int, cut: int, pieces: list[str]) -> None:
    read_bytes((SETTLEMENT[:at] + "".join(pieces) + SETTLEMENT[at + cut :]).encode())


@FUZZ
@given(
    st.sampled_from(
        ["", "budget.scale=", "data=", "rules.off=", "goal.weights.", "tables.targets=", "title=", "goal="]
    ),
    st.text(max_size=40) | st.lists(PIECES, max_size=8).map("".join),
)
def test_any_override_is_taken_or_an_error_of_our_own(start: str, rest: str) -> None:
    try:
        read_scenario("settlement", [start + rest])
    except AllocatorError as error:
        assert error.sentence()


@FUZZ
@given(st.text(max_size=40) | st.lists(PIECES, max_size=5).map("".join))
def test_any_name_is_a_scenario_or_an_error_of_our_own(name: str) -> None:
    try:
        read_scenario(name)
    except AllocatorError as error:
        assert error.sentence()


def refused(folder: Path, raw: bytes) -> list[tuple[str, str]]:
    file = folder / "mine.toml"
    file.write_bytes(raw)
    with pytest.raises(InvalidInput) as error:
        read_scenario(file)
    return [(fault.code, fault.row) for fault in error.value.faults]


def test_text_that_is_not_utf_8_is_refused_at_its_line(tmp_path: Path) -> None:
    assert refused(tmp_path, b'title = "x"\nquestion = "caf\xe9"') == [("scenario-encoding", "2")]
    assert refused(tmp_path, 'title = "x"'.encode("utf-16")) == [("scenario-encoding", "1")]
    assert refused(tmp_path, b'title = "x"\n\n\0') == [("scenario-encoding", "3")]


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, b'title = "x"\n' + b"#" * MAX_BYTES) == [("scenario-size", "")]


@pytest.mark.parametrize(
    "deep",
    [
        "[" * (MAX_DEPTH + 1),
        "a = " + "[" * 400_000,
        "a = " + "{a = " * 100_000,
        "a = " + "[{a = " * 100_000,
        ".".join("a" * 400_000) + " = 1",
        "[" + ".".join("a" * 400_000) + "]",
        "a = {" + " . ".join(["'a'"] * 100_000) + " = 1}",
    ],
)
def test_deep_nesting_is_refused_at_its_line(tmp_path: Path, deep: str) -> None:
    assert refused(tmp_path, f'title = "x"\n{deep}'.encode()) == [("scenario-depth", "2")]


@pytest.mark.parametrize(
    "long",
    [
        "a" * 900_000,
        '"' * 900_000,
        "'" * 900_000,
        '"""\\' * 200_000,
        '"""' + '\\"""' * 200_000,
        "\n".join(f"a{n} = {n}" for n in range(20_000)),
        "\n".join(f"[a{n}]" for n in range(20_000)),
        "[goal.weights]\n" + "\n".join(f"a{n} = -1" for n in range(20_000)),
        "a = [" + "1," * 400_000 + "]",
        '[rules]\noff = ["x"' + ',"x"' * 200_000 + "]",
    ],
    ids=range(10),
)
def test_long_files_are_refused_with_a_bounded_number_of_faults(tmp_path: Path, long: str) -> None:
    assert 1 <= len(refused(tmp_path, f'title = "x"\n{long}'.encode())) <= 201


def test_an_override_of_many_names_or_of_a_million_characters_is_refused() -> None:
    for override, code in (
        (".".join("a" * 100) + "=1", "setting-syntax"),
        ("title=" + "x" * MAX_BYTES, "scenario-size"),
        ("title=" + "[" * 100, "setting-syntax"),
        ("title=\udcff", "scenario-encoding"),
    ):
        with pytest.raises(InvalidInput) as error:
            read_scenario("settlement", [override])
        assert [fault.code for fault in error.value.faults] == [code]


def test_what_is_no_ordinary_file_is_never_opened(tmp_path: Path) -> None:
    with pytest.raises(AllocatorError):
        read_scenario("/dev/zero")
    file = tmp_path / "mine.toml"
    file.write_text('title = "x"\nextends = "/dev/zero"\n')
    with pytest.raises(InvalidInput) as error:
        read_scenario(file)
    assert [fault.code for fault in error.value.faults] == ["unknown-scenario"]
