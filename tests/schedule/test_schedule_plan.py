"""What today holds, in numbers and in words; leeches."""

from __future__ import annotations

import pytest

from tutor import i18n
from tutor.schedule import why
from tutor.schedule.leeches import Leech, leech, leeches
from tutor.schedule.plan import Pace, Plan, plan
from tutor.schedule.queue import due
from tutor.schedule.reasons import (
    AgainNow,
    AheadNow,
    CramNow,
    DueNow,
    GroundNow,
    NewNow,
    PlacementNow,
    RevisedNow,
    SameIdeaNow,
)
from tutor.schedule.settings import Settings
from tutor.schedule.skills import Candidate
from tutor.store.records import Memory, Rating, Remembered

DAY = 86_400_000
NOON = 20_000 * DAY + DAY // 2
REASONS = [
    None,
    AgainNow(0),
    AgainNow(11),
    DueNow(0.83, 0.9, 12),
    NewNow(3, 10),
    NewNow(3, 10, ("a", "b")),
    RevisedNow(0.2),
    SameIdeaNow("signs"),
    GroundNow("signs", "a"),
    AheadNow(3, 0.96),
    CramNow(),
    PlacementNow(2, 15, "a"),
]


def due_since(days: float) -> Remembered:
    last = NOON - round(30 * DAY)
    return Remembered(5, 5, last, last, 19_970, 3, 0, NOON - round(days * DAY))


def test_the_time_is_the_learners_own_and_repeats_are_in_it() -> None:
    candidates = [Candidate(f"e{n}", f"s{n}") for n in range(6)]
    memories: dict[str, Memory] = {f"e{n}": due_since(n + 1) for n in range(4)}
    pace = Pace(review_s=30, new_s=60, repeats=0.5)
    usual, few = Settings(zone="UTC"), Settings(zone="UTC", reviews_per_day=1)
    found = plan(due(candidates, memories, NOON, usual), usual, pace)
    assert found == Plan(4, 2, (4 * 30 + 2 * 60 + 3 * 30) / 60)
    backlog = plan(due(candidates, memories, NOON, few), few, pace)
    assert (backlog.reviews, backlog.new, backlog.waiting, backlog.days) == (1, 0, 3, 3)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("reason", REASONS, ids=repr)
def test_every_reason_is_one_sentence_in_both_languages(reason, language) -> None:
    i18n.use(language)
    try:
        said = why.sentence(reason, lambda skill: f"<{skill}>")
    finally:
        i18n.use("en")
    assert said.count("." if language == "en" else "。") == 1
    assert said.endswith("." if language == "en" else "。")
    assert "{" not in said
    assert said.isascii() or "“" in said or language == "zh"


def test_reasons_carry_their_numbers() -> None:
    assert why.sentence(DueNow(0.831, 0.9, 12)) == (
        "Due: last asked 12 days ago; by now you know it with a probability of 83 %, and below 90 % "
        "it is asked again."
    )
    assert "“Leaves”" in why.sentence(NewNow(1, 10, ("leaf",)), {"leaf": "Leaves"}.__getitem__)
    assert "99 %" in why.sentence(AheadNow(3, 0.9999))  # nothing is certain


def test_the_plan_in_words() -> None:
    assert why.planned(Plan(0, 0, 0)) == "Nothing is due."
    assert why.planned(Plan(12, 5, 16.6)) == "12 reviews and 5 new exercises: about 17 minutes."
    said = why.planned(Plan(100, 0, 100, waiting=240, days=3))
    assert said.startswith("100 reviews: about 100 minutes. 240 more wait")
    assert said.endswith("caught up in 3 days.")


A, G = Rating.AGAIN, Rating.GOOD


@pytest.mark.parametrize(
    ("ratings", "found"),
    [
        ([], None),
        ([A, A, A], None),  # three of three is not four
        ([A, A, A, A], Leech("x", 3, 4, 4)),
        ([G, A, A, G, A, A], Leech("x", 4, 4, 6)),
        ([G, A, A, A, A, G, G], Leech("x", 4, 4, 6)),
        ([G, A, A, A, A, G, G, G], None),  # it sticks at last
        ([G, *[G, G, A] * 6], Leech("x", 6, 2, 6)),
        ([G, *[G, G, A] * 5], None),
    ],
)
def test_what_is_a_leech(ratings: list[Rating], found: Leech | None) -> None:
    assert leech("x", ratings) == found


def test_leeches_are_looked_for_only_among_those_forgotten_three_times() -> None:
    def ratings_of(id_: str) -> list[Rating]:
        assert id_ == "bad"
        return [G, A, A, A, A]

    def forgotten(lapses: int) -> Remembered:
        return Remembered(1, 5, 0, NOON, 20_000, 9, lapses, NOON)

    memories = {"fine": forgotten(2), "bad": forgotten(4), "gone": forgotten(9)}
    assert leeches(["fine", "bad", "new"], memories, ratings_of) == (Leech("bad", 4, 4, 5),)
