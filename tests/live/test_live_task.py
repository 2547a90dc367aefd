"""Work in the background: results, errors, progress, a request to stop."""

import threading

import pytest

from howifeel.live import Task


def test_a_task_gives_its_result():
    task = Task(lambda task: threading.current_thread() is not threading.main_thread())
    assert task.wait(5)
    assert task.result() is True


def test_an_error_is_raised_where_the_result_is_asked_for():
    task = Task(lambda task: 1 // 0)
    task.wait(5)
    with pytest.raises(ZeroDivisionError):
        task.result()


def test_a_running_task_has_no_result_and_can_be_stopped():
    reached = threading.Event()

    def work(task):
        task.report(0.5)
        reached.set()
        while not task.stopped():
            reached.wait(0.01)
        return "stopped"

    task = Task(work)
    assert reached.wait(5)
    assert task.progress == 0.5 and not task.done
    with pytest.raises(RuntimeError):
        task.result()
    task.stop()
    assert task.wait(5)
    assert task.result() == "stopped"
