"""Whatever happens to a finding, every date it has is reckoned from the lines that explain it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant

from remediation.explaining import Lines, recount, why_due, why_fix_by, why_sent
from remediation.facts import Resumed, Scheduled
from remediation.forecast import forecast
from remediation.obligations import obligations
from service.explaining import told
from tests.rules.cast import fact_of
from tests.rules.test_walks import THOROUGH, Walk

AHEAD = timedelta(days=60 if THOROUGH else 25)


class Explained(Walk):
    """A finding's life in which anybody may do anything at any time, and asks why."""

    @invariant()
    def every_date_is_reckoned_from_its_lines(self) -> None:
        finding = self.story.finding
        story = [(entry.at, fact_of(entry)) for entry in self.story.entries]
        for owed in obligations(finding):
            self._reckons(why_due(owed, finding, story), owed.due)
        if finding.fix_by is not None:
            self._reckons(why_fix_by(finding, story), finding.fix_by)

    @invariant()
    def every_notice_ahead_is_reckoned_from_its_lines(self) -> None:
        for planned in forecast(self.story.case, self.story.now + AHEAD):
            assert isinstance(planned.fact, Scheduled | Resumed)
            self._reckons(why_sent(planned.fact, planned.before), planned.fact.scheduled)

    def _reckons(self, lines: Lines, date: datetime) -> None:
        calendar = self.story.finding.calendar
        assert recount(lines, calendar) == date
        assert all(told(line, calendar).endswith(".") for line in lines)


TestExplained = pytest.mark.timeout(1800)(Explained.TestCase)
TestExplained.settings = settings(
    max_examples=300 if THOROUGH else 60,
    stateful_step_count=80 if THOROUGH else 40,
    deadline=None,
    derandomize=not THOROUGH,
    database=None,
    suppress_health_check=list(HealthCheck),
)
