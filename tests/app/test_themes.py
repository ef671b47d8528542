"""The themes: readable by number, and nothing told by colour alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from app_steps import asked, graded, over, panels, shown, type_into
from textual.color import Color

import tutor.app
from tutor.app.theme import ANSI, CONTRAST, DARK, LIGHT
from tutor.settings import UserSettings

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: What text stands on.
GROUNDS = ("background", "surface", "panel")
NAMES = ("foreground", "primary", "secondary", "accent", "success", "warning", "error")
#: Files that draw with colours where no text is.
DRAWINGS = {"heat_map.py", "forecast.py"}


def _luminance(color: Color) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in color.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: Color, other: Color) -> float:
    """WCAG 2's contrast ratio."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def faintest() -> dict[str, float]:
    """How much of each colour the faintest text of the app has, from its source."""
    found = dict.fromkeys(NAMES, 1.0)
    for path in Path(tutor.app.__file__).parent.rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if path.name in DRAWINGS or re.search(
                r"background|border(?!-(?:title|subtitle)-color)", line
            ):
                continue
            for name, share in re.findall(r"(?<!on )\$(\w+) (\d+)%", line):
                if name in found:
                    found[name] = min(found[name], int(share) / 100)
    return found


@pytest.mark.parametrize(("theme", "least"), [(DARK, 4.5), (LIGHT, 4.5), (CONTRAST, 7.0)])
async def test_every_text_can_be_read_on_everything_it_stands_on(theme, least):
    for ground in GROUNDS:
        behind = Color.parse(getattr(theme, ground))
        for name, share in faintest().items():
            text = behind.blend(Color.parse(getattr(theme, name)), share)
            assert contrast(text, behind) >= least, (theme.name, name, share, ground)
    for name in ("footer-key-foreground", "footer-description-foreground"):
        behind = Color.parse(theme.variables["footer-background"])
        assert contrast(Color.parse(theme.variables[name]), behind) >= least


@pytest.mark.parametrize("theme", [CONTRAST, ANSI], ids=lambda theme: theme.name)
async def test_a_question_in_every_theme(desk, theme):
    app = desk.app("two", "code")
    app.settings.apply(UserSettings(theme=theme.name))
    async with app.run_test(size=(100, 40)) as pilot:
        await asked(pilot)
        assert app.theme == theme.name
        if len(panels(pilot)) == 2:
            await type_into(pilot, "9")
            await type_into(pilot, "5", 1)
            await pilot.press("ctrl+s")
            await graded(pilot)
            assert "✗ Wrong" in shown(pilot)
            assert "✓ correct" in shown(pilot)
        else:
            await pilot.press("f4", "f4")
            await over(pilot)
            assert "○ Given up" in shown(pilot)


async def test_without_colour_there_is_none(desk, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = desk.app("value")
    app.settings.apply(UserSettings(theme="tutor-light"))
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await type_into(pilot, "[[2, 4], [6, 8]]")
        await pilot.press("enter")
        await graded(pilot)
        strips = app.screen._compositor.render_strips()
        filtered = [strip.apply_filter(f, app.ansi_theme and Color(0, 0, 0)) for strip in strips
                    for f in app._filters if type(f).__name__ == "NoColor"]  # fmt: skip
        styles = [segment.style for strip in filtered for segment in strip if segment.style]
        assert styles
        for style in styles:
            assert style.color is None or style.color.is_default
            assert style.bgcolor is None or style.bgcolor.is_default
        assert "✗ Wrong" in shown(pilot)


async def test_a_theme_chosen_in_the_app_is_kept(desk):
    app = desk.app("value")
    app.settings.home = desk.home
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        app.theme = "nord"
        await pilot.pause()
    assert 'theme = "nord"' in (desk.home / "settings.toml").read_text()


async def test_without_animation_nothing_moves(desk):
    app = desk.app("value")
    app.settings.apply(UserSettings(animation=False))
    assert app.animation_level == "none"
