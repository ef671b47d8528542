"""The settings screen: every setting by keys and by mouse, in force at once and kept."""

from __future__ import annotations

import pytest
from app_steps import shown, until

from tutor import i18n
from tutor.app import keymap
from tutor.app.screens.home import HomeScreen
from tutor.app.screens.keys import KeysScreen, PressScreen
from tutor.app.screens.prompt import PromptScreen
from tutor.app.screens.settings import SettingsScreen, stepped
from tutor.app.widgets.setting_rows import SettingRows
from tutor.settings import ABOUT, THEMES, UserSettings, load

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(autouse=True)
def _usual_keys():
    yield
    keymap.use({})


async def in_settings(pilot, home=None) -> SettingRows:
    """From Home to the settings, which are kept in ``home``; it is no first start."""
    await until(pilot, lambda: isinstance(pilot.app.screen, HomeScreen))
    await until(pilot, lambda: pilot.app.session is not None)
    pilot.app.settings.home = home
    await pilot.press("4")
    await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen))
    return pilot.app.screen.query_one(SettingRows)


def row_of(pilot, title: str) -> tuple[int, str]:
    rows = shown(pilot).split("\n")
    return next((i, row) for i, row in enumerate(rows) if f" {title} " in row and i > 0)


async def go_to(pilot, rows: SettingRows, name: str) -> None:
    await pilot.press(*["up"] * len(ABOUT))
    await pilot.press(*["down"] * [row.name for row in rows.rows].index(name))
    assert rows.row.name == name


async def test_every_setting_is_there_with_its_meaning(desk):
    app = desk.app("value", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        rows = await in_settings(pilot, desk.home)
        assert [row.name for row in rows.rows] == list(ABOUT)
        for about in ABOUT.values():
            assert about.says.split(";")[0] in shown(pilot).replace("\n", " ")
            await pilot.press("j")
        assert str(desk.home / "settings.toml")[:20] in shown(pilot)
        assert not (desk.home / "settings.toml").exists(), "looking writes nothing"


async def test_values_are_stepped_typed_and_given_back(desk):
    app = desk.app("value", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        rows = await in_settings(pilot, desk.home)
        await go_to(pilot, rows, "theme")
        await pilot.press("right")
        assert app.theme == "tutor-light", "seen at once"
        await go_to(pilot, rows, "animation")
        await pilot.press("enter")
        assert app.animation_level == "none"

        await go_to(pilot, rows, "new_per_day")
        await pilot.press("left", "left", "right")
        assert desk.session.settings.new_per_day == 9, "the plan knows it"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        await pilot.press(*"10000", "enter")
        await until(pilot, lambda: "'10000' is not a whole number from 0 to 9999" in shown(pilot))
        await pilot.press("9", "enter")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        assert app.settings.values.new_per_day == 9
        await pilot.press("delete")
        await until(pilot, lambda: app.settings.values.new_per_day == 10)
        await go_to(pilot, rows, "retention")
        await pilot.press("right")
        await until(pilot, lambda: desk.session.scheduler.settings.retention == 0.91)
    assert load(desk.home).settings == UserSettings(
        theme="tutor-light", animation=False, retention=0.91
    )


async def test_the_language_changes_the_whole_app(desk):
    app = desk.app("value", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        rows = await in_settings(pilot, desk.home)
        await go_to(pilot, rows, "language")
        await pilot.press("left")
        await until(pilot, lambda: "设置" in shown(pilot))
        assert i18n.language() == "zh"
        assert desk.session.language == "zh"


async def test_settings_by_mouse_alone(desk):
    app = desk.app("value", start="home")
    async with app.run_test(size=(80, 24)) as pilot:
        await in_settings(pilot)
        y, row = row_of(pilot, "Theme")
        await pilot.click(offset=(row.index("▸"), y))
        await until(pilot, lambda: app.theme == "tutor-light")
        y, row = row_of(pilot, "Theme")
        await pilot.click(offset=(row.index("◂"), y))
        await until(pilot, lambda: app.theme == "tutor-dark")
        y, row = row_of(pilot, "Editor")
        await pilot.click(offset=(8, y))
        await pilot.click(offset=(8, y))
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        await pilot.press(*"nano", "enter")
        await until(pilot, lambda: app.settings.values.editor == "nano")


async def test_a_key_is_changed_by_pressing_it(desk):
    app = desk.app("value", start="home")
    async with app.run_test(size=(100, 50)) as pilot:
        rows = await in_settings(pilot, desk.home)
        await go_to(pilot, rows, "keys")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, KeysScreen))
        y, row = row_of(pilot, "review.hint")
        await pilot.click(offset=(row.index("review.hint"), y))
        await until(pilot, lambda: isinstance(app.screen, PressScreen))
        await pilot.press("f4")
        await until(pilot, lambda: "already the key of review.give-up" in shown(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PressScreen))
        await pilot.press("f3")
        await until(pilot, lambda: app.settings.values.keys == {"review.hint": "f3"})
        assert "F3" in row_of(pilot, "review.hint")[1]
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        await pilot.press("enter")
        await until(pilot, lambda: "F3 Hint" in shown(pilot))
    assert load(desk.home).settings.keys == {"review.hint": "f3"}


@pytest.mark.parametrize(
    "name", [name for name in ABOUT if stepped(name, getattr(UserSettings(), name), 1)]
)
async def test_steps_stay_within_what_may_be(name):
    about, value = ABOUT[name], getattr(UserSettings(), name)
    for step in [1] * 30 + [-1] * 60:
        value = stepped(name, value, step)
        if about.choices:
            assert value in about.choices
        elif about.least is not None:
            assert about.least <= value <= about.most
    assert stepped("theme", THEMES[0], -1) == THEMES[-1]
