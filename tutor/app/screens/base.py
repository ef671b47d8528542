"""What every screen of the app shares: keys whose names are in the language in use, and the session."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.screen import Screen
from textual.worker import WorkerError

from tutor.app import keys
from tutor.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.binding import ActiveBinding, BindingType

    from tutor.app.app import TutorApp
    from tutor.app.help_texts import Part
    from tutor.session import Session

Result = TypeVar("Result")


class TutorScreen(Screen[Result]):
    """A screen with translated keys; its classes follow the terminal's size (see ``TutorApp``).

    :meth:`arrive` is called whenever it comes to the top while there is a session, and once more when
    the session has been opened under it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [keys.BACK]

    @property
    def tutor(self) -> TutorApp:
        return cast("TutorApp", self.app)

    def in_background(
        self,
        work: Callable[[Session], Coroutine[None, None, None]],
        session: Session,
        *,
        group: str,
    ) -> None:
        """Do it beside typing, in place of what the group is still doing."""

        async def run() -> None:  # made only when it is begun: what is replaced before never is
            await work(session)

        self.run_worker(run, group=group, exclusive=True)  # type: ignore[arg-type]

    async def settled(self) -> None:
        """Wait until what is done in the background for this screen is done."""
        mine = [worker for worker in self.workers if worker.node is self]
        with suppress(WorkerError):  # whoever began it is told
            await self.workers.wait_for_complete(mine)

    def help_parts(self) -> tuple[Part, ...]:
        """What F1 says of this screen, before its keys."""
        return ()

    async def arrive(self, session: Session) -> None:
        """Show what the session knows now."""

    async def relabel(self) -> None:
        """The language has changed: write every text anew."""
        await self.recompose()
        if self.tutor.session is not None:
            await self.arrive(self.tutor.session)

    async def on_screen_resume(self) -> None:
        if self.tutor.session is not None:
            await self.arrive(self.tutor.session)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work here and now, in the language in use; those of the whole app come last."""
        found = super().active_bindings.items()
        return {
            key: active._replace(
                binding=replace(
                    active.binding,
                    description=_text(active.binding.description),
                    tooltip=_text(active.binding.tooltip),
                ),
                tooltip=_text(active.tooltip),
            )
            for key, active in sorted(found, key=lambda pair: _of_app(pair[1].binding.id))
        }


class PlaceScreen(TutorScreen[None]):
    """A place: it has a tab, and the key of every other place goes there."""

    #: Its name in ``places``.
    PLACE: ClassVar[str]
    BINDINGS: ClassVar[list[BindingType]] = [*keys.PLACES]


def _of_app(id_: str | None) -> bool:
    return bool(id_ and id_.startswith("app."))


def _text(message: str) -> str:
    # gettext answers an empty message with the catalogue's head.
    return _(message) if message else ""
