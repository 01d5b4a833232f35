"""YAML with places: what a person typed is what is read, and every complaint names the spot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.settings.yamlfile import read_yaml


def complaint(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read_yaml(text, name="x.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("007", "007"),
        ("2020-01-01", "2020-01-01"),
        ("1.5", 1.5),
        ("-3", -3),
        ("'3'", "3"),
        ("true", True),
        ("~", None),
        ("", None),
        ("ЧВК Вагнер", "ЧВК Вагнер"),
    ],
)
def test_a_scalar_is_what_the_person_typed(written: str, meant: object) -> None:
    assert read_yaml(f"key: {written}\n", name="x.yaml").data == {"key": meant}


@pytest.mark.parametrize(
    ("text", "place", "fix"),
    [
        ("a: [1, 2\nb: 3\n", "x.yaml:2:2:", "brackets"),
        ("a: b: c\n", "x.yaml:1:5:", "put a value that holds a colon in quotes"),
        ("a:\n\t- b\n", "x.yaml:2:1:", "indent with spaces, not tabs"),
        ("a: *x\n", "x.yaml:1:4:", "in quotes"),
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3:1:", "first on line 1; keep one"),
        ("a: !!python/object:os.system x\n", "x.yaml:1:4:", "is not allowed"),
        ("a: &x [*x]\n", "x.yaml:1:1:", "inside its own anchor"),
    ],
)
def test_a_fault_names_its_place_and_the_fix(text: str, place: str, fix: str) -> None:
    message = complaint(text)
    assert message.startswith(place)
    assert fix in message


def test_a_place_is_found_along_the_path_or_as_near_as_it_goes() -> None:
    file = read_yaml("entities:\n  - id: a\n    aliases: [One, Two]\n", name="w.yaml")
    assert file.problem(("entities", 0, "aliases", 1), "m") == "w.yaml:3:20: m"
    assert file.problem(("entities", 0, "name"), "m") == "w.yaml:2:5: m"
    assert file.problem(("nowhere",), "m") == "w.yaml:1:1: m"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_any_text_gives_data_or_a_config_error(text: str) -> None:
    try:
        read_yaml(text, name="x.yaml")
    except ConfigError as error:
        assert all(problem.startswith("x.yaml:") for problem in error.problems)
