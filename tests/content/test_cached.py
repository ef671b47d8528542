"""The deck from the cache is the deck from its files."""

from __future__ import annotations

from tutor.exercise.load import load_library
from tutor.locations import exercises_dir
from tutor.question import draw


def test_every_exercise_draws_the_same_from_the_cache(tmp_path):
    cache = tmp_path / "exercises.json"
    read = load_library([exercises_dir()], cache=cache)
    cached = load_library([exercises_dir()], cache=cache)
    assert cache.exists()
    assert list(read.exercises) == list(cached.exercises)
    for id_, loaded in read.exercises.items():
        for seed in (0, 5):
            for language in ("en", "zh"):
                mine = draw(loaded, seed, language)
                theirs = draw(cached.exercises[id_], seed, language)
                assert mine == theirs, (id_, seed, language)
                assert list(mine.answers) == list(theirs.answers)
                assert mine.tests == theirs.tests
