"""JSON for machines: strict, compact, in its documented order."""

import io
import json as standard
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.outputs import json


def test_keys_keep_their_order_and_nothing_is_padded():
    assert json.text({"b": 1, "a": [1.5, None, True, "x"]}) == '{"b":1,"a":[1.5,null,true,"x"]}'


def test_minus_zero_is_zero_also_inside():
    assert json.text({"a": [-0.0, {"b": np.float64(-0.0)}]}) == '{"a":[0.0,{"b":0.0}]}'


def test_numbers_are_not_rounded():
    assert standard.loads(json.text([0.1 + 0.2, 446_600_000.123])) == [0.1 + 0.2, 446_600_000.123]


def test_numpy_values_are_plain_numbers():
    value = {"n": np.int64(3), "x": np.float64(0.5), "v": np.array([[1.0, -0.0]]), "b": np.bool_(True)}
    assert json.text(value) == '{"n":3,"x":0.5,"v":[[1.0,0.0]],"b":true}'


@pytest.mark.parametrize("value", [math.nan, math.inf, [-math.inf], {"a": np.float64("nan")}])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="JSON compliant"):
        json.text(value)


def test_an_object_is_refused():
    with pytest.raises(TypeError):
        json.text({"a": object()})


def test_one_line_is_written():
    stream = io.StringIO()
    json.write({"a": "two\nlines"}, stream)
    assert stream.getvalue() == '{"a":"two\\nlines"}\n'


@given(st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(), st.lists))
def test_any_text_comes_back_as_it_was_or_with_a_mark_for_what_is_no_text(value):
    def expected(item):
        if isinstance(item, list):
            return [expected(part) for part in item]
        return item.encode("utf-8", "replace").decode() if isinstance(item, str) else item

    written = json.text(value)
    assert written.isascii()
    assert standard.loads(written) == expected(value)
