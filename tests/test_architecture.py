"""The house stands as it was drawn: floors, doors, foreign keys, money, languages; it names no workplace."""

import ast
import importlib
import os
import pkgutil
import re
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import polib
import pytest
from babel.messages.extract import extract_python
from importlinter.cli import lint_imports

import cohong

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/cohong"
LANGUAGES = ("zh_Hans", "zh_Hant")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LAYERS, ONE_DOOR = PYPROJECT["tool"]["importlinter"]["contracts"]
#: The modules that people meet, from the ground up: those with tables or pages.
FLOORS = {
    name.strip("() "): floor
    for floor, layer in enumerate(reversed(LAYERS["layers"]))
    for name in layer.split("|")
}


def test_the_import_contracts_are_kept(capsys: pytest.CaptureFixture[str]):
    outcome = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None, no_cache=True)
    assert outcome == 0, capsys.readouterr().out


def test_every_module_with_a_door_is_behind_it():
    with_door = {f"cohong.{api.parent.name}" for api in SOURCE.glob("*/api.py")} - {"cohong.site"}
    assert with_door == set(ONE_DOOR["protected_modules"])


def test_every_module_is_on_a_floor_of_the_contract():
    folders = {folder.parent.name for folder in SOURCE.glob("*/__init__.py")}
    assert folders <= set(FLOORS)


# --- tables ----------------------------------------------------------------------------------------------


def our_models() -> list[Any]:
    from django.apps import apps  # noqa: PLC0415 - once Django stands

    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("cohong.")
        for model in config.get_models(include_auto_created=True)
    ]


def columns() -> Iterator[tuple[str, Any]]:
    for model in our_models():
        for field in model._meta.get_fields(include_parents=False, include_hidden=True):
            if getattr(field, "concrete", False):
                yield f"{model._meta.label}.{field.name}", field


def test_foreign_keys_point_into_their_own_module_or_down():
    """A table of a higher floor, or of a neighbour on the same one, is never referred to."""
    upward = []
    seen = 0
    for name, field in columns():
        target = field.related_model
        if target is None or not target.__module__.startswith("cohong."):
            continue
        seen += 1
        own, other = field.model.__module__.split(".")[1], target.__module__.split(".")[1]
        if own != other and FLOORS[other] >= FLOORS[own]:
            upward.append(f"{name} -> {target._meta.label}")
    assert upward == []
    assert seen > 10


def test_money_is_whole_minor_units_and_nothing_is_a_float():
    from django.db import models  # noqa: PLC0415 - once Django stands

    not_whole, floats = [], []
    for name, field in columns():
        base = getattr(field, "base_field", field)
        if field.name.endswith(("_minor", "_minors")) and not isinstance(base, models.BigIntegerField):
            not_whole.append(name)
        if isinstance(base, models.FloatField):
            floats.append(name)
    assert not_whole == []
    assert floats == []


def test_no_migration_makes_a_float():
    for file in SOURCE.rglob("migrations/*.py"):
        assert not re.search(
            r"FloatField|double precision|\bfloat[48]\b|\breal\b", file.read_text(encoding="utf-8")
        )


# --- what the repository says ----------------------------------------------------------------------------

SKIPPED = {"__pycache__", "node_modules", "build", "dist", "static-built"}
HIDDEN_BUT_OURS = {".ci", ".github", ".gitignore", ".editorconfig"}
# Put together here, so that this file does not name them either.
FOREIGN = {
    "a package index": [
        *(
            "py" + "pi.org",
            "py" + "pi.python.org",
            "python" + "hosted.org",
            "npm" + "js.org",
            "npm" + "js.com",
        ),
        *(
            "crates" + ".io",
            "ruby" + "gems.org",
            "anaconda" + ".org",
            "conda" + "-forge",
            "jsdelivr" + ".net",
        ),
        *(
            "unpkg" + ".com",
            "cdn" + "js.",
            "tuna.tsinghua" + ".edu",
            "mirrors." + "aliyun",
            "dev" + "pi",
            "arti" + "factory",
        ),
    ],
    "the place where it was written": ["/" + "work/", "/t" + "mp/w/", "/root" + "/", "/home" + "/"],
}


def texts() -> Iterator[tuple[Path, str]]:
    """Yield every text file of the repository."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name not in SKIPPED
            and not name.endswith(".egg-info")
            and (name[0] != "." or name in HIDDEN_BUT_OURS)
        ]
        for name in files:
            if name[0] == "." and name not in HIDDEN_BUT_OURS:
                continue
            path = Path(folder, name)
            try:
                yield path, path.read_text(encoding="utf-8")
            except (UnicodeDecodeError, FileNotFoundError):
                continue


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_names_what_does_not_belong_in_it(what: str):
    words = re.compile("|".join(rf"(?<![\w.-]){re.escape(word)}" for word in FOREIGN[what]), re.IGNORECASE)
    named = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if words.search(line)
    ]
    assert named == []


# --- languages -------------------------------------------------------------------------------------------


@cache
def entries(file: Path) -> dict[tuple[str, str], Any]:
    """Read a file of translations: entries by (context, English source)."""
    if not file.exists():
        return {}
    return {
        (entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(file)) if not entry.obsolete
    }


@cache
def catalogue(folder: Path, language: str) -> dict[tuple[str, str], Any]:
    """Read what the code in a folder can say in a language: its own words and those of the folders around it."""
    around = catalogue(folder.parent, language) if folder != SOURCE else {}
    return {**around, **entries(folder / "locale" / language / "LC_MESSAGES/django.po")}


def said(entry: Any) -> list[str]:
    """Return the texts of an entry, or none while a part of it is missing or only guessed."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    return texts if all(texts) and not entry.fuzzy else []


def fields_of(text: str) -> set[str]:
    """List the parameters that a message fills in."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def refusals() -> list[type]:
    """Return every refusal there is, once every module has been imported."""
    from cohong.kernel.errors import Refusal  # noqa: PLC0415 - once Django stands

    for found in pkgutil.walk_packages(cohong.__path__, "cohong."):
        if ".migrations" not in found.name and not found.name.startswith(
            ("cohong.cli", "cohong.site.wsgi", "cohong.site.loaded")
        ):
            importlib.import_module(found.name)
    every, more = set(), [Refusal]
    while more:
        kind = more.pop()
        every.add(kind)
        more += kind.__subclasses__()
    return sorted(
        (kind for kind in every if kind.__module__.startswith("cohong.")), key=lambda one: one.__qualname__
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_is_said_in_every_language(language: str):
    from django.utils import translation  # noqa: PLC0415 - once Django stands

    missing = []
    for kind in refusals():
        speaker = next(base for base in kind.__mro__ if "message" in vars(base))
        with translation.override("en"):
            source = str(speaker.message)
        folder = SOURCE.parent.joinpath(*speaker.__module__.split(".")).parent
        entry = catalogue(folder, language).get(("", source))
        texts = said(entry) if entry is not None else []
        if not texts or fields_of(texts[0]) != fields_of(source):
            missing.append(f"{kind.__module__}.{kind.__name__}: {source}")
    assert missing == []


#: What marks a text to be translated, in Python.
PYTHON_WORDS = (
    *("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
    *("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"),
)
TEMPLATE_WORD = re.compile(r" (n?gettext|_|pgettext|npgettext)\(((?:[^()]|\([^()]*\))*)\)")


def words_in_python(file: Path) -> Iterator[tuple[str, str]]:
    """Yield (context, text) of what a Python file gives to be translated."""
    with file.open("rb") as text:
        for _line, function, message, _comments in extract_python(text, PYTHON_WORDS, [], {}):
            parts = [message] if isinstance(message, str) else [part for part in message or () if part]
            context = (
                parts.pop(0) if function.startswith(("pgettext", "npgettext")) and len(parts) > 1 else ""
            )
            if parts:
                yield context, parts[0]


def words_in_template(file: Path) -> Iterator[tuple[str, str]]:
    """Yield (context, text) of what a template gives to be translated."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 - once Django stands

    for function, inside in TEMPLATE_WORD.findall(templatize(file.read_text(encoding="utf-8"))):
        try:
            parts = [
                part.value
                for part in ast.parse(f"f({inside})", mode="eval").body.args
                if isinstance(part, ast.Constant)
            ]
        except SyntaxError:
            continue
        context = parts.pop(0) if function.startswith(("pgettext", "npgettext")) else ""
        if parts and isinstance(parts[0], str):
            yield context, parts[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_text_is_not_said_in_two_ways(language: str):
    """Django reads all files of a language into one: of two translations of one text only one would ever be shown."""
    told: dict[tuple[str, str], tuple[list[str], Path]] = {}
    differing = []
    for file in sorted(SOURCE.rglob(f"locale/{language}/LC_MESSAGES/django.po")):
        for key, entry in entries(file).items():
            texts, other = told.setdefault(key, (said(entry), file))
            if texts != said(entry):
                differing.append(f"{key}: {file.relative_to(SOURCE)} and {other.relative_to(SOURCE)}")
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_given_to_be_translated_is(language: str):
    missing = []
    for file in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]):
        if file.relative_to(SOURCE).parts[0] == "site":  # the languages' own names, which Django translates
            continue
        for word in words_in_python(file) if file.suffix == ".py" else words_in_template(file):
            entry = catalogue(file.parent, language).get(word)
            if entry is None or not said(entry):
                missing.append(f"{file.relative_to(SOURCE)}: {word[1]}")
    assert missing == []
