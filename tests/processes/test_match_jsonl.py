"""``wirewatch match --jsonl`` as a process: its contract, its order, its answers to bad lines."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

CLI = (sys.executable, "-c", "from workers.cli import main; main()")
LIST = """
watchlist: test
entities:
  - {id: wagner, name: Wagner Group, kind: organization, aliases: [Wagner], context: [mercenary]}
  - {id: hale, name: Karen Hale, kind: person}
"""


def match(tmp_path, payload: bytes, *options: str) -> subprocess.CompletedProcess:
    path = tmp_path / "list.yaml"
    path.write_text(LIST, "utf-8")
    command = [*CLI, "match", "-w", str(path), "--jsonl", *options]
    return subprocess.run(command, input=payload, capture_output=True, timeout=100, check=False, cwd=tmp_path)


def test_one_answer_a_line_in_order_and_true_offsets(tmp_path):
    documents = [
        {"id": f"d{n}", "title": "A title", "text": f"{n}: the Wagner Group met \U0001f600 Karen Hale.", "language": "en"}
        for n in range(80)
    ]
    done = match(tmp_path, "\n".join(map(json.dumps, documents)).encode(), "--no-model")
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [document["id"] for document in documents]
    for answer, document in zip(answers, documents, strict=True):
        assert {alert["entity"]: alert["tier"] for alert in answer["alerts"]} == {"wagner": "confirmed", "hale": "confirmed"}
        for mention in answer["mentions"]:
            assert document[mention["field"]][mention["start"] : mention["end"]] == mention["surface"]
            assert set(mention) == {"entity", "field", "start", "end", "surface", "alias", "tier", "score", "why", "against"}
            assert all({"code", "weight"} <= set(line) for line in (*mention["why"], *mention["against"]))


def test_bad_lines_get_an_error_and_change_no_exit_code(tmp_path):
    bad = [b"not json", b"[]", b'{"id": "x"}', b'{"id": "y", "text": 5}', b'{"id": "z", "text": "\\ud800 Wagner Group"}', b"\xff\xfe"]
    done = match(tmp_path, b"\n".join(bad), "--no-model")
    assert done.returncode == 0
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(bad)
    assert all(answer["alerts"] == [] and answer["mentions"] == [] for answer in answers if "error" in answer)
    assert [answer["id"] for answer in answers if "error" not in answer] == ["z"]


@pytest.mark.parametrize(("content", "says"), [("entities: [{name: x}]", "list.yaml:1"), (None, "no such file")])
def test_a_wrong_list_is_a_wrong_call(tmp_path, content, says):
    path = tmp_path / "list.yaml"
    if content is not None:
        path.write_text(content, "utf-8")
    command = [*CLI, "match", "-w", str(path), "--jsonl"]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=100, check=False)
    assert done.returncode == 2
    assert says in done.stderr.decode()


def test_an_import_makes_a_list_that_matches(tmp_path):
    source = tmp_path / "targets.simple.csv"
    source.write_text("id,schema,name,aliases\nNK-1,Person,Arkady Belov,Аркадий Белов\n", "utf-8")
    target = tmp_path / "imported.yaml"
    options = ["--format", "opensanctions", "--name", "s", "-o", str(target)]
    command = [*CLI, "watchlist", "import", str(source), *options]
    done = subprocess.run(command, capture_output=True, timeout=100, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    payload = json.dumps({"id": "1", "text": "Суд оштрафовал Аркадия Белова."}).encode()
    command = [*CLI, "match", "-w", str(target), "--jsonl", "--no-model"]
    done = subprocess.run(command, input=payload, capture_output=True, timeout=100, check=False)
    assert json.loads(done.stdout)["alerts"][0]["tier"] == "confirmed"
