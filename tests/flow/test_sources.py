"""One feed, one page at a time, over real HTTP into a real ledger: what becomes of each kind of answer."""

from __future__ import annotations

import gzip
import threading
from dataclasses import replace
from functools import partial

import pytest
from source_house import DAY, HOUR, NET, START, Names, item, open_house, rss

from pipeline.feeds.habits import Learned
from pipeline.feeds.spec import FeedSpec
from pipeline.flow.discovery import discover_feeds
from pipeline.flow.hosts import hold, recall, watch_hosts
from pipeline.flow.keep import keep
from pipeline.flow.pacing import STALE
from pipeline.flow.poll import poll
from pipeline.flow.together import Together
from pipeline.model import EntryState, Lane
from pipeline.net.politeness import Governor, Rules
from pipeline.net.robots import Robots

LONG = "<p>" + "The council of the harbour town voted on the ferry. " * 60 + "</p>"


@pytest.fixture
async def house(sqlite_url):
    async with open_house(sqlite_url) as made:
        yield made


# -- polls ------------------------------------------------------------------------------------------------------------


async def test_the_first_poll_is_backlog_and_the_next_is_news(house):
    house.site.say("/feed", rss(item(1), item(2)))
    house.watch(FeedSpec(url=f"{house.site.home}/feed"))
    first = await house.poll()
    assert (first.outcome, first.new, first.state) == ("ok", 2, "ok")
    house.site.say("/feed", rss(item(3), item(1), item(2)))
    second = await house.poll()
    assert (second.new, second.known, second.edited) == (1, 2, 0)
    claimed = house.store.entries.claim_fetch(house.now, "t", 60, 10)
    assert {entry.entry.id: entry.backlog for entry in claimed} == {"g-1": True, "g-2": True, "g-3": False}
    assert claimed[0].entry.url.startswith(house.site.home)


@pytest.mark.parametrize("written", [{"backlog": "6h"}, {"since": 6 * HOUR}])
async def test_a_backlog_since_alerts_what_is_young_enough(house, written):
    date = "<pubDate>Fri, 15 Jan 2027 07:00:00 GMT</pubDate>", "<pubDate>Thu, 14 Jan 2027 07:00:00 GMT</pubDate>"
    house.site.say("/feed", rss(item(1, date=date[0]), item(2, date=date[1]), item(3)))
    house.watch(FeedSpec(url=f"{house.site.home}/feed", **written))
    await house.poll()  # Fri, 15 Jan 2027 08:00
    claimed = house.store.entries.claim_fetch(house.now, "t", 60, 10)
    assert {entry.entry.id: entry.backlog for entry in claimed} == {"g-1": False, "g-2": True, "g-3": True}


async def test_an_edit_is_fetched_again_as_a_revision(house):
    house.site.say("/feed", rss(item(1)))
    house.site.say("/news/report-number-1", "<html><body><p>One.</p></body></html>")
    house.watch(FeedSpec(url=f"{house.site.home}/feed"))
    await house.poll()
    await house.collect()
    house.site.say("/feed", rss(item(1, title="Report 1, corrected")))
    assert (await house.poll()).edited == 1
    (again,) = house.store.entries.claim_fetch(house.now, "t", 60, 10)
    assert (again.revision, again.entry.title) == (1, "Report 1, corrected")


async def test_a_long_document_is_worked_on_beside_the_event_loop(house):
    house.site.say("/feed", rss(*(item(number) for number in range(300))))
    house.watch(FeedSpec(url=f"{house.site.home}/feed"))
    assert (await house.poll()).new == 300
    house.site.say("/feed", rss(*(item(number) for number in range(1, 301))))
    after = await house.poll()
    assert (after.new, after.known, after.edited) == (1, 299, 0)
    desk = house.polls.reading
    threads = [await desk.in_turn(threading.get_ident, long=long) for long in (False, True)]
    assert (threads[0] == threading.get_ident(), threads[1] == threading.get_ident()) == (True, False)


async def test_the_pace_follows_what_is_learned_when_it_is_old(house):
    house.watch(*(FeedSpec(url=f"{house.site.home}/{number}") for number in range(3)))
    pacing = house.polls.pacing
    pacing.seed(house.store.feeds.health(), lambda _site: 0.0)
    feed, busy = house.feed(), Learned(counts=(9.0,) * 24, days=1.0)
    seeded = pacing.of(feed, Learned(), least=0.0, now=START)
    await pacing.renew(START)
    before = pacing.of(feed, busy, least=0.0, now=START)
    assert before == pytest.approx(seeded, rel=0.1)
    await pacing.renew(START + 60)
    assert pacing.of(feed, busy, least=0.0, now=START + 60) == before
    await pacing.renew(START + STALE)
    assert pacing.of(feed, busy, least=0.0, now=START + STALE) > before


async def test_an_unchanged_body_is_not_read_again(house):
    house.site.say("/feed", rss(item(1)))
    house.watch(FeedSpec(url=f"{house.site.home}/feed"))
    await house.poll()
    assert (await house.poll()).outcome == "unchanged"


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [(404, "", "http_404"), (500, "", "http_500"), (200, "<html><body>Hello</body></html>", "not_a_feed"), (200, "", "not_a_feed")],
)
async def test_a_feed_that_fails_says_why_and_when_it_is_tried_again(house, status, body, outcome):
    house.site.say("/feed", body, status)
    house.watch(FeedSpec(url=f"{house.site.home}/feed"))
    done = await house.poll()
    assert (done.outcome, done.state) == (outcome, "failing")
    assert done.reason
    assert "\n" not in done.reason
    assert house.now < done.next_try <= house.now + 1.1 * DAY
    house.site.say("/feed", rss(item(1)))
    healed = await house.poll()
    assert (healed.state, healed.reason, house.feed().failures) == ("ok", "", 0)


async def test_what_a_host_asks_holds_for_all_its_feeds(house):
    house.site.say("/a", "", 503, Retry_After="600")
    house.site.say("/b", rss(item(1)))
    house.watch(FeedSpec(url=f"{house.site.home}/a", every=5.0), FeedSpec(url=f"{house.site.home}/b", every=5.0))
    claimed = {feed.url.rsplit("/", 1)[1]: feed for feed in house.store.feeds.claim_due(house.now, "house", 60, 10)}
    refused = await poll(claimed["a"], house.polls)
    assert refused.next_try == START + 600
    held = await poll(claimed["b"], house.polls)
    assert (held.outcome, held.next_try) == ("held", START + 600)
    assert house.site.asked == ["/a"]


async def test_what_a_host_asked_is_known_after_a_restart(house):
    await hold(house.store, Governor(Rules(NET)), "127.0.0.1", 600, START)
    restarted = Governor(Rules(NET))
    await recall(house.store, restarted, START + 100)
    assert 499 < restarted.held("127.0.0.1") <= 500


async def test_gone_twice_is_parked_and_may_come_back(house):
    house.site.say("/feed", "", 410)
    house.watch(FeedSpec(url=f"{house.site.home}/feed"))
    assert (await house.poll()).state == "failing"
    parked = await house.poll()
    assert (parked.state, parked.events) == ("parked", ("parked",))
    house.site.say("/feed", rss(item(1)))
    assert (await house.poll()).events == ("resumed",)


async def test_a_feed_that_moved_is_asked_at_its_new_place_and_can_be_sent_back(house):
    house.site.say("/feed", "", 301, Location="/new")
    house.site.say("/new", rss(item(1)))
    house.watch(FeedSpec(url=f"{house.site.home}/feed"))
    await house.poll()
    for day in range(1, 10):
        done = await house.poll(at=START + day * DAY + 1)
        if done.events:
            break
    assert (day, done.events) == (8, ("redirect",))  # the first poll shared no entry with any before
    assert house.feed().fetch_url == f"{house.site.home}/new"
    house.site.asked.clear()
    await house.poll()
    assert house.site.asked == ["/new"]
    (event,) = house.store.feeds.events(kinds=["redirect"])
    assert house.store.feeds.revert_redirect(event["seq"], house.now)
    assert house.feed().fetch_url == f"{house.site.home}/feed"


async def test_silence_and_recovery_are_told_once(house):
    house.watch(FeedSpec(url=f"{house.site.home}/feed", every=HOUR))
    for hour in range(72):
        house.site.say("/feed", rss(*(item(n) for n in range(hour, max(-1, hour - 10), -1))))
        await house.poll(at=START + hour * HOUR + 1)
    told = []
    for hour in range(72, 100):
        told += (await house.poll(at=START + hour * HOUR + 1)).events
    assert told == ["source.silent"]
    assert house.feed().state == "silent"
    assert "nothing new for" in house.feed().reason
    house.site.say("/feed", rss(item(1000)))
    assert (await house.poll(at=START + 101 * HOUR)).events == ("source.recovered",)
    told = house.store.deliveries.list(endpoint="desk")
    assert sorted(message["type"] for message in told) == ["source.recovered", "source.silent"]


async def test_a_host_in_trouble_is_one_incident(house):
    for name in "abc":
        house.site.say(f"/{name}", "", 500)
    house.watch(*(FeedSpec(url=f"{house.site.home}/{name}") for name in "abc"))
    for feed in house.store.feeds.claim_due(START + 700, "house", 60, 10):
        await poll(feed, house.polls)
    (begun,) = watch_hosts(house.store, START + 700)
    assert (begun.host, begun.failing) == ("127.0.0.1", True)
    assert watch_hosts(house.store, START + 760) == []
    for name in "abc":
        house.site.say(f"/{name}", rss(item(1)))
    for feed in house.store.feeds.claim_due(START + 9000, "house", 60, 10):
        await poll(feed, house.polls)
    assert [change.failing for change in watch_hosts(house.store, START + 9000)] == [False]


async def test_a_news_sitemap_by_its_index(house):
    def page(number, date):
        return (
            f"<url><loc>{house.site.home}/n{number}</loc><n:news><n:publication_date>{date}</n:publication_date>"
            f"<n:title>Report {number}</n:title></n:news></url>"
        )

    space = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'"
    pages = page(1, "2027-01-15T07:00:00Z") + page(2, "2027-01-10T07:00:00Z")
    house.site.say("/news.xml.gz", gzip.compress(f"<urlset {space}>{pages}</urlset>".encode()), Content_Type="application/gzip")
    index = f"<sitemapindex {space}><sitemap><loc>{house.site.home}/news.xml.gz</loc></sitemap></sitemapindex>"
    house.site.say("/map.xml", index)
    house.watch(FeedSpec(url=f"{house.site.home}/map.xml"))
    assert (await house.poll()).new == 1
    (claimed,) = house.store.entries.claim_fetch(house.now, "t", 60, 10)
    assert (claimed.entry.title, claimed.entry.published) == ("Report 1", "2027-01-15T07:00:00+00:00")


async def test_files_and_directories_are_sources_too(house, tmp_path):
    (tmp_path / "one.xml").write_text(rss(item(1)))
    (tmp_path / "two.rss").write_text(rss(item(2), item(3)))
    (tmp_path / "notes.txt").write_text("no feed")
    house.watch(FeedSpec(url=f"file://{tmp_path}", every=5.0))
    assert (await house.poll()).new == 3
    assert (await house.poll()).outcome == "unchanged"
    (tmp_path / "three.xml").write_text(rss(item(4)))
    assert (await house.poll()).new == 1
    (tmp_path / "one.xml").write_text("rubbish")
    assert (await house.poll()).known == 3


async def test_a_file_that_is_not_there(house, tmp_path):
    house.watch(FeedSpec(url=f"file://{tmp_path}/none.xml"))
    assert (await house.poll()).outcome == "no_file"


# -- pages ------------------------------------------------------------------------------------------------------------


async def one_page(house, entry, **more):
    house.site.say("/feed", rss(entry))
    house.watch(FeedSpec(url=f"{house.site.home}/feed", **more))
    await house.poll()
    (done,) = await house.collect()
    return done


def stored(house, done):
    return house.store.articles.page(done.page_id)


@pytest.mark.parametrize(("word", "lane"), [("Prigozhin", Lane.HOT), ("nobody", Lane.COLD)])
async def test_the_quick_scan_chooses_the_lane(house, word, lane):
    house.site.say("/news/report-number-1", f"<html><body><p>About {word}.</p></body></html>")
    done = await one_page(house, item(1))
    assert (done.outcome, done.lane) == ("page", lane)
    assert stored(house, done).body.startswith(b"<html>")


async def test_where_only_hits_are_kept_others_are_settled(house):
    hits = partial(keep, store=house.store, scanner=Names(), owner="house", hits_only=True)
    house.pages = replace(house.pages, kept=Together(hits))
    house.site.say("/news/report-number-1", "<html><body><p>About nobody.</p></body></html>")
    await one_page(house, item(1))
    assert house.store.entries.counts_by_state() == {EntryState.NO_MATCH: 1}


async def test_a_page_that_is_refused_is_read_from_the_feed(house):
    house.site.say("/news/report-number-1", "", 403)
    done = await one_page(house, item(1, more="<description>Prigozhin was seen.</description>"))
    assert (done.outcome, done.lane, done.reason) == ("feed_only", Lane.HOT, "the page answers 403")
    assert b"Prigozhin was seen." in stored(house, done).body


async def test_a_feed_with_whole_articles_needs_no_page(house):
    done = await one_page(house, item(1, more=f"<c:encoded><![CDATA[{LONG}]]></c:encoded>"))
    assert done.outcome == "full_text"
    assert house.site.asked == ["/feed"]


async def test_unless_it_must_be_fetched(house):
    house.site.say("/news/report-number-1", "<p>page</p>")
    done = await one_page(house, item(1, more=f"<c:encoded><![CDATA[{LONG}]]></c:encoded>"), full_text=False)
    assert done.outcome == "page"


async def test_robots_are_obeyed_and_the_feed_speaks_instead(house):
    house.site.say("/robots.txt", "User-agent: *\nDisallow: /news", Content_Type="text/plain")
    done = await one_page(house, item(1))
    assert (done.outcome, done.reason) == ("feed_only", "robots.txt does not allow it")
    assert "/news/report-number-1" not in house.site.asked


async def test_a_page_that_is_late_is_tried_again(house):
    house.site.say("/news/report-number-1", "", 503, Retry_After="1")
    done = await one_page(house, item(1))
    assert (done.outcome, done.next_at) == ("retrying", house.now + 1)
    assert await house.collect() == []
    house.site.say("/news/report-number-1", "<p>here</p>")
    (again,) = await house.collect(at=house.now + 2)
    assert again.outcome == "page"


async def test_a_name_in_the_headline_does_not_wait_a_day_for_a_page_that_never_comes(house):
    done = await one_page(house, item(1, title="Prigozhin resigns", link="/never"))
    outcomes = [done.outcome]
    while outcomes[-1] == "retrying":
        house.governor.hold("127.0.0.1", 0)
        (done,) = await house.collect(at=done.next_at)
        outcomes.append(done.outcome)
    assert outcomes == ["retrying", "retrying", "feed_only"]
    assert house.now - START < 300
    assert done.lane is Lane.HOT


async def test_what_is_no_text_is_read_from_the_feed(house):
    house.site.say("/news/report-number-1", b"%PDF-1.7", Content_Type="application/pdf")
    done = await one_page(house, item(1))
    assert (done.outcome, done.reason) == ("feed_only", "the page is no text but application/pdf")


# -- discovery --------------------------------------------------------------------------------------------------------


async def test_feeds_of_a_site_are_found(house):
    house.site.say("/", "<html><head><link rel=alternate type='application/rss+xml' href='/all.rss'></head></html>")
    house.site.say("/all.rss", rss(item(1), item(2)))
    robots = Robots(house.fetcher, "Wirewatch")
    (found,) = await discover_feeds(f"{house.site.home}/", house.fetcher, robots, limit=10**6)
    assert (found.url, found.title, found.entries, found.why) == (f"{house.site.home}/all.rss", "Desk", 2, "link")


async def test_a_site_that_links_nothing_is_tried_at_the_usual_places(house):
    house.site.say("/", "<html><body>Welcome</body></html>")
    house.site.say("/rss.xml", rss(item(1)))
    (found,) = await discover_feeds(f"{house.site.home}/", house.fetcher, Robots(house.fetcher, "Wirewatch"), limit=10**6)
    assert found.why == "habit"


async def test_discovery_is_cheap_where_there_is_nothing(house):
    house.site.say("/", "<html><body>Welcome</body></html>")
    assert await discover_feeds(f"{house.site.home}/", house.fetcher, Robots(house.fetcher, "Wirewatch"), limit=10**6) == ()
    assert len(house.site.asked) <= 12


async def test_a_feed_is_its_own_discovery(house):
    house.site.say("/feed", rss(item(1)))
    (found,) = await discover_feeds(f"{house.site.home}/feed", house.fetcher, Robots(house.fetcher, "Wirewatch"), limit=10**6)
    assert found.why == "itself"
