"""What holds for every test."""

import os

import pytest

from allocator.what_if import in_time

AS_LONG_AS_IT_TAKES = 3600.0  # seconds
# What runs tests in several processes sets the width of a terminal, which the program takes for what is wanted.
os.environ.pop("COLUMNS", None)


@pytest.fixture(scope="session", autouse=True)
def questions_have_time():
    """Let nothing that is asked beside a plan be left out because the machine is busy; tests of that say their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(in_time, "LEAST_OF_ONE", AS_LONG_AS_IT_TAKES)
        patch.setattr(in_time, "LEAST_OF_ALL", AS_LONG_AS_IT_TAKES)
        yield
