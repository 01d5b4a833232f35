"""Copies join their story whatever was cut; distinct reports stay apart; a decision is made once."""

from __future__ import annotations

import importlib.util
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stories.agency import agency
from pipeline.stories.fingerprint import SHINGLES, Fingerprint, fingerprint
from pipeline.stories.grouping import Report, StoryPolicy
from pipeline.stories.memory import MemoryIndex, place
from pipeline.stories.similarity import overlap
from pipeline.stories.terms import terms, words
from workers.cli.group import Desk

ROOT = Path(__file__).parents[2]


def load(name: str) -> ModuleType:
    """A module of bench/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "bench" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


COPIES = load("copies")
REPORTS: list[dict[str, Any]] = COPIES.reports()
TOPICS: list[dict[str, Any]] = COPIES.reports("topics.jsonl")
ASKED = ("id", "title", "text", "published", "source", "language")


def asked(line: dict[str, Any]) -> dict[str, Any]:
    """What ``group`` may see of a line."""
    return {key: line[key] for key in ("id", "title", "text", "published", "url", "source", "language")}


def test_the_gate_for_distinct_reports() -> None:
    """27 reports of 18 events, many of one topic: none is a copy, none in a foreign story, and some events are found."""
    desk = Desk(StoryPolicy())
    event = {report["id"]: report["event"] for report in REPORTS}
    answers = [desk.place(asked(report)) for report in REPORTS]
    assert [answer for answer in answers if answer["duplicate_of"]] == []
    assert [answer for answer in answers if event[answer["id"]] != event[answer["story"]]] == []
    assert sum(answer["id"] != answer["story"] for answer in answers) >= 5


def test_the_gate_for_topics() -> None:
    """72 events of 30 topics, three to a topic, in six languages: at least 99 of 100 stay apart, most second reports are joined."""
    desk = Desk(StoryPolicy())
    event = {report["id"]: report["event"] for report in TOPICS}
    answers = {report["id"]: desk.place({key: value for key, value in report.items() if key in ASKED}) for report in TOPICS}
    assert [answer for answer in answers.values() if answer["duplicate_of"]] == []
    assert [answer["id"] for answer in answers.values() if event[answer["id"]] != event[answer["story"]]] == []
    joined = {language_of(answer["id"]) for answer in answers.values() if answer["id"] != answer["story"]}
    assert joined == {"en", "de", "ru", "zh", "ja", "ar"}
    assert sum(answer["id"] != answer["story"] for answer in answers.values()) >= 14


def language_of(ident: str) -> str:
    """The language of a report of the topics."""
    return str(next(report["language"] for report in TOPICS if report["id"] == ident))


def test_no_wrong_join_of_a_topic_is_sure_enough_to_keep_quiet() -> None:
    index, policy = MemoryIndex(keep=StoryPolicy().copy_window), StoryPolicy()
    event = {report["id"]: report["event"] for report in (*TOPICS, *REPORTS)}
    found = {}
    for line in sorted((*TOPICS, *REPORTS), key=lambda each: str(each["published"])):
        at = datetime.fromisoformat(line["published"]).timestamp()
        print_ = fingerprint(line["title"], line["text"])
        found[line["id"]] = place(Report(id=line["id"], fingerprint=print_, at=at, source=line["source"]), index, policy)
    events = {ident: one for ident, one in found.items() if one.why == "event"}
    assert all(event[ident] == event[one.story] for ident, one in events.items() if one.sure and one.story is not None)
    assert any(one.sure for one in events.values())
    assert any(not one.sure for one in events.values())


def test_an_outlets_next_report_over_its_old_background_is_no_copy() -> None:
    """The first half is new, the second is last week's: a cut of one text would begin with what both share."""
    news, background = REPORTS[8]["text"], REPORTS[12]["text"]
    desk = Desk(StoryPolicy())
    desk.place({**asked(REPORTS[12]), "id": "old", "text": f"{REPORTS[4]['text']}\n{background}"})
    assert desk.place({**asked(REPORTS[8]), "id": "new", "text": f"{news}\n{background}"})["duplicate_of"] is None


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("وقالت الوزيرة إن المحكمة", {"وزيرة", "محكمة"}),
        ("ロドリゲス投手が輪島市で", {"ロドリゲス", "輪島市"}),
        ("罗世昌的孩子在北京", {"罗世昌", "孩子", "北京"}),
        ("이순신은 서울에서", {"이순신", "서울에"}),
        ("Nothing here, и здесь тоже", set()),
    ],
)
def test_terms_stand_in_for_names_where_nothing_has_capitals(text: str, some: set[str]) -> None:
    assert some <= set(terms(text))
    assert bool(set(terms(text))) == bool(some)


def test_the_gate_for_copies() -> None:
    """Fifty copies of each report, cut to 60 %, retitled, furniture changed, all streams mixed: at least 95 % are suppressed."""
    rng = random.Random(5)
    chosen = REPORTS[::3]
    lines = [copy for report in chosen for copy in COPIES.copies(report, 50, rng)]
    rng.shuffle(lines)
    lines.sort(key=lambda line: line["published"][:13])
    event = {line["id"]: next(report["event"] for report in REPORTS if report["id"] == line["copy_of"]) for line in lines}
    desk = Desk(StoryPolicy())
    opened: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        answer = desk.place(asked(line))
        assert event[answer["story"]] == event[answer["id"]]
        opened[line["copy_of"]].add(answer["story"])
    stories = {story for found in opened.values() for story in found}
    assert 1 - (len(stories) - len(chosen)) / (len(lines) - len(chosen)) >= 0.99


def test_the_three_hundredth_copy_is_still_found_and_keys_stay_few() -> None:
    """Each copy adds the keys that lead nowhere yet, so that those that all share do not become common."""
    policy = StoryPolicy()
    index = MemoryIndex(keep=policy.copy_window)
    answers = []
    for line in COPIES.copies(REPORTS[4], 300, random.Random(8)):
        report = Report(id=line["id"], fingerprint=fingerprint(line["title"], line["text"]), at=1_800_000_000.0, source=line["source"])
        answers.append(place(report, index, policy))
    assert len({found.story for found in answers}) == 1
    assert max(len(held) for held in index._holders.values() if isinstance(held, list)) < policy.common


@pytest.mark.parametrize("late", [0, 47])
def test_a_copy_may_come_late(late: int) -> None:
    report = REPORTS[0]
    first, second = COPIES.copies(report, 2, random.Random(1))
    second["published"] = (datetime.fromisoformat(first["published"]) - timedelta(hours=late)).isoformat()
    desk = Desk(StoryPolicy())
    desk.place(asked(first))
    assert desk.place(asked(second)) == {"id": second["id"], "story": first["id"], "duplicate_of": first["id"]}


def test_a_copy_after_the_window_is_a_new_story() -> None:
    first, second = COPIES.copies(REPORTS[0], 2, random.Random(1))
    second["published"] = (datetime.fromisoformat(first["published"]) + timedelta(days=8)).isoformat()
    desk = Desk(StoryPolicy())
    desk.place(asked(first))
    assert desk.place(asked(second))["story"] == second["id"]


def test_one_wrong_date_does_not_make_it_forget() -> None:
    first, second = COPIES.copies(REPORTS[0], 2, random.Random(1))
    desk = Desk(StoryPolicy())
    desk.place(asked(first))
    for number in range(3):
        desk.place({"id": f"wrong-{number}", "title": "x", "text": f"y {number}", "published": f"{2050 + 10 * number}-01-01"})
    assert desk.place(asked(second))["story"] == first["id"]


def test_the_same_line_gets_the_same_answer_again() -> None:
    desk = Desk(StoryPolicy())
    first, second = COPIES.copies(REPORTS[3], 2, random.Random(1))
    answers = [desk.place(asked(line)) for line in (first, second, first, second)]
    assert answers[:2] == answers[2:]


def test_texts_from_one_template_stay_apart() -> None:
    """Results, weather, traffic: the same sentences in another order are another report."""
    rng = random.Random(3)
    sentences = [
        "Roads in the {} district will be repaired, the council said.",
        "Experts expect the harvest to grow by {} percent this year.",
        "The committee put its session off until next week.",
        "Residents of the quarter asked for a new school in {} street.",
        "The ministry published its report on the state of the water supply.",
        "The teachers' union talked about the timetable of {} lessons.",
    ]
    desk = Desk(StoryPolicy())
    for number in range(40):
        text = "\n".join(" ".join(rng.choice(sentences).format(rng.randint(2, 40)) for _ in range(5)) for _ in range(9))
        line = {"id": f"soup-{number}", "title": f"News in brief {number}", "text": text, "published": "2026-10-05T10:00:00Z"}
        assert desk.place(line)["story"] == line["id"]


def test_a_background_paragraph_makes_no_copy() -> None:
    """An outlet repeats the same background under every new report of a topic."""
    background = REPORTS[2]["text"].split("\n")[-1]
    desk = Desk(StoryPolicy())
    for report in (REPORTS[8], REPORTS[12], REPORTS[20]):
        line = {**asked(report), "text": f"{report['text']}\n{background}", "published": "2026-10-05T10:00:00Z"}
        assert desk.place(line)["story"] == line["id"]


def test_empty_texts_are_no_copies_of_each_other() -> None:
    desk = Desk(StoryPolicy())
    for number in range(3):
        assert desk.place({"id": f"e{number}", "title": "", "text": ""})["story"] == f"e{number}"


def test_a_bad_line_raises_for_the_answerer() -> None:
    with pytest.raises(Exception, match="id"):
        Desk(StoryPolicy()).place({"title": "x"})


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400), st.text(max_size=80))
def test_any_text_has_a_fingerprint_that_survives_storing(text: str, title: str) -> None:
    found = fingerprint(title, text)
    assert Fingerprint.from_json(found.as_json()) == found
    keys = found.index_keys(copied=False)
    assert all(-(1 << 63) <= key < (1 << 63) for key in keys)
    assert len(set(keys)) == len(keys)
    assert set(found.index_keys(copied=True)) <= set(keys)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 3_000), st.integers(0, 1 << 30))
def test_a_fingerprint_is_bounded_and_its_thinning_nested(length: int, seed: int) -> None:
    rng = random.Random(seed)
    text = " ".join(str(rng.randrange(10**6)) for _ in range(length))
    whole, half = fingerprint("", text), fingerprint("", " ".join(text.split()[: length // 2 + 5]))
    assert len(whole.shingles) <= SHINGLES
    assert overlap(whole, half).share > 0.95


def test_memory_does_not_grow_for_ever() -> None:
    policy = StoryPolicy()
    index = MemoryIndex(keep=policy.copy_window)
    start = datetime(2026, 10, 1, tzinfo=UTC).timestamp()
    rng = random.Random(1)
    for hour in range(400):
        text = " ".join(f"w{rng.randrange(10**6)}" for _ in range(80))
        place(Report(id=str(hour), fingerprint=fingerprint("", text), at=start + hour * 3600), index, policy)
    assert index.size() <= policy.copy_window / 3600 + 2
    assert len(index._holders) <= index.size() * 60


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("KYIV, May 4 (Reuters) - A convoy left.", "reuters"),
        ("BERLIN (dpa) - Der Zug kam.", "dpa"),
        ("A convoy left.\nSource: AFP", "afp"),
        ("The band Reuters played.", None),
    ],
)
def test_an_agency_is_named_by_its_mark(text: str, named: str | None) -> None:
    assert agency(text, words(text)) == named
