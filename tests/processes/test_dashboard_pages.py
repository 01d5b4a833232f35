"""Every page in a browser: no console error, no accessibility violation, right at 360 and 1280 pixels, without a script too."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import dashboard_newsdesk as desk
import pytest
from aiohttp import web
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from workers.dashboard import app as dashboard
from workers.dashboard.board import Board

CHROMIUM = shutil.which("chromium")
ARGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
LIGHTEST = 100_000

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs the Debian package chromium: apt-get install -y chromium")


class Running:
    """The dashboard on a free port, in a loop of its own."""

    def __init__(self, wiring: Any) -> None:
        self.wiring = wiring
        self.board = Board(wiring)
        self.loop = asyncio.new_event_loop()
        self.stop = asyncio.Event()
        self.base = self.token = ""
        self._up = threading.Event()
        self._thread = threading.Thread(target=lambda: self.loop.run_until_complete(self._serve()))

    async def _serve(self) -> None:
        door = dashboard.door_of(self.wiring)
        runner = web.AppRunner(dashboard.build_app(self.board, door, self.stop), shutdown_timeout=0.5)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.base, self.token = f"http://127.0.0.1:{runner.addresses[0][1]}", door.main_token
        self._up.set()
        await self.stop.wait()
        await runner.cleanup()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._up.wait(20)
        return self

    def __exit__(self, *_exc: object) -> None:
        self.loop.call_soon_threadsafe(self.stop.set)
        self._thread.join(20)
        self.loop.close()
        self.wiring.store.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A news desk with a month behind it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("READER", desk.READER)
        wiring = desk.seed(tmp_path_factory.mktemp("desk"))
    with Running(wiring) as service:
        yield service


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A first run: nothing configured, nothing happened."""
    from workers.wiring import Wiring

    directory = tmp_path_factory.mktemp("fresh")
    (directory / "config").mkdir()
    (directory / "config" / "settings.yaml").write_text(f"data_dir: {directory / 'data'}\nmodels: {{}}\n")
    with Running(Wiring.from_directory(directory / "config")) as service:
        yield service


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield launched
        launched.close()


def paths(service: Running) -> dict[str, str]:
    """A name and an address for every page."""
    store, listings = service.wiring.store, service.board.listings
    alert = store.alerts.list(entity="halden-ferries")[-1]
    troubled = next(feed for feed in store.feeds.health() if feed.failures)
    delivery = store.deliveries.list(endpoint="archive")[0]
    return {
        "alerts": "/alerts",
        "alerts-filtered": "/alerts?entity=mirela-costin&state=new",
        "alert": f"/alerts/{alert.id}",
        "not-relevant": f"/alerts/{alert.id}/not-relevant",
        "mute": f"/alerts/{alert.id}/mute",
        "entities": "/entities",
        "entity": "/entities/halden-ferries",
        "stories": "/stories",
        "story": f"/stories/{listings.stories()[0]['id']}",
        "sources": "/sources",
        "source": f"/sources/{troubled.id}",
        "entries": "/entries",
        "deliveries": "/deliveries",
        "delivery": f"/deliveries/{delivery['id']}",
        "search": "/search?q=ferry",
        "article": f"/articles/{alert.article_id}",
        "explain": f"/explain?url={store.articles.get(alert.article_id).url}",
        "try": "/try",
        "status": "/status",
        "quiet": "/quiet",
        "mutes": "/mutes",
        "audit": "/audit",
        "missing": "/alerts/al_nothing",
    }


def opened(browser: Browser, service: Running, size: dict[str, int], **options: Any) -> tuple[Page, list[str]]:
    """A page that is logged in, and what its console says."""
    context = browser.new_context(viewport=size, **options)
    context.set_default_timeout(15_000)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    # an icon or a stream that is still under way when the next page is asked for is no fault
    page.on("requestfailed", lambda request: None if "ABORTED" in str(request.failure) else said.append(f"{request.url} {request.failure}"))
    page.goto(dashboard.login_address(service.base, service.token))
    assert page.url.endswith("/alerts")
    return page, said


def judged(page: Page) -> list[str]:
    """What axe finds wrong."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}" for each in found]


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide-light", "phone-dark"])
def test_every_page_is_right(running: Running, browser: Browser, size: dict[str, int], scheme: str) -> None:
    page, said = opened(browser, running, size, color_scheme=scheme)
    faults: list[str] = []
    for name, path in paths(running).items():
        answer = page.goto(running.base + path)
        assert answer is not None
        if answer.status != (404 if name == "missing" else 200):
            faults.append(f"{name}: {answer.status}")
        if len(answer.body()) > LIGHTEST:
            faults.append(f"{name}: {len(answer.body())} bytes")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > size["width"]:
            faults.append(f"{name}: {wide} pixels wide")
        faults += [f"{name}: {fault}" for fault in judged(page)]
        shoot(page, f"{name}-{size['width']}-{scheme}")
    errors = [line for line in said if "404" not in line]
    page.context.close()
    assert faults == []
    assert errors == []


def test_a_first_run_says_what_to_do(empty: Running, browser: Browser) -> None:
    page, said = opened(browser, empty, PHONE)
    for path in ("/alerts", "/status", "/entities", "/sources", "/deliveries", "/stories", "/search", "/quiet", "/mutes", "/audit"):
        page.goto(empty.base + path)
        assert judged(page) == []
        shoot(page, f"first{path.replace('/', '-')}")
    page.goto(empty.base + "/alerts")
    assert "Name who to watch" in page.content()
    assert "wirewatch run" in page.content()
    assert said == []
    page.context.close()


def test_the_way_in_without_a_script(running: Running, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(running.base + "/stories?entity=halden-ferries")
    page.get_by_label("Token").fill(running.token)
    page.get_by_label("Your name").fill("Noor")
    page.get_by_role("button", name="Log in").click()
    assert page.url.endswith("/stories?entity=halden-ferries")
    page.get_by_role("link", name="Alerts").click()
    page.get_by_role("button", name="Dismiss").first.click()
    assert "Marked dismissed." in page.inner_text("main")
    assert running.wiring.store.alerts.audit(limit=1)[0]["author"] == "Noor"
    page.reload()
    assert "Marked dismissed." not in page.inner_text("main")
    page.get_by_role("button", name="Log out").click()
    page.goto(running.base + "/alerts")
    assert "/login" in page.url
    context.close()


def test_try_it_tells_what_would_fire(running: Running, browser: Browser) -> None:
    page, said = opened(browser, running, WIDE)
    page.goto(running.base + "/try")
    page.get_by_label("Text", exact=True).fill("Halden Ferries said on Monday that its ships will sail again. Mirela Costin confirmed it.")
    page.get_by_role("button", name="Try it").click()
    text = page.inner_text("#answer")
    assert "would go out" in text
    assert "Halden Ferries" in text
    assert page.locator("#answer mark").count() >= 2
    assert judged(page) == []
    shoot(page, "try-answer")
    assert said == []
    page.context.close()


class Printed(BaseHTTPRequestHandler):
    """A paper with one page, and nothing under any other address."""

    def do_GET(self) -> None:
        body = desk.html(desk.REPORTS[0]) if self.path == "/story" else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Nothing."""


@pytest.fixture
def paper() -> Iterator[str]:
    """The address of a paper on the loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Printed) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_try_it_reads_an_address_as_the_service_would(running: Running, browser: Browser, paper: str) -> None:
    page, said = opened(browser, running, WIDE)
    for path in ("/story", "/gone"):
        page.goto(running.base + "/try")
        page.get_by_label("Address").fill(paper + path)
        page.get_by_role("button", name="Try it").click()
        text = page.inner_text("main")
        assert judged(page) == []
        shoot(page, f"try-address{path.replace('/', '-')}")
        if path == "/story":
            assert "2 alerts would go out" in text
            assert "Halden Ferries halts winter crossings" in text
            assert "Get our newsletter" in page.inner_text(".gone")
        else:
            assert "The address answers 404." in text
            assert page.get_by_label("Address").input_value() == paper + path
    assert [line for line in said if "409" not in line] == []
    page.context.close()


def test_a_page_shows_what_is_new_by_itself(running: Running, browser: Browser) -> None:
    page, said = opened(browser, running, WIDE)
    page.goto(running.base + "/sources")
    page.wait_for_timeout(3000)  # the first look at the ledger is what later ones are compared with
    feed = next(feed for feed in running.wiring.store.feeds.health() if "morgen" in feed.url)
    running.wiring.store.feeds.record_poll(desk.polled(feed, running.board.now(), lag=7_200.0))
    page.get_by_text("2 h", exact=True).wait_for()
    assert said == []
    page.context.close()


def test_the_keyboard_reaches_the_content_first(running: Running, browser: Browser) -> None:
    page, _ = opened(browser, running, WIDE)
    page.goto(running.base + "/alerts")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    headlines = page.locator("main .headline a").all_inner_texts()
    for key, expected in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.textContent") == headlines[expected]
    page.goto(running.base + "/search?q=")
    page.get_by_label("Words to look for").fill("")
    page.keyboard.type("jk")
    assert page.get_by_label("Words to look for").input_value() == "jk"
    page.context.close()


def shoot(page: Page, name: str) -> None:
    """A picture to look at, where somebody asks for one."""
    where = os.environ.get("SCREENSHOTS_TO")
    if where:
        Path(where).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{where}/{name}.png", full_page=True)
