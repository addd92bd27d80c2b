"""A run on the small data set and everything reported of it, made once."""

import pytest

from tests.helpers.reports import write_all


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    return write_all(tmp_path_factory.mktemp("reports"))
