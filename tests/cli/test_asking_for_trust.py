"""Opening the app with a deck from elsewhere: torch's process is asked once what this machine can confine."""

from __future__ import annotations

import json

import pytest

from tutor.cli import review
from tutor.runner.protections import Protection

EXERCISE = "format: 1\nid: a.one\nskill: a\ntitle: One\nprogram: x = 1\nask: x?\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(review, "cache_dir", lambda: tmp_path / "cache")
    deck = tmp_path / "deck"
    deck.mkdir()
    (deck / "one.yaml").write_text(EXERCISE + "answers: {x: {kind: value, value: x}}\n")
    home = tmp_path / "home"
    home.mkdir()
    (home / "decks.json").write_text(json.dumps({"folders": [str(deck)]}))
    return home


def asked_of(monkeypatch, *, active: bool) -> list[int]:
    asked: list[int] = []

    async def protections():
        asked.append(1)
        return (Protection("landlock", active, ""),)

    monkeypatch.setattr(review, "_protections", protections)
    monkeypatch.setattr(review.click, "confirm", lambda *_args, **_more: False)
    return asked


def test_a_machine_that_confines_fully_is_asked_once(home, monkeypatch):
    asked = asked_of(monkeypatch, active=True)
    for _ in range(3):
        review._ask_for_trust(home)
    assert len(asked) == 1
    monkeypatch.setattr(review, "_this_machine", lambda: "another kernel")
    review._ask_for_trust(home)
    assert len(asked) == 2


def test_a_machine_that_does_not_is_asked_every_time(home, monkeypatch):
    asked = asked_of(monkeypatch, active=False)
    for _ in range(2):
        review._ask_for_trust(home)
    assert len(asked) == 2


def test_a_note_that_cannot_be_kept_only_costs_time(home, monkeypatch, tmp_path):
    asked = asked_of(monkeypatch, active=True)
    (tmp_path / "cache").write_text("a file")
    for _ in range(2):
        review._ask_for_trust(home)
    assert len(asked) == 2
