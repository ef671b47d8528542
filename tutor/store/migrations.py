"""The schema, as an append-only list of migrations.

A released migration is never edited: add another one below it. Each also raises
``user_version``, so that an up-to-date database can be recognised without loading sqlite-utils
(an eighth of a second).

``review`` and ``event`` are the log: rows are only ever added. ``memory`` and ``tally`` are derived
from the log and can be thrown away. ``pending`` holds questions in progress. ``meta`` holds this
home's device id and the basis that ``memory`` was derived with.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from tutor.store import tally

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("autograd_tutor")

_LOG_AND_MEMORY = (
    """
    CREATE TABLE meta (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # `id` is only the order of arrival in this file; what identifies a review everywhere is its
    # uuid.
    """
    CREATE TABLE review (
        id            INTEGER PRIMARY KEY,
        uuid          TEXT    NOT NULL UNIQUE,
        device        TEXT    NOT NULL,
        at            INTEGER NOT NULL,  -- UTC ms
        utc_offset    INTEGER NOT NULL,  -- minutes east, the learner's clock
        exercise_id   TEXT    NOT NULL,
        revision      INTEGER NOT NULL,
        content_hash  TEXT    NOT NULL,
        seed          INTEGER NOT NULL,
        params        TEXT    NOT NULL,  -- JSON object
        language      TEXT    NOT NULL,
        attempts      TEXT    NOT NULL,  -- JSON list
        hints_used    INTEGER NOT NULL CHECK (hints_used >= 0),
        gave_up       INTEGER NOT NULL CHECK (gave_up IN (0, 1)),
        seconds       REAL    NOT NULL,
        rating        INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 4),
        score         REAL    NOT NULL,
        torch_version TEXT    NOT NULL,
        app_version   TEXT    NOT NULL
    ) STRICT
    """,
    "CREATE INDEX review_by_exercise ON review (exercise_id, at, uuid)",
    "CREATE INDEX review_by_time ON review (at, uuid)",
    """
    CREATE TABLE event (
        id      INTEGER PRIMARY KEY,
        uuid    TEXT    NOT NULL UNIQUE,
        device  TEXT    NOT NULL,
        at      INTEGER NOT NULL,  -- UTC ms
        kind    TEXT    NOT NULL,
        subject TEXT    NOT NULL,  -- of an undo: the uuid of the review
        body    TEXT    NOT NULL   -- JSON object
    ) STRICT
    """,
    "CREATE INDEX event_by_subject ON event (subject, kind)",
    """
    CREATE TABLE memory (
        exercise_id  TEXT    PRIMARY KEY,
        stability    REAL    NOT NULL,
        difficulty   REAL    NOT NULL,
        first_review INTEGER NOT NULL,
        last_review  INTEGER NOT NULL,
        last_day     INTEGER NOT NULL,
        reps         INTEGER NOT NULL,
        lapses       INTEGER NOT NULL,
        due          INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE pending (
        id             INTEGER PRIMARY KEY,  -- the highest was saved last
        review_uuid    TEXT    NOT NULL UNIQUE,
        exercise_id    TEXT    NOT NULL,
        revision       INTEGER NOT NULL,
        content_hash   TEXT    NOT NULL,
        seed           INTEGER NOT NULL,
        language       TEXT    NOT NULL,
        attempts       TEXT    NOT NULL,
        hints_used     INTEGER NOT NULL CHECK (hints_used >= 0),
        shown_solution INTEGER NOT NULL CHECK (shown_solution IN (0, 1)),
        started_at     INTEGER NOT NULL,
        seconds        REAL    NOT NULL
    ) STRICT
    """,
    *(
        f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        for table in ("review", "event")
        for verb in ("UPDATE", "DELETE")
    ),
)


@migrations()
def m001_log_and_memory(db: Database) -> None:
    """The log, the memory derived from it and the question in progress."""
    for statement in _LOG_AND_MEMORY:
        db.conn.execute(statement)
    db.conn.execute("INSERT INTO meta VALUES ('device', ?)", [str(uuid.uuid4())])
    db.conn.execute("INSERT INTO meta VALUES ('basis', '')")
    db.conn.execute("PRAGMA user_version = 1")


@migrations()
def m002_marks_and_tally(db: Database) -> None:
    """Marks are found among the undos without reading those; hours are counted as they come.

    Memory knows which revision of an exercise was last asked.
    """
    db.conn.execute("CREATE INDEX event_marks ON event (at, uuid) WHERE kind <> 'undo'")
    db.conn.execute(
        """
        CREATE TABLE tally (
            hour         INTEGER PRIMARY KEY,  -- hours since 1970-01-01 on the learner's clock
            reviews      INTEGER NOT NULL,     -- without the undone ones, as all that follow
            again        INTEGER NOT NULL,
            hard         INTEGER NOT NULL,
            good         INTEGER NOT NULL,
            easy         INTEGER NOT NULL,
            milliseconds INTEGER NOT NULL
        ) STRICT
        """
    )
    tally.rebuild(db.conn)
    db.conn.execute("ALTER TABLE memory ADD COLUMN revision INTEGER NOT NULL DEFAULT 1")
    db.conn.execute("ALTER TABLE memory ADD COLUMN content_hash TEXT NOT NULL DEFAULT ''")
    db.conn.execute("UPDATE meta SET value = '' WHERE name = 'basis'")  # so it is derived anew
    db.conn.execute("PRAGMA user_version = 2")


@migrations()
def m003_drafts(db: Database) -> None:
    """What was typed into an open question is kept with it."""
    db.conn.execute("ALTER TABLE pending ADD COLUMN draft TEXT NOT NULL DEFAULT '{}'")
    db.conn.execute("PRAGMA user_version = 3")
