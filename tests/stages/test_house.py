"""What must be true of the project itself: its names, its licences, its documents, what may stand in its files."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Unlicense|Public Domain|Zlib|Zope|HPND|0BSD|CC0|MPL|Mozilla|Artistic", re.IGNORECASE
)
# Not permissive, and why that is no burden on those who install Wirewatch: (name, licence, reason).
STATED = {
    "axe-playwright-python": "MIT by its LICENSE file (axe itself MPL-2.0), for the browser tests only",
    "psycopg": "LGPL-3.0, an extra that only PostgreSQL users install",
    "psycopg-binary": "LGPL-3.0, an extra that only PostgreSQL users install",
}


def locked() -> set[str]:
    return set(re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / "requirements.lock").read_text(), flags=re.MULTILINE))


def licence(meta: importlib.metadata.PackageMetadata) -> str:
    classifiers = [line.rpartition(" :: ")[2] for line in meta.get_all("Classifier") or () if line.startswith("License ::")]
    return " / ".join(filter(None, [meta.get("License-Expression"), *classifiers, (meta.get("License") or "")[:200]]))


@pytest.mark.parametrize("name", sorted(locked()))
def test_every_dependency_has_a_licence_that_its_users_can_live_with(name: str) -> None:
    try:
        said = licence(importlib.metadata.metadata(name))
    except importlib.metadata.PackageNotFoundError:
        return  # locked for another platform
    assert PERMISSIVE.search(said) or name in STATED, f"{name}: {said or 'no licence stated'}"


@pytest.mark.parametrize("name", ["pipeline", "workers"])
def test_nobody_else_owns_our_top_level_names(name: str) -> None:
    owners = importlib.metadata.packages_distributions().get(name, [])
    assert set(owners) <= {"wirewatch"}, f"{owners} install a package called {name!r}"


def test_the_lock_holds_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in text
    assert not re.search(r"https?://|--index-url|--extra-index-url|--find-links", text)


def test_no_tracked_file_names_a_path_of_somebody_s_machine() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.decode().split("\0")
    for name in filter(None, tracked):
        path = ROOT / name
        if path.is_file() and path.suffix in {".py", ".toml", ".yaml", ".yml", ".md", ".txt", ".sh", ".html", ".service", ""}:
            text = path.read_text("utf-8", "replace")
            assert not re.search(r"(?<![\w.])/(?:work|home/\w+|Users/\w+)/\w", text), f"{name} names a path of somebody's machine"


def test_folders_are_named_after_the_news_and_config_holds_no_code() -> None:
    assert not list((ROOT / "config").rglob("*.py"))
    assert not list((ROOT / "tests").rglob("__init__.py"))
    assert not [path for path in (ROOT / "pipeline").rglob("*.py") if path.stem in {"utils", "util", "helpers", "manager", "common"}]
