"""The configuration directory as a person gets it wrong, and what they are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.settings.load import load, load_watchlist_file

SHIPPED = Path(__file__).parents[2] / "config"

GOOD = {
    "settings.yaml": "data_dir: here\n",
    "feeds.yaml": "feeds:\n  - {url: https://a.example/rss, name: A}\n",
    "endpoints.yaml": "endpoints:\n  - {id: ops, url: https://b.example/hook, secret: ${OPS_SECRET}}\n",
    "watchlists/w.yaml": "watchlist: w\nalert: {to: [ops]}\nentities:\n  - {id: x, name: X Corporation}\n",
}
SECRET = "whsec_canarycanarycanarycanarycanary"


def write(directory: Path, **changed: str) -> Path:
    for name, text in {**GOOD, **{key.replace("__", "/").replace("_yaml", ".yaml"): value for key, value in changed.items()}}.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return directory


def told(directory: Path, **environment: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(directory, {"OPS_SECRET": SECRET, **environment})
    return str(caught.value).replace(f"{directory}/", "")


def test_the_shipped_configuration_is_good() -> None:
    found = load(SHIPPED, {})
    assert found.warnings == ()
    assert [entity.id for one in found.watchlists for entity in one.entities] == ["wagner-group", "prigozhin"]


@pytest.mark.parametrize(
    ("file", "text", "place", "fix"),
    [
        ("settings_yaml", "data_dirr: x\n", "settings.yaml:1:1", "did you mean 'data_dir'?"),
        ("settings_yaml", "net:\n  contct: a@b.c\n", "settings.yaml:2:3", "did you mean 'contact'?"),
        ("settings_yaml", "log: {style: jsn}\n", "settings.yaml:1:7", "did you mean 'json'?"),
        ("settings_yaml", "polling: {floor: 10}\nworkers: many\n", "settings.yaml:2:1", "'many'"),
        ("settings_yaml", "polling: {floor: ten minutes}\n", "settings.yaml:1:11", "write 30s, 10m, 24h or 7d"),
        ("settings_yaml", "max_age: 72h\n", "settings.yaml:1:1", "stands under alerts or under polling: `alerts: {max_age: …}`"),
        ("settings_yaml", "backlog: none\n", "settings.yaml:1:1", "`polling: {backlog: …}`"),
        ("settings_yaml", "redis_url:\n", "settings.yaml:1:1", "leave the line out"),
        ("settings_yaml", "polling: {backlog: all}\n", "settings.yaml:1:11", "neither none nor a duration"),
        ("feeds_yaml", "feeds:\n  - {url: https://a.example/, tier: 7}\n", "feeds.yaml:2:31", "write 1 (watch)"),
        ("feeds_yaml", "feeds:\n  - {url: https://a.example/, backlog: yesterday}\n", "feeds.yaml:2:31", "such as 24h"),
        ("feeds_yaml", "feeds:\n  - {name: A}\n", "feeds.yaml:2:5", "'url' is missing"),
        ("feeds_yaml", "feeds:\n  - {url: a.example/rss}\n", "feeds.yaml:2:6", "write https://"),
        ("feeds_yaml", "feeds:\n  - {url: https://a.example/}\n  - {url: https://a.example/}\n", "feeds.yaml:3:6", "keep one"),
        (
            "endpoints_yaml",
            "endpoints: [{id: ops, url: http://169.254.169.254/, network: local}]\n",
            "endpoints.yaml:1:23",
            "cloud metadata, which nothing may open",
        ),
        ("endpoints_yaml", "endpoints: [{id: ops, url: http://10.0.0.1/}]\n", "endpoints.yaml:1:23", "add the line `network: local`"),
        ("endpoints_yaml", "endpoints: [{id: ops, url: https://b.example/, secret: hunter2}]\n", "endpoints.yaml:1:48", "write ${NAME}"),
        ("endpoints_yaml", "endpoints: [{id: ops, url: https://b.example/, secret: ${NONE}}]\n", "endpoints.yaml:1:48", "export NONE=…"),
        ("watchlists__w_yaml", "watchlist: w\nalert: {to: [opps]}\n", "watchlists/w.yaml:2:14", "did you mean 'ops'?"),
        (
            "watchlists__w_yaml",
            "watchlist: w\nentities: [{id: x, name: X, alias: [Y]}]\n",
            "watchlists/w.yaml:2:29",
            "did you mean 'aliases'?",
        ),
        ("watchlists__w_yaml", "watchlist: w\nentities: [{id: x}]\n", "watchlists/w.yaml:2:12", "add a line `name: …`"),
        ("watchlists__w_yaml", "watchlist: w\nentities: [{id: x, name: 1984}]\n", "watchlists/w.yaml:2:20", "put it in quotes"),
        ("watchlists__w_yaml", "watchlist: w\nentities: [{id: x, name: X, aliases: Y}]\n", "watchlists/w.yaml:2:29", "write [Y]"),
        (
            "watchlists__w_yaml",
            "watchlist: w\nentities: [{id: x, name: X, related: [z]}]\n",
            "watchlists/w.yaml:2:39",
            "there is no entity 'z'",
        ),
        (
            "watchlists__w_yaml",
            "watchlist: w\nentities: [{id: x, name: X}, {id: x, name: Y}]\n",
            "watchlists/w.yaml:2:31",
            "choose another id",
        ),
        ("watchlists__w_yaml", "watchlist: w\nalert: {at: probabel}\n", "watchlists/w.yaml:2:9", "did you mean 'probable'?"),
    ],
)
def test_a_fault_is_told_with_its_place_and_the_fix(tmp_path: Path, file: str, text: str, place: str, fix: str) -> None:
    message = told(write(tmp_path, **{file: text}))
    assert message.startswith(f"{place}: "), message
    assert fix in message


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    message = told(write(tmp_path, settings_yaml="a: 1\n", feeds_yaml="b: 2\n", endpoints_yaml="c: [\n", watchlists__w_yaml="d: 4\n"))
    assert all(name in message for name in ("settings.yaml", "feeds.yaml", "endpoints.yaml", "w.yaml"))


def test_the_environment_overrides_any_setting_and_is_named_when_it_is_wrong(tmp_path: Path) -> None:
    directory = write(tmp_path)
    environment = {"OPS_SECRET": SECRET, "WIREWATCH_DATA_DIR": "/else/where", "WIREWATCH_POLLING__FLOOR": "5m", "WIREWATCH_CONFIG": "x"}
    found = load(directory, environment)
    assert (found.settings.data_dir, found.settings.polling.floor) == ("/else/where", 300.0)
    assert load(directory, {"OPS_SECRET": SECRET, "WIREWATCH_DATA_DIR": ""}).settings.data_dir == "here"
    assert told(directory, WIREWATCH_DATADIR="x").startswith("WIREWATCH_DATADIR:1:1: unknown key 'datadir'; did you mean 'data_dir'?")


def test_a_secret_comes_from_a_file_too(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text(f"{SECRET}\n")
    directory = write(tmp_path / "c", endpoints_yaml=f"endpoints: [{{id: ops, url: https://b.example/, secret: file:{kept}}}]\n")
    assert load(directory, {}).endpoints[0].secret == SECRET
    kept.unlink()
    assert "create it with the secret in it" in told(directory)


def test_whoever_only_looks_needs_no_secret_but_the_ledgers_place(tmp_path: Path) -> None:
    endpoints = "endpoints: [{id: ops, url: '${HOOK}', secret: '${OPS_SECRET}'}, {id: b, url: https://b.example/, secret: file:/none}]\n"
    heart = "heartbeat: {url: '${HEART}'}\n"
    directory = write(tmp_path, endpoints_yaml=endpoints, settings_yaml=heart)
    found = load(directory, {}, looking=True)
    assert [(one.id, one.url, one.secret) for one in found.endpoints] == [
        ("ops", "${HOOK}", "${OPS_SECRET}"),
        ("b", "https://b.example/", "file:/none"),
    ]
    with pytest.raises(ConfigError) as caught:
        load(directory, {})
    assert len(caught.value.problems) == 4
    write(tmp_path, endpoints_yaml=endpoints, settings_yaml="database_url: '${DATABASE}'\n")
    with pytest.raises(ConfigError, match="export DATABASE=") as caught:
        load(directory, {}, looking=True)
    assert len(caught.value.problems) == 1


def test_no_message_and_no_repr_shows_a_secret(tmp_path: Path) -> None:
    found = load(write(tmp_path), {"OPS_SECRET": SECRET})
    assert SECRET not in repr(found)
    bad = "endpoints: [{id: ops, url: 'ftp://${OPS_SECRET}/', secret: ${OPS_SECRET}, kind: ${OPS_SECRET}}]\n"
    assert SECRET not in told(write(tmp_path, endpoints_yaml=bad))


def test_the_revision_says_what_is_said_and_not_how(tmp_path: Path) -> None:
    one = load(write(tmp_path / "a"), {"OPS_SECRET": SECRET}).revision
    same = write(tmp_path / "b", settings_yaml="# a comment\ndata_dir:   'here'\n")
    other = write(tmp_path / "c", settings_yaml="data_dir: there\n")
    assert load(same, {"OPS_SECRET": SECRET}).revision == one
    assert load(other, {"OPS_SECRET": SECRET}).revision != one


def test_a_list_without_a_name_is_called_after_its_file(tmp_path: Path) -> None:
    directory = write(tmp_path, watchlists__w_yaml="entities: [{id: x, name: X Corporation}]\n")
    assert load(directory, {"OPS_SECRET": SECRET}).watchlists[0].watchlist == "w"


def test_a_watchlist_is_read_by_itself(tmp_path: Path) -> None:
    path = write(tmp_path) / "watchlists/w.yaml"
    assert load_watchlist_file(path).entities[0].name == "X Corporation"
    with pytest.raises(ConfigError, match="there is no such file"):
        load_watchlist_file(tmp_path / "none.yaml")
