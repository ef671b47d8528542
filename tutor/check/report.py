"""A whole run of `tutor check`: what is proved anew, compared with the records, and counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tutor.check import records
from tutor.check.run import prove_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tutor.check.cache import Cache
    from tutor.check.findings import Finding
    from tutor.check.prove import Proof
    from tutor.exercise.load import LoadedExercise
    from tutor.runner.client import Runner


@dataclass(slots=True)
class Report:
    """What was found, and how much was done."""

    findings: list[Finding] = field(default_factory=list)
    proved: int = 0
    unchanged: int = 0
    draws: int = 0
    gradings: int = 0
    seconds: float = 0.0

    def count(self, severity: str) -> int:
        return sum(finding.severity == severity for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        return {
            "ok": not self.count("error"),
            "exercises": self.proved + self.unchanged,
            "proved": self.proved,
            "unchanged": self.unchanged,
            "draws": self.draws,
            "gradings": self.gradings,
            "seconds": round(self.seconds, 3),
            "errors": self.count("error"),
            "warnings": self.count("warning"),
            "drift": self.count("drift"),
            "findings": [finding.to_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Options:
    """``seeds`` draws each; ``everything`` also what has not changed; ``record`` the results."""

    seeds: int
    everything: bool = False
    record: bool = False


def changed(
    chosen: Sequence[LoadedExercise], options: Options, cache: Cache
) -> list[LoadedExercise]:
    """The exercises that have to be proved."""
    every = options.everything or options.record
    return [e for e in chosen if every or cache.get(e, options.seeds) is None]


async def prove_changed(
    wanted: Sequence[LoadedExercise],
    options: Options,
    runner: Runner,
    cache: Cache,
    torch_version: str,
    report: Report,
    *,
    each: Callable[[], object] = lambda: None,
) -> None:
    """Prove them and add what is found to the report; ``each`` is called after every exercise."""
    proofs: list[Proof] = []
    async for proof in prove_all(wanted, range(options.seeds), runner):
        proofs.append(proof)
        each()
    _compare_with_records(proofs, torch_version)
    for proof in proofs:
        # After the records: what has drifted is not done with, it is told again next time.
        cache.put(proof, options.seeds)
        report.findings += proof.findings
        report.draws += proof.draws
        report.gradings += proof.gradings
    report.proved = len(proofs)
    cache.save()
    if options.record:
        _record(proofs, torch_version)


def _compare_with_records(proofs: Sequence[Proof], torch_version: str) -> None:
    known: dict[Path, records.Records] = {}
    for proof in proofs:
        folder = _folder(proof)
        if folder not in known:
            known[folder] = records.load(folder)
        record = known[folder].get(proof.loaded.exercise.id)
        proof.findings += records.drift(proof, record, torch_version)


def _record(proofs: Sequence[Proof], torch_version: str) -> None:
    for folder in {_folder(proof) for proof in proofs}:
        known = records.load(folder)
        for proof in proofs:
            if _folder(proof) == folder and proof.ok:
                known[proof.loaded.exercise.id] = records.record_of(proof, torch_version)
        records.save(folder, known)


def _folder(proof: Proof) -> Path:
    deck = proof.loaded.deck
    return deck.folder if deck else proof.loaded.path.parent
