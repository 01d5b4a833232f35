"""What is left after kill -9 in the middle of a transaction, and when writers of many processes meet? Nothing half-done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from storelife import NOW, alert, analysis, claimed

from pipeline.store import Store, ids, open_store
from pipeline.store.feeds import FeedRow
from pipeline.store.tables import METADATA

WRITER = """
import sys, time
sys.path[:0] = [{tests!r}]
from storelife import NOW, alert, analysis, claimed
from pipeline.store import ids, open_store
with open_store({url!r}) as store:
    store.deliveries.sync_endpoints({{"ops": "standard"}}, NOW)
    n = 0
    while True:
        page = claimed(store, n)
        with store.analysis() as tx:
            tx.record(analysis(page, alert(page, ids.story_id(page.article_id))))
            print(n, flush=True)
            time.sleep(0.002)
        n += 1
"""


def test_a_killed_writer_leaves_whole_alerts_only(store_url: str) -> None:
    code = WRITER.format(tests=str(Path(__file__).parent), url=store_url)
    for kill_after in (3, 5, 8):
        writer = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        for _ in range(kill_after):
            writer.stdout.readline()
        os.kill(writer.pid, signal.SIGKILL)  # right after "recorded", before the commit
        writer.communicate()
        with open_store(store_url) as store:
            _is_whole(store)
            with store.transaction() as connection:
                for table in METADATA.sorted_tables:
                    connection.execute(table.delete())


def _is_whole(store: Store) -> None:
    alerts = store.alerts.list(limit=1000)
    assert alerts
    for row in alerts:
        shown = store.alerts.show(row.id)
        assert shown is not None
        assert shown["article"] is not None
        assert shown["mentions"]
        assert len(shown["deliveries"]) == 1
        assert shown["body"]
        assert store.stories.get(row.story_id) is not None
    states = store.entries.counts_by_state()
    assert states.get("alerted", 0) == len(alerts)
    assert sum(states.values()) - states.get("alerted", 0) <= 1


def test_writers_of_two_processes_wait_for_each_other(store_url: str) -> None:
    code = "import sys\nfrom pipeline.store import open_store\nwith open_store(sys.argv[1]) as s:\n"
    code += "  for n in range(50): s.reports.put_meta(sys.argv[2] + str(n), n, 0.0)\n"
    writers = [subprocess.Popen([sys.executable, "-c", code, store_url, name]) for name in "abc"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    with open_store(store_url) as store:
        assert all(store.reports.get_meta(f"{name}{n}") == n for name in "abc" for n in range(50))


def test_a_store_survives_a_fork(store_url: str) -> None:
    with open_store(store_url) as store:
        store.reports.put_meta("parent", 1, NOW)
        child = os.fork()
        if child == 0:
            store.reports.put_meta("child", store.reports.get_meta("parent"), NOW)
            os._exit(0)
        for n in range(20):
            store.reports.put_meta("parent", n, NOW)
        assert os.waitpid(child, 0)[1] == 0
        assert store.reports.get_meta("child") in range(20)


def test_threads_share_commits_and_keep_their_own_errors(store_url: str) -> None:
    with open_store(store_url) as store:
        outcome: dict[int, str] = {}

        def write(n: int) -> None:
            try:
                with store.transaction() as connection:
                    connection.exec_driver_sql(f"INSERT INTO meta (name, value, at) VALUES ('m{n}', '{n}', 0)")
                    assert n % 5 != 0
                outcome[n] = "written"
            except AssertionError:
                outcome[n] = "raised"

        threads = [threading.Thread(target=write, args=(n,)) for n in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(outcome[n] == ("raised" if n % 5 == 0 else "written") for n in range(100))
        assert all(store.reports.get_meta(f"m{n}") == (None if n % 5 == 0 else n) for n in range(100))


def test_processes_that_start_together_migrate_once(tmp_path: Path, pg_empty_url: str) -> None:
    code = "import sys\nfrom pipeline.store import open_store\nwith open_store(sys.argv[1]) as s: print(s.revision)"
    for url in (f"sqlite:///{tmp_path / 'new' / 'wirewatch.db'}", pg_empty_url):
        (tmp_path / "new").mkdir(exist_ok=True)
        started = [subprocess.Popen([sys.executable, "-c", code, url], stdout=subprocess.PIPE) for _ in range(4)]
        assert len({process.communicate(timeout=60)[0] for process in started}) == 1
        assert [process.returncode for process in started] == [0, 0, 0, 0]


def test_claims_of_processes_never_overlap(store_url: str) -> None:
    with open_store(store_url) as store:
        store.feeds.sync([FeedRow(url=f"https://paper.example/{n}") for n in range(40)], NOW)
    code = "import sys\nfrom pipeline.store import open_store\nwith open_store(sys.argv[1]) as s:\n"
    code += f"  while got := s.feeds.claim_due({NOW!r}, sys.argv[2], 60, 3): print(*[f.id for f in got])\n"
    claimers = [subprocess.Popen([sys.executable, "-c", code, store_url, str(n)], stdout=subprocess.PIPE, text=True) for n in range(3)]
    taken = [ident for claimer in claimers for ident in claimer.communicate(timeout=60)[0].split()]
    assert len(taken) == len(set(taken)) == 40


def test_the_story_of_a_claim_survives_its_holder(store: Store) -> None:
    page = claimed(store)
    assert store.articles.claim_pages([page.id], "next", NOW + 60, 60)
    late = analysis(page, alert(page, ids.story_id(page.article_id)))
    assert not store.articles.record_analysis(late).held
