"""Evidence on the tiny data set."""

import pytest

from allocator.analyses.evidence.evidence import value_of_evidence
from allocator.analyses.evidence.face import evidence_lines
from tests.helpers.builders import tiny_data, tiny_scenario, tiny_tables


@pytest.fixture
def tiny_evidence(tmp_path):
    """Gives what is found with some tables changed, and how it is told."""

    def asked(settings="[goal]\ntail_years = 0\n", draws=2, **changes):
        data = tiny_data(tmp_path, tiny_tables(**changes))
        found = value_of_evidence(data, tiny_scenario(tmp_path, settings).settings, name="tiny", draws=draws)
        return found, "\n".join(line.plain for line in evidence_lines(found, 100))

    return asked


def study(name, **changes):
    """A row of the table of studies: coaching raises by four points, give or take one."""
    row = {"study": name, "intervention": "coaching", "client_group": "neet", "effect": 0.04, "standard_error": 0.01}
    blank = dict.fromkeys(("ci_low", "ci_high", "sample", "design", "year", "country", "cost_per_place", "source"))
    return {**row, **blank, "relevance": 1, **changes}
