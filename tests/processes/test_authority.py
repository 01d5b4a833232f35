"""feedparser runs where it can be killed: it may hang, grow or die, and nobody else notices."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from workers import authority
from workers.authority import Authority

BROKEN = b"<rss><channel><title>T</title><item><title>One</title><link>https://x.example/1</link><item><title>Two</title></channel>"


async def test_it_answers_again_and_again():
    reader = Authority()
    try:
        for _ in range(3):
            feed = await reader.read(BROKEN, url="https://x.example/feed")
            assert [entry.title for entry in feed.entries] == ["One", "Two"]
    finally:
        await reader.close()


async def test_a_feed_that_hangs_it_is_given_up_and_the_next_one_is_read():
    reader = Authority(patience=3.0)
    try:
        assert await reader.read(BROKEN) is not None
        os.kill(reader._child.pid, signal.SIGSTOP)
        assert await reader.read(BROKEN) is None
        assert await reader.read(BROKEN) is not None
    finally:
        await reader.close()


def test_a_feed_that_costs_too_much_computing_ends_the_child():
    code = "from workers import authority; authority.SECONDS = 0.3; import sys; authority.serve(sys.stdin.buffer, sys.stdout.buffer)"
    hostile = b"<rss><channel><item><author>" + b"a" * 32_000 + b"</author></item></channel></rss>"
    asked = authority.question(hostile, "", None)
    done = subprocess.run([sys.executable, "-c", code], input=asked, capture_output=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGPROF


async def test_a_child_that_dies_is_replaced():
    reader = Authority()
    try:
        assert await reader.read(BROKEN) is not None
        os.kill(reader._child.pid, signal.SIGKILL)
        assert await reader.read(BROKEN) is None
        assert await reader.read(BROKEN) is not None
    finally:
        await reader.close()


def test_its_memory_is_bounded():
    code = f"from workers import authority; authority.bound(); bytearray({authority.MEMORY})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert b"MemoryError" in done.stderr


def test_it_never_opens_the_file_whose_path_it_is_given(tmp_path):
    path = tmp_path / "secret.xml"
    path.write_text("<rss><channel><item><title>secret</title></item></channel></rss>")
    said = authority.once(str(path).encode())
    assert said is None or not said.entries


def parse_feed(body: bytes, *options: str):
    command = [sys.executable, "-c", "from workers.cli import main; main()", "parse-feed", "--json", *options]
    return subprocess.run(command, input=body, capture_output=True, check=False, timeout=60)


def test_the_command_reads_a_damaged_feed():
    done = parse_feed(BROKEN)
    assert done.returncode == 0
    assert [json.loads(line)["title"] for line in done.stdout.splitlines()] == ["One", "Two"]
    assert set(json.loads(done.stdout.splitlines()[0])) == {"id", "url", "title", "summary", "author", "published", "updated"}


@pytest.mark.parametrize("body", [b"", b"<html><body>no</body></html>", b"\x89PNG\r\n", b"{}"])
def test_the_command_fails_in_one_line_when_nothing_can_be_read(body):
    done = parse_feed(body)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"wirewatch: ")
    assert done.stderr.count(b"\n") == 1


def test_a_gzipped_file_is_unpacked():
    import gzip

    assert json.loads(parse_feed(gzip.compress(BROKEN)).stdout.splitlines()[0])["title"] == "One"
    assert parse_feed(gzip.compress(BROKEN)[:40]).returncode == 1


def test_a_feed_without_entries_is_read_all_the_same():
    done = parse_feed(b"<rss><channel><title>Quiet</title></channel></rss>")
    assert (done.returncode, done.stdout) == (0, b"")
