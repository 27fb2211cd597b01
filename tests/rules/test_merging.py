"""An edited plan against the one on record: cells keep, change or conflict, and no edit is lost."""

from hypothesis import given
from hypothesis import strategies as st

from remediation.merging import OF_AN_ACTION, OF_THE_WHOLE, WHOLE, Cells, Change, actions_in, merge

CAUSE = (WHOLE, "root_cause")
A_PLAN: Cells = {CAUSE: "Keys", (1, "description"): "Unlock", (1, "owner"): "bao", (1, "due"): "2026-05-01"}


def places() -> st.SearchStrategy[tuple[int, str]]:
    whole = st.tuples(st.just(WHOLE), st.sampled_from(OF_THE_WHOLE))
    return whole | st.tuples(st.integers(1, 3), st.sampled_from(OF_AN_ACTION))


def plans() -> st.SearchStrategy[Cells]:
    return st.dictionaries(places(), st.sampled_from("abc"), max_size=8)


def test_a_cell_that_nobody_edited_keeps_what_is_on_record() -> None:
    record = {**A_PLAN, CAUSE: "The guard goes home", (1, "due"): "2026-06-01"}
    merged = merge(A_PLAN, {**A_PLAN, (1, "owner"): "binh"}, record)
    assert merged.cells == {**record, (1, "owner"): "binh"}
    assert merged.changes == (Change((1, "owner"), "bao", "binh", "bao"),)
    assert merged.conflicts == 0


def test_a_cell_changed_on_both_sides_is_a_conflict_unless_both_say_the_same() -> None:
    record = {**A_PLAN, (1, "due"): "2026-06-01", CAUSE: "The guard"}
    merged = merge(A_PLAN, {**A_PLAN, (1, "due"): "2026-07-01", CAUSE: "The guard"}, record)
    (change,) = merged.changes
    assert (change.place, change.conflict, merged.conflicts) == ((1, "due"), True, 1)
    assert merged.cells[1, "due"] == "2026-07-01"


def test_actions_added_on_both_sides_stand_one_after_the_other() -> None:
    sheet, record = {**A_PLAN, (2, "description"): "Train"}, {**A_PLAN, (2, "description"): "Sign the door"}
    merged = merge(A_PLAN, sheet, record)
    assert (merged.cells[2, "description"], merged.cells[3, "description"]) == ("Sign the door", "Train")
    assert (actions_in(merged.cells), merged.conflicts) == ((1, 2, 3), 0)


def test_an_action_emptied_in_the_sheet_is_gone() -> None:
    merged = merge(A_PLAN, {CAUSE: "Keys"}, A_PLAN)
    assert actions_in(merged.cells) == ()
    assert [change.sheet for change in merged.changes] == ["", "", ""]


@given(plans(), plans(), plans())
def test_no_edit_is_lost_and_nothing_else_changes(written: Cells, sheet: Cells, record: Cells) -> None:
    assert merge(written, written, record).cells == record
    assert merge(record, sheet, record).cells == sheet
    merged = merge(written, sheet, record)
    edited = {change.place for change in merged.changes}
    for place in {*merged.cells, *record}:
        assert place in edited or merged.cells.get(place, "") in {record.get(place, ""), *sheet.values()}
    assert all(merged.cells.get(change.place, "") == change.sheet for change in merged.changes)
