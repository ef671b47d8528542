"""The catalogues are complete, up to date and compiled; switching the language switches the texts."""

from __future__ import annotations

import gettext
import re
import string

import pytest
from i18n_catalogue import po_path, read, wanted

from tutor import i18n
from tutor.grading.runner_words import RUNNER_SAYS
from tutor.runner.limits import AS_ERROR, DEFAULT, in_words

OTHERS = [language for language in i18n.LANGUAGES if language != "en"]


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    i18n.use("en")


def _forms(message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_the_program_is_in_the_catalogue_and_no_other(language):
    ids = {message.id for message in wanted() if message.id}
    there = {message.id for message in read(language) if message.id}
    assert ids - there == set(), "new texts: run tests/app/i18n_catalogue.py"
    assert there - ids == set(), "texts that are gone: run tests/app/i18n_catalogue.py"


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language):
    empty = [message.id for message in read(language) if message.id and not all(_forms(message))]
    assert empty == []
    assert [message.id for message in read(language) if message.fuzzy and message.id] == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_name_only_the_parts_that_their_originals_have(language):
    def parts(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    for message in read(language):
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        for form in _forms(message):
            assert parts(form) <= parts(originals[-1]), message.id


def test_every_chinese_text_has_chinese_in_it():
    # What stands between things (", ") has Chinese punctuation instead.
    chinese = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
    plain = [m.id for m in read("zh") if m.id and not chinese.search(_forms(m)[0])]
    assert plain == []


@pytest.mark.parametrize("language", OTHERS)
def test_the_compiled_catalogue_says_what_the_written_one_says(language):
    with po_path(language).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in read(language):
        if isinstance(message.id, tuple):
            assert {compiled.ngettext(*message.id, n) for n in range(50)} == set(message.string)
        elif message.id:
            assert compiled.gettext(message.id) == message.string


def test_use_switches_the_language_there_and_back():
    i18n.use("zh")
    assert i18n.language() == "zh"
    assert i18n._("Hint") == "提示"
    assert i18n.ngettext("in {n} day", "in {n} days", 3).format(n=3) == "3 天后"
    i18n.use("en")
    assert i18n._("Hint") == "Hint"
    assert i18n.ngettext("in {n} day", "in {n} days", 1).format(n=1) == "in 1 day"


def test_a_language_that_is_not_there_means_english():
    i18n.use("tlh")
    assert i18n.language() == "en"
    assert i18n._("Hint") == "Hint"


def test_a_marked_text_is_left_for_later():
    assert i18n.N_("Hint") == "Hint"


def test_all_that_the_runner_says_of_its_limits_can_be_translated():
    limits = {"wall", "cpu", "memory", "result", *AS_ERROR}
    assert {in_words(limit, DEFAULT) for limit in limits} <= RUNNER_SAYS
