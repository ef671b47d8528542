"""What the command palette lists: every key of the screen by its name, and what has no key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.app import SystemCommand

from tutor import i18n
from tutor.app import keys
from tutor.app.places import PLACES
from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.screen import Screen

    from tutor.app.app import TutorApp

#: Ids of keys that only move about, or are listed by another name: no commands.
MOVES: Final = (
    "list.", "scroll.", "go.", "answer.newline", "review.page", "app.palette", "rows.up", "rows.down",
    "grid.left", "grid.right", "grid.up", "grid.down", "grid.next", "grid.row", "grid.back",
    "step.down", "step.up", "graph.", "verdict.down", "verdict.up", "what-if.down", "what-if.up",
)  # fmt: skip


def commands(app: TutorApp, screen: Screen[object]) -> Iterable[SystemCommand]:
    """The commands that can be given over ``screen``, in the order of the palette."""
    seen: set[str] = set()
    for command, action in _keys_of(app, screen):
        if action not in seen:
            seen.add(action)
            yield command
    if not app.navigation.alone:
        yield from _places(app, screen, seen)
    yield from _languages(app)
    if not app.navigation.alone:
        yield SystemCommand(
            _("Placement test"),
            _("At most 15 questions that find where to begin; none of them counts"),
            _runs(app, "app.place", app),
        )
        if keys.FIT.action not in seen:
            yield SystemCommand(_(keys.FIT.description), _(keys.FIT.tooltip), app.action_fit)
    yield SystemCommand(_("Theme"), _("Choose light, dark or another theme"), app.search_themes)


def _keys_of(app: TutorApp, screen: Screen[object]) -> Iterable[tuple[SystemCommand, str]]:
    """The screen's keys as commands, each with its action."""
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.id and not binding.id.startswith(MOVES) and active.enabled:
            runs = _runs(app, binding.action, active.node)
            says = f"{app.get_key_display(binding)} · {active.tooltip}"
            yield SystemCommand(binding.description, says, runs), binding.action


def _places(app: TutorApp, screen: Screen[object], seen: set[str]) -> Iterable[SystemCommand]:
    for place in PLACES:
        if getattr(screen, "PLACE", "") != place.name:
            yield SystemCommand(
                _(place.title), _(place.tooltip), _runs(app, f"app.go('{place.name}')", app)
            )
    if keys.START.action not in seen and not app.navigation.is_review(screen):
        yield SystemCommand(
            _("Review"), _("Answer what is planned for now"), _runs(app, "app.start", app)
        )


def _languages(app: TutorApp) -> Iterable[SystemCommand]:
    for code, name in i18n.LANGUAGES.items():
        if code != i18n.language():
            yield SystemCommand(
                _("Language: {name}").format(name=name),
                _("Show everything in this language, the open question too"),
                _runs(app, f"app.language('{code}')", app),
            )


def _runs(app: TutorApp, action: str, node: object) -> Callable[[], None]:
    def run() -> None:
        app.run_worker(app.run_action(action, node))  # type: ignore[arg-type]

    return run
