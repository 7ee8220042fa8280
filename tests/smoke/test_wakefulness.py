"""A sleep of the machine is told from the passing of time, and from small corrections of the clock."""

from __future__ import annotations

from tracker.smoke.wakefulness import Mark


def test_time_that_passes_is_no_sleep() -> None:
    assert Mark(awake=10.0, wall=1000.0).slept_seconds(Mark(awake=610.0, wall=1600.0)) == 0.0


def test_a_clock_that_is_corrected_a_little_is_no_sleep() -> None:
    assert Mark(awake=10.0, wall=1000.0).slept_seconds(Mark(awake=20.0, wall=1040.0)) == 0.0
    assert Mark(awake=10.0, wall=1000.0).slept_seconds(Mark(awake=20.0, wall=900.0)) == 0.0


def test_a_clock_that_went_on_without_the_other_means_a_sleep() -> None:
    assert Mark(awake=10.0, wall=1000.0).slept_seconds(Mark(awake=20.0, wall=4610.0)) == 3600.0


def test_the_two_clocks_of_this_machine_go_alike() -> None:
    assert Mark.now().slept_seconds(Mark.now()) == 0.0
