"""What a learner sets: read, checked, changed and kept, with the file's own comments."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.theme import BUILTIN_THEMES

from tutor import i18n
from tutor.settings import ABOUT, AUTO, THEMES, UserSettings, load, loading
from tutor.settings.changing import change, create
from tutor.settings.checking import SettingsError
from tutor.settings.reading import read


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "cache_dir", lambda: tmp_path / "cache")


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def write(home, text: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text(text, encoding="utf-8")


def test_without_a_file_everything_has_its_default_and_nothing_is_written(home):
    assert load(home) == loading.Loaded(UserSettings())
    assert not home.exists()


def test_the_file_that_is_created_says_what_each_setting_means(home):
    text = create(home).read_text()
    assert load(home).settings == UserSettings()
    for name, about in ABOUT.items():
        assert f"# {about.says}\n" in text
        assert f"\n{name} = " in text or f"[{name}]" in text
    assert "# a number from 0.7 to 0.99; default 0.9\nretention = 0.9\n" in text


def test_the_file_is_commented_in_the_language_in_use(home):
    i18n.use("zh")
    try:
        text = create(home).read_text(encoding="utf-8")
    finally:
        i18n.use("en")
    assert "# 应用的配色\n" in text
    assert load(home).settings == UserSettings()


def test_a_change_keeps_the_comments_and_the_order_of_the_file(home):
    write(home, "# mine\nretention = 0.85  # high\n\n[keys]  # few\n'review.hint' = 'f3'\n")
    change(home, "retention", "0.95")
    change(home, "new_per_day", 5)
    text = (home / "settings.toml").read_text()
    assert text.startswith("# mine\nretention = 0.95  # high\n")
    assert text.endswith("[keys]  # few\n'review.hint' = 'f3'\n")
    assert load(home).settings == UserSettings(
        retention=0.95, new_per_day=5, keys={"review.hint": "f3"}
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "\n theme = 'nord-'",
            "settings.toml:2:10: theme: there is no 'nord-'; did you mean nord?",
        ),
        ("retention = 2", "settings.toml:1:13: retention: 2 is not a number from 0.7 to 0.99."),
        ("new_per_day = 1.5", "new_per_day: 1.5 is not a whole number from 0 to 9999."),
        ("animation = 'maybe'", "animation: 'maybe' is not true or false."),
        ("time_zone = 'Mars'", "time_zone: 'Mars' is not auto or a zone such as Europe/Berlin."),
        ("animaton = true", "animaton: there is no such setting; did you mean animation?"),
        ("[keys]\n'review.hint' = 3", "settings.toml:1:7: keys: "),
        ("a = [\nb", "settings.toml:2:1: this is no TOML"),
    ],
)
def test_what_is_wrong_has_its_place_and_its_default_and_the_rest_holds(home, text, says):
    write(home, "day_start_hour = 5\n" + text)
    line_later = says.replace("toml:1:", "toml:2:") if "toml:1:" in says else says
    line_later = line_later.replace("toml:2:10", "toml:3:10").replace("toml:2:1:", "toml:3:1:")
    loaded = load(home)
    assert any(line_later in problem for problem in loaded.problems), loaded.problems
    assert len(loaded.problems) == 1
    kept = UserSettings() if "no TOML" in says else UserSettings(day_start_hour=5)
    assert loaded.settings == kept
    assert load(home) == loaded, "what is wrong is told again at the next start"


def test_the_environment_goes_before_the_file(home, monkeypatch):
    write(home, "retention = 0.85\nnew_per_day = 3\n")
    monkeypatch.setenv("TUTOR_RETENTION", "0.8")
    monkeypatch.setenv("TUTOR_NEW_PER_DAY", "-1")
    loaded = load(home)
    assert loaded.settings == UserSettings(retention=0.8, new_per_day=3)
    assert loaded.problems == (
        "TUTOR_NEW_PER_DAY: new_per_day: '-1' is not a whole number from 0 to 9999.",
    )
    monkeypatch.setenv("TUTOR_NEW_PER_DAY", "7")
    assert load(home).settings.new_per_day == 7


def test_a_value_that_cannot_be_is_refused_and_the_file_stays(home):
    write(home, "retention = 0.85\n")
    for name, value in [("retention", "1"), ("retain", "0.9"), ("theme", "sepia")]:
        with pytest.raises(SettingsError, match=name):
            change(home, name, value)
    assert (home / "settings.toml").read_text() == "retention = 0.85\n"


def test_a_file_that_is_no_toml_is_not_written_over(home):
    write(home, "retention = = 1")
    with pytest.raises(SettingsError, match="Nothing was changed"):
        change(home, "retention", "0.9")
    assert (home / "settings.toml").read_text() == "retention = = 1"


VALUES = {
    "language": st.sampled_from(ABOUT["language"].choices),
    "theme": st.sampled_from(THEMES),
    "animation": st.booleans(),
    "new_per_day": st.integers(0, 9999),
    "reviews_per_day": st.integers(1, 9999),
    "skills_open_at": st.floats(0, 1),
    "retention": st.floats(0.7, 0.99),
    "maximum_interval_days": st.integers(1, 36_500),
    "time_zone": st.sampled_from([AUTO, "UTC", "Asia/Shanghai", "Europe/Berlin"]),
    "day_start_hour": st.integers(0, 23),
    "editor": st.text("ab '\"\\\n\t#=[]é编", max_size=12),
    "keys": st.dictionaries(st.text("ab.-", min_size=1, max_size=5), st.text("f12,", max_size=4)),
}


ONE = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: VALUES[name].map(lambda value: (name, value))
)


@settings(max_examples=30, deadline=None)
@given(st.lists(ONE, max_size=6))
def test_whatever_is_set_is_what_is_read(tmp_path_factory, changes):
    home = tmp_path_factory.mktemp("home")
    for name, value in changes:
        change(home, name, value)
    loaded = read(home)
    assert asdict(loaded.settings) == asdict(UserSettings()) | dict(changes)
    assert loaded.problems == ()


def test_an_unchanged_file_is_read_without_pydantic(home, tmp_path):
    """As every start does: only the first one after a change checks the file."""
    write(home, "theme = 'nord'\n")
    code = """
import sys
from pathlib import Path
from tutor import settings
from tutor.settings import loading
loading.cache_dir = lambda: Path(sys.argv[2])
assert settings.load(Path(sys.argv[1])).settings.theme == "nord"
sys.exit(bool({"pydantic", "tomlkit", "tomllib"} & set(sys.modules)))
"""
    command = [sys.executable, "-c", code, str(home), str(tmp_path / "cache")]
    assert subprocess.run(command, check=False).returncode == 1, "the first start checks"
    assert subprocess.run(command, check=False).returncode == 0


def test_the_schedule_takes_what_is_set():
    chosen = UserSettings(retention=0.8, new_per_day=3, day_start_hour=0, time_zone="UTC")
    schedule = chosen.schedule
    assert (schedule.retention, schedule.new_per_day) == (0.8, 3)
    assert (schedule.rollover_hour, schedule.zone) == (0, "UTC")
    assert UserSettings().schedule == type(schedule)()


def test_the_themes_that_can_be_set_are_those_there_are():
    ours = {"tutor-dark", "tutor-light", "tutor-contrast", "tutor-ansi"}
    assert set(THEMES) - ours == {name for name in BUILTIN_THEMES if not name.startswith("ansi")}


def test_settings_on_the_command_line(home, tmp_path):
    def tutor(*args: str) -> subprocess.CompletedProcess[str]:
        env = {"PATH": os.environ["PATH"], "TUTOR_HOME": str(home), "HOME": str(tmp_path)}
        command = [sys.executable, "-m", "tutor", "settings", *args]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    assert "retention              0.9\n" in tutor().stdout
    assert tutor("retention", "0.85").stdout.split() == ["retention", "0.85"]
    assert tutor("keys.review.hint", "f3").stdout.split() == ["keys.review.hint", "f3"]
    assert tutor("--json", "keys").stdout == '{"keys.review.hint": "f3"}\n'
    tutor("keys.review.hint", "")
    assert tutor("keys").stdout == ""
    done = tutor("retention", "3")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "tutor: retention: '3' is not a number from 0.7 to 0.99.\n"
