"""What is collected from an exercise file: its draws, its near misses, its author's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tutor.pytest_plugin.live import Live

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Iterator
    from pathlib import Path

    from tutor.check.cases import Case
    from tutor.check.findings import Finding
    from tutor.exercise.document import Document, FieldPath
    from tutor.exercise.load import LoadedExercise


class ExerciseFile(pytest.File):
    """One exercise file."""

    def collect(self) -> Iterable[ExerciseTests]:
        from tutor.exercise.load import load_file
        from tutor.exercise.problems import ExerciseErrors

        try:
            loaded = load_file(self.path)
        except ExerciseErrors as errors:
            raise self.CollectError(str(errors)) from errors
        yield ExerciseTests.from_parent(self, name=loaded.exercise.id, loaded=loaded)


class ExerciseTests(pytest.Collector):
    """The tests of one exercise: its draws, its near misses, its author's tests."""

    def __init__(self, *, loaded: LoadedExercise, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.loaded = loaded
        self._cases: dict[int, Case | list[Finding]] | None = None
        self._document: Document | None = None

    def collect(self) -> Iterable[pytest.Item]:
        for seed in range(self.seeds):
            yield DrawItem.from_parent(self, name=f"draws[seed={seed}]", seed=seed)
        for name, near, label in self._nears():
            yield NearItem.from_parent(self, name=f"near[{label}]", answer=name, near=near)
        for index in range(len(self.loaded.exercise.tests)):
            yield TestItem.from_parent(self, name=f"tests[{index}]", index=index)

    def line_of(self, where: FieldPath) -> int:
        """The line of a field in the file, from 1."""
        from tutor.exercise.source import read_file

        if self._document is None:
            self._document = read_file(self.path)
        return self._document.position(where)[0]

    @property
    def seeds(self) -> int:
        return max(1, int(self.config.getoption("--tutor-seeds")))

    def _nears(self) -> Iterator[tuple[str, str, str]]:
        """(answer, near miss, label); the answer stands in the label only where ids repeat."""
        pairs = [
            (name, id_)
            for name, answer in self.loaded.exercise.answers.items()
            for id_ in getattr(answer, "near", {})
        ]
        ids = [id_ for _, id_ in pairs]
        for name, id_ in pairs:
            yield name, id_, id_ if ids.count(id_) == 1 else f"{name}.{id_}"

    def case(self, seed: int) -> Case:
        """The draw of a seed with its truths, all seeds run at once on the first call.

        Raises:
            ProofFailed: it cannot be drawn or run.
        """
        from tutor.check.cases import Case, cases

        if self._cases is None:
            live = Live.of(self.config)
            self._cases = live.wait(cases(self.loaded, range(self.seeds), live.runner))
        case = self._cases[seed]
        if not isinstance(case, Case):
            raise ProofFailed(case)
        return case


class ProofFailed(Exception):
    """What a proof found."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


class _Item(pytest.Item):
    """``where`` is the field of the file that is tested: editors jump to its line."""

    parent: ExerciseTests
    where: FieldPath = ()

    def proved(self, case: Case, proof: Coroutine[Any, Any, Any]) -> None:
        """Run one proof on a case of its own and fail with what it adds."""
        Live.of(self.config).wait(proof)
        findings = case.found.findings()
        if findings:
            raise ProofFailed(findings)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, ProofFailed):
            return "\n\n".join(map(_explain, excinfo.value.findings))
        from tutor.runner.job import RunnerFailure

        if isinstance(excinfo.value, RunnerFailure):
            return excinfo.value.message
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        # Not as in the id: pytest would show the dots of that as colons.
        name = f"{self.parent.loaded.exercise.id}: {self.name}"
        return self.path, self.parent.line_of(self.where) - 1, name


class DrawItem(_Item):
    """One draw: it runs, its shown answer is right, no text gives it away."""

    def __init__(self, *, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seed = seed

    def runtest(self) -> None:
        from tutor.check.prove import prove_draw

        case = self.parent.case(self.seed).afresh()
        self.proved(case, prove_draw(case))


class NearItem(_Item):
    """One near miss, on every seed: it runs, is no other, and is told apart."""

    def __init__(self, *, answer: str, near: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.answer, self.near = answer, near
        self.where = ("answers", answer, "near", near)

    def runtest(self) -> None:
        from tutor.check.prove import prove_near

        for seed in range(self.parent.seeds):
            case = self.parent.case(seed).afresh()
            self.proved(case, prove_near(case, self.answer, self.near))


class TestItem(_Item):
    """One test of the author, on every seed."""

    __test__ = False  # not a class of pytest's own kind

    def __init__(self, *, index: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.index = index
        self.where = ("tests", index)

    def runtest(self) -> None:
        from tutor.check.prove import prove_test

        for seed in range(self.parent.seeds):
            case = self.parent.case(seed).afresh()
            self.proved(case, prove_test(case, self.index))


def _explain(finding: Finding) -> str:
    """The finding, and the author's line that it is about."""
    try:
        line = finding.path.read_text(encoding="utf-8-sig").splitlines()[finding.line - 1]
    except (OSError, IndexError):
        return str(finding)
    indented = len(line) - len(line.lstrip())  # a fault of a whole line is at its beginning
    return f"{finding}\n    {line}\n    {' ' * max(finding.column - 1, indented)}^"
