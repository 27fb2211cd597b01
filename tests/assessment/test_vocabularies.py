"""Trackers' status words: what each calls a stage, what is read, and what an import does with them."""

import re
from pathlib import Path

import pytest

from remediation.vocabularies import STATUS_WORDS, Standing, Vocabulary, read_status, status_word
from remediation.words import Stage
from tests.assessment.sheets import HEADER, read, row

DOC = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")
HEADER_WITH_STATUS = (*HEADER, "Status")
TRACKERS = (Vocabulary.BETTER_WORK, Vocabulary.SMETA, Vocabulary.RSC)
A_STAGE = {
    Standing.OPEN: Stage.UNDER_REVIEW,
    Standing.PROMISED: Stage.COMMITTED,
    Standing.REPORTED: Stage.VERIFYING,
    Standing.VERIFIED: Stage.SUSTAINED,
}


@pytest.mark.parametrize("standing", Standing)
def test_the_document_says_what_is_read_and_what_is_written(standing: Standing) -> None:
    line = next(each for each in DOC.splitlines() if each.startswith(f"| {standing} |"))
    _, understood, *written = [cell.strip() for cell in line.strip("|").split("|")]
    assert re.findall("`([^`]+)`", understood) == list(STATUS_WORDS[standing])
    assert written == [status_word(A_STAGE[standing], each) for each in TRACKERS]


def test_what_was_written_is_read_again_as_no_more_than_it_was() -> None:
    order = list(Standing)
    for standing, stage in A_STAGE.items():
        for vocabulary in TRACKERS:
            read_again = read_status(status_word(stage, vocabulary))
            assert order.index(read_again) <= order.index(standing)
            assert (read_again is Standing.VERIFIED) is (standing is Standing.VERIFIED)


@pytest.mark.parametrize("stage", [Stage.WITHDRAWN, Stage.SUPERSEDED, Stage.CEASED])
def test_an_ending_without_a_fix_claims_none(stage: Stage) -> None:
    assert [status_word(stage, each) for each in TRACKERS] == ["", "", ""]
    assert status_word(stage, Vocabulary.MENDWORK) == stage.value


def test_chloe_imports_a_tracker_and_what_is_verified_stays_out() -> None:
    words = ("Completed", "verified-fixed", "Reported fixed", "IN PROGRESS", "", "Nearly")
    rows = (row(HEADER_WITH_STATUS, question=str(at), status=word) for at, word in enumerate(words))
    reading = read(*rows, header=HEADER_WITH_STATUS)
    assert [each.question for each in reading.findings] == ["2", "3", "4"]
    assert reading.remedied == 2
    (bad,) = reading.bad
    assert (bad.column, bad.value) == ("Status", "Nearly")
    assert "is not a status that is known" in bad.reason
