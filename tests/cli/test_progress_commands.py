"""The commands about progress, as people and scripts use them: on real homes, by the real program."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import sqlite3
import subprocess
import sys
import zipfile
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from tutor.anki.cards import key_of
from tutor.anki.package import Card, write_package
from tutor.schedule.memory import Scheduler
from tutor.store import MarkKind, Rating, entries, open_store, table

sys.path.insert(0, str(Path(__file__).parent.parent / "store"))
from store_helpers import DAY, START, make_review

TUTOR = str(Path(sys.executable).parent / "tutor")
KNOWN, GONE = "autograd.detach.square-times-x", "autograd.detach.square-times-xx"


@pytest.fixture
def home(tmp_path):
    """A home with six reviews, three of them of an exercise whose file is gone."""
    fill(tmp_path / "home", 0)
    return tmp_path / "home"


def fill(home, start, count=6):
    with open_store(home) as store:
        for n in range(start, start + count):
            review = make_review(store, START + n * DAY, exercise_id=GONE if n % 2 else KNOWN)
            store.record(review, Scheduler())


@pytest.fixture
def tutor(home, tmp_path):
    """``tutor("sync", DIR)``: the finished process; nothing it says may be a traceback."""

    def run(*args, home=home, code=0):
        done = subprocess.run(
            [TUTOR, "--home", str(home), *map(str, args)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env={
                "PATH": os.environ["PATH"],
                "XDG_CACHE_HOME": str(tmp_path / "cache"),
                "LANG": "C.UTF-8",
            },
            cwd=tmp_path,
            timeout=120,
        )
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        assert done.returncode == code, done.stderr + done.stdout
        return json.loads(done.stdout) if "--json" in args else done.stdout + done.stderr

    return run


def test_backups_are_made_listed_and_put_back_after_a_preview(tutor, home, tmp_path):
    assert "no backups" in tutor("restore")
    made = tutor("backup", "--json")["path"]
    fill(home, 10, 3)
    assert [each["why"] for each in tutor("restore", "--json")["backups"]] == ["by-hand"]
    said = tutor("restore", Path(made).name, code=4)  # no terminal: nothing happens without --yes
    assert "you would LOSE: 3 reviews" in said
    assert "add --yes" in said
    with open_store(home, read_only=True) as store:
        assert store.review_count() == 9
    done = tutor("restore", made, "--yes", "--json")
    assert (done["lost"]["reviews"], done["won"]["reviews"], done["damage"]) == (3, 0, None)
    with open_store(home, read_only=True) as store:
        assert store.review_count() == 6
    # The way back: what was lost is in the backup that was made before.
    assert "3 reviews" in tutor("import", done["kept"], "--yes")
    with open_store(home, read_only=True) as store:
        assert store.review_count() == 9
    assert "sound" in tutor("backup", tmp_path / "copy.sqlite3")
    assert "that is the progress itself" in tutor("backup", home / "progress.sqlite3", code=4)
    assert "no progress" in tutor("backup", home=tmp_path / "none", code=4)
    assert "no file" in tutor("restore", "nothing.sqlite3", "--yes", code=4)


def test_a_damaged_home_says_so_and_is_restored_with_all_that_can_be_read(tutor, home):
    made = tutor("backup", "--json")["path"]
    fill(home, 10, 3)
    with closing(sqlite3.connect(home / "progress.sqlite3")) as db:
        root = "SELECT rootpage FROM sqlite_schema WHERE name = 'review_by_time'"
        (page,) = db.execute(root).fetchone()
    with (home / "progress.sqlite3").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)
    said = tutor("doctor", code=1)
    assert "is damaged" in said
    assert "tutor restore" in said
    done = tutor("restore", made, "--yes", "--json")
    assert done["damage"]
    assert done["saved"]["reviews"] == 3  # the tables themselves are whole
    assert (home / "damaged-1" / "progress.sqlite3").exists()
    with open_store(home) as store:
        assert store.review_count() == 9
        assert store.check_integrity() == []
        assert store.check_consistency(Scheduler()) == []


def test_two_homes_sync_over_a_folder(tutor, home, tmp_path):
    other, share = tmp_path / "other", tmp_path / "share"
    fill(other, 20, 2)
    assert tutor("sync", share, "--json")["sent"] == 6
    assert tutor("sync", share, "--json", home=other)["reviews"] == 6
    assert "took in 2 reviews and 0 other events from 1 other file" in tutor("sync", share)
    newer = share / "newer.jsonl"
    newer.write_text('{"format":"autograd-tutor-log","version":9}\n')
    assert "upgrade this one" in tutor("sync", share, code=4)
    assert "cannot be used" in tutor("sync", newer, code=4)


def test_the_log_travels_as_lines_without_loss(tutor, home, tmp_path):
    tutor("mark", KNOWN, "--suspend", "--note", "a\nb =1")
    file, other = tmp_path / "log.jsonl", tmp_path / "other"
    assert tutor("export", file, "--json")["written"] == 8
    assert tutor("import", file, "--dry-run", "--json", home=other)["new"]["reviews"] == 6
    assert not (other / "progress.sqlite3").exists()
    assert tutor("import", file, "--yes", "--json", home=other)["changed"] is True
    assert tutor("import", file, "--yes", "--json", home=other)["changed"] is False
    with open_store(home) as first, open_store(other) as second:
        assert list(first.entries()) == list(second.entries())
        assert first.memories() == second.memories()
        assert first.marks() == second.marks()
    lines = file.read_text().splitlines()
    lines[3] = lines[3].replace('"rating":2', '"rating":9')
    lines[5] = lines[5][:50]
    file.write_text("\n".join(lines))
    said = tutor("import", file, "--yes", home=tmp_path / "third", code=4)
    assert "line 4: rating is 9, and should be 1 … 4; line 6: it is cut off" in said
    assert not (tmp_path / "third" / "progress.sqlite3").exists()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("a.apkg", "it cannot be read"),
        ("a.csv", "cannot be put back"),
        ("a.txt", "should end in .jsonl"),
        ("a.jsonl", "does not say so"),
        ("none.jsonl", "cannot be read"),
    ],
)
def test_what_is_no_log_is_refused_with_the_reason(tutor, tmp_path, name, says):
    if not name.startswith("none"):
        (tmp_path / name).write_text('{"some": "thing"}\n')
    assert says in tutor("import", name, "--yes", code=4)


def test_reviews_as_a_table(tutor, home, tmp_path):
    with open_store(home) as store:
        attempts = make_review(store).attempts
        evil = '=HYPERLINK("http://x","y")'
        last = type(attempts[0])({"grad": evil}, "wrong", (), START, 1.0)
        minus = type(attempts[0])({"grad": "-3"}, "wrong", (), START, 1.0)
        for n, attempt in enumerate((last, minus)):
            review = make_review(
                store, START + (30 + n) * DAY, attempts=(attempt,), rating=Rating.AGAIN
            )
            store.record(review, Scheduler())
    file = tmp_path / "reviews.csv"
    assert "8 reviews" in tutor("export", file)
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert list(rows[0]) == list(table.COLUMNS)
    assert len(rows) == 8
    assert [row["answers"] for row in rows[-2:]] == [f"'{evil}", "-3"]
    assert rows[0]["exercise"] == KNOWN
    assert rows[0]["time"] == "2025-06-15T17:06:40+02:00"
    assert "end the name in" in tutor("export", tmp_path / "x.doc", code=4)
    assert "cannot be written" in tutor("export", tmp_path / "no" / "x.csv", code=4)


@pytest.mark.parametrize(
    "text", ["=1", "+cmd|' /C calc'!A0", "-1+2", "@x", "\t=1", " =1", "％=1", "＝1"]
)
def test_no_cell_is_taken_for_a_formula(text):
    assert table.harmless(text)[0] == "'" or text[0] == "％"


@pytest.mark.parametrize("text", ["-3", "+1.5e-3", "1, -2", "x = 1", "", "None", "[-1]"])
def test_harmless_cells_stay_as_they_are(text):
    assert table.harmless(text) == text


def test_exercises_become_anki_cards(tutor, tmp_path):
    """The collection is what Anki's own importer reads; here it is read as a database."""
    file = tmp_path / "cards.apkg"
    args = ("export", file, "--skill", "autograd.detach", "--draws", "2", "--json")
    first = tutor(*args)
    assert first["left_out"] == []
    assert first["written"] >= 8  # two exercises, two draws, two languages
    with zipfile.ZipFile(file) as package:
        assert sorted(package.namelist()) == ["collection.anki2", "media"]
        package.extract("collection.anki2", tmp_path)
    with closing(sqlite3.connect(tmp_path / "collection.anki2")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        ver, models, decks = db.execute("SELECT ver, models, decks FROM col").fetchone()
        notes = db.execute("SELECT id, guid, mid, tags, flds FROM notes").fetchall()
        cards = db.execute("SELECT nid, did, ord, type, queue FROM cards").fetchall()
    assert ver == 11
    assert {str(mid) for _, _, mid, _, _ in notes} == json.loads(models).keys()
    names = {deck["name"] for deck in json.loads(decks).values()}
    assert any(name.endswith("::English::autograd.detach") for name in names)
    assert any(name.endswith("::简体中文::autograd.detach") for name in names)
    assert {str(did) for _, did, *_ in cards} <= json.loads(decks).keys()
    assert [nid for nid, *_ in cards] == [note[0] for note in notes]
    assert {card[2:] for card in cards} == {(0, 0, 0)}
    assert len({note[1] for note in notes}) == len(notes) == first["written"]
    front, back, source = next(n[4] for n in notes if KNOWN in n[4]).split("\x1f")
    assert "detach()" in front
    assert "tensor(&#91;" in back  # the truth of the live run, and no [sound:…] of Anki's
    assert source.startswith(KNOWN)


def test_reviews_made_in_anki_are_taken_in_where_the_cards_are_ours(tutor, home, tmp_path):
    ours = [key_of(KNOWN, seed, "en") for seed in (0, 7)]
    file = tmp_path / "deck.apkg"
    cards = [Card(key, "deck", key, "back", key) for key in [*ours, "of another program"]]
    write_package(file, cards, START)
    assert "holds no reviews" in tutor("import", file, "--yes", code=4)
    log = [(n, n % 3, 1 + n % 4, n % 4) for n in range(12)]  # every fourth was crammed
    with_reviews(file, log)
    new = tutor("import", file, "--yes", "--json")["new"]
    assert new["devices"].keys() == {"anki"}
    assert new["reviews"] == 6  # of two thirds of the cards, without a fourth
    assert tutor("import", file, "--yes", "--json")["changed"] is False
    with open_store(home) as store:
        found = [review for review in store.reviews(KNOWN) if review.device == "anki"]
        assert {review.seed for review in found} == {0, 7}
        assert [review.at for review in found] == sorted(review.at for review in found)
        assert {review.seconds for review in found} == {2.5}
        assert store.check_consistency(Scheduler()) == []
    write_package(file, cards[2:], START)
    with_reviews(file, [(1, 0, 3, 1)])
    assert "of other cards" in tutor("import", file, "--yes", code=4)
    with zipfile.ZipFile(file, "a") as package:
        package.writestr("collection.anki21b", b"zstd")
    assert "Support older Anki versions" in tutor("import", file, "--yes", code=4)


def with_reviews(file, log):
    """Put reviews (day, card, ease, type) into a package, as Anki's export has them."""
    with zipfile.ZipFile(file) as package:
        collection = Path(package.extract("collection.anki2", file.parent))
    with closing(sqlite3.connect(collection)) as db:
        ids = [id_ for (id_,) in db.execute("SELECT id FROM cards ORDER BY id")]
        for day, card, ease, kind in log:
            values = [START + day * DAY, ids[card], ease, kind]
            db.execute("INSERT INTO revlog VALUES (?, ?, -1, ?, 1, 1, 2500, 2500, ?)", values)
        db.commit()
    with zipfile.ZipFile(file, "w") as package:
        package.write(collection, "collection.anki2")
        package.writestr("media", "{}")


def test_marks_by_hand(tutor, home):
    assert "No marks." in tutor("mark")
    tutor("mark", KNOWN, "--suspend", "--flag", "wrong sign", "--note", "ask Li")
    said = tutor("mark")
    for words in ("suspended since 20", "flagged: wrong sign", "note: ask Li"):
        assert words in said
    assert f"{KNOWN}  buried until" in tutor("mark", KNOWN, "--bury")
    assert "No marks." in tutor("mark", KNOWN, "--clear")
    assert tutor("mark", "--json") == {"marks": []}
    assert "no exercise nothing" in tutor("mark", "nothing", "--suspend", code=4)
    assert "which exercise" in tutor("mark", "--suspend", code=4)


def test_progress_of_an_exercise_that_is_gone_is_kept_listed_and_adopted(tutor, home):
    assert tutor("stats", "--json")["orphans"] == [GONE]
    assert "1 exercise has progress but no file" in tutor("stats")
    orphans = tutor("adopt", "--json")["orphans"]
    assert orphans == [{"id": GONE, "reviews": 3, "perhaps": KNOWN}]
    with open_store(home) as store:
        before = dict(store.memories())
    assert "6 reviews" in tutor("adopt", GONE, KNOWN)
    assert f"{GONE}  counts for {KNOWN}" in tutor("adopt")
    with open_store(home) as store:
        assert store.memories().keys() == {KNOWN}
        assert store.check_consistency(Scheduler()) == []
        assert store.marks().adopted == {GONE: KNOWN}
    tutor("adopt", GONE, "--undo")
    with open_store(home) as store:
        assert store.memories() == before
        assert store.marks().adopted == {}
    assert "is there" in tutor("adopt", KNOWN, KNOWN, code=4)
    assert "no exercise x" in tutor("adopt", GONE, "x", code=4)
    assert "not adopted" in tutor("adopt", GONE, "--undo", code=4)
    assert "no progress" in tutor("adopt", "y", KNOWN, code=4)


def test_doctor_offers_to_derive_anew(tutor, home):
    with open_store(home) as store:
        store._db.execute("UPDATE memory SET stability = stability * 2")
        store.mark(MarkKind.SUSPEND, KNOWN, START)
    said = tutor("doctor", code=1)
    assert "tutor doctor --fix" in said
    assert "1 exercise has progress but no file: see `tutor adopt`" in said
    said = tutor("doctor", "--fix")
    assert "what the log gives" in said
    assert "none yet; one is made each day" in said


DOCS = Path(__file__).parent.parent.parent / "docs" / "progress.md"


def test_every_command_of_the_page_about_progress_works(home, tmp_path, monkeypatch):
    """One after the other, as a reader would type them."""
    from tutor.cli import tutor as group

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "stick").mkdir()
    made = ""
    shown = re.findall(
        r"^\$ tutor (.+?)(?:  +#.*)?$", DOCS.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(shown) >= 11
    for line in shown:
        args = shlex.split(line)
        here = {
            "OLD-ID": GONE,
            "NEW-ID": KNOWN,
            "/media/stick/": str(tmp_path / "stick"),
            "~/Sync/tutor": str(tmp_path / "share"),
            "FILE": made,
        }
        args = [here.get(arg, arg) for arg in args] + ["--yes"] * ("FILE" in args)
        done = CliRunner().invoke(group, ["--home", str(home), *args])
        assert done.exit_code == 0, (line, done.output, done.exception)
        if line == "backup":
            made = done.output.split("  ")[0]


def test_a_line_is_as_the_page_says(home, tmp_path):
    """Checksums by the words of the page alone."""
    with open_store(home) as store:
        for entry in store.entries():
            text = entries.line(entry).decode("ascii").rstrip("\n")
            crc, _, rest = text.partition(",")
            assert json.loads(crc + "}")["crc"] == f"{zlib.crc32(rest.encode()):08x}"
