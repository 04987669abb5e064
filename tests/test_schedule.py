import pytest

from learner.schedule import Due, Task, next_task


@pytest.mark.parametrize(
    ("due", "task"),
    [
        (Due(), Task.NOTHING),
        (Due(paused=True, fresh=True, running=True), Task.NOTHING),
        (Due(fresh=True, running=True), Task.QUICK),
        (Due(taken_back=True, fresh=True), Task.UNLEARN),
        (Due(quick_running=True, taken_back=True), Task.FINISH_QUICK),
        (Due(behind=True, running=True), Task.CATCH_UP),
        (Due(running=True, consolidate=True), Task.GO_ON),
        (Due(consolidate=True, full=True), Task.CONSOLIDATE),
        (Due(exercise=True), Task.FULL),
    ],
)
def test_a_correction_comes_before_the_background(due: Due, task: Task):
    assert next_task(due) is task
