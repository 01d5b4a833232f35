"""Documents run: their YAML is valid configuration, their commands exist, their schemas and tables are what the code says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import jsonschema
import pytest

from pipeline.settings.checking import check
from pipeline.settings.load import load_with_files
from pipeline.settings.reference import MARK, reference
from pipeline.settings.schema import FILES, schemas
from pipeline.settings.yamlfile import read_yaml
from workers.cli import SECTIONS, wirewatch

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[tuple[str, str]]:
    return [(path.name, text) for path in DOCUMENTS for found, text in FENCE.findall(path.read_text("utf-8")) if found == language]


def kind_of(data: dict[str, object]) -> str:
    for name in ("feeds", "endpoints", "sites"):
        if name in data:
            return name
    return "watchlist" if "watchlist" in data else "settings"


@pytest.mark.parametrize(("document", "text"), blocks("yaml"))
def test_every_yaml_example_is_valid_configuration(document: str, text: str) -> None:
    file = read_yaml(text, name=document)
    check(FILES[kind_of(file.data)], file)


@pytest.mark.parametrize(("document", "text"), blocks("console"))
def test_every_command_in_a_document_exists(document: str, text: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for line in re.findall(r"^\$ (.*)$", text, flags=re.MULTILINE):
        words = line.split()
        if words[0] == "make":
            assert words[1] in targets, f"{document}: {line}"
        if words[0].endswith("wirewatch"):
            known(document, line, [word for word in words[1:] if not word.startswith("-")])


def known(document: str, line: str, words: list[str]) -> None:
    command: click.Command | None = wirewatch
    context = click.Context(wirewatch)
    for word in words:
        if not isinstance(command, click.Group):
            break
        command = command.get_command(context, word)
        assert command is not None, f"{document}: {line}: there is no command {word}"


def test_every_command_loads_and_says_what_it_does() -> None:
    context = click.Context(wirewatch)
    for section in SECTIONS.values():
        for name, entry in section.items():
            command = wirewatch.get_command(context, name)
            assert command is not None, name
            assert command.help, name
            assert entry.says.endswith((".", "?")), name


def test_the_schemas_in_config_are_what_the_types_say() -> None:
    for name, schema in schemas().items():
        assert json.loads((ROOT / "config/schema" / name).read_text("utf-8")) == json.loads(json.dumps(schema)), f"run `make docs`: {name}"
        jsonschema.validators.validator_for(schema).check_schema(schema)


def test_the_reference_is_what_the_types_say() -> None:
    _, _, below = (ROOT / "docs/configuration.md").read_text("utf-8").partition(MARK)
    assert below.strip() == reference().strip(), "run `make docs`"


@pytest.mark.parametrize("path", sorted((ROOT / "config").rglob("*.yaml")), ids=lambda path: path.name)
def test_the_shipped_files_satisfy_their_own_schemas(path: Path) -> None:
    data = read_yaml(path.read_text("utf-8"), name=path.name).data
    jsonschema.validate(data, schemas()[f"{kind_of(data)}.schema.json"])


def test_the_shipped_configuration_passes_its_own_tests() -> None:
    from workers.cli.check import failed_tests

    assert list(failed_tests(*load_with_files(ROOT / "config", {}))) == []
