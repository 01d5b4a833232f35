"""The outbox: what is claimed, in which order, what an attempt leaves behind, and what a replay sends again."""

from __future__ import annotations

from dataclasses import replace

from storelife import NOW, alerted

from pipeline.store import Store
from pipeline.store.deliveries import AttemptRecord, DeliveryState, MessageRecord, ReplayFilter


def attempt(ident: str, **changes: object) -> AttemptRecord:
    record = AttemptRecord(
        delivery_id=ident, owner="d", at=NOW, outcome="delivered", state=DeliveryState.DELIVERED, status=200, seconds=0.1
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def failed(ident: str, at: float, **changes: object) -> AttemptRecord:
    return attempt(ident, outcome="http_500", state=DeliveryState.WAITING, next_at=at, status=500, **changes)


def claim(store: Store, at: float = NOW, limit: int = 10, **caps: int) -> list[str]:
    return [one.id for one in store.deliveries.claim_due(at, "d", 30, limit, caps)]


def test_a_delivery_carries_the_very_bytes_and_the_alerts_id(store: Store) -> None:
    ident, _ = alerted(store)
    (one,) = store.deliveries.claim_due(NOW, "d", 30, 10)
    assert (one.message_id, one.body, one.type, one.endpoint, one.attempts, one.route) == (
        ident,
        b'{"type":"alert.match"}',
        "alert.match",
        "ops",
        0,
        "first",
    )
    assert store.deliveries.claim_due(NOW + 29, "other", 30, 10) == ()
    assert [again.id for again in store.deliveries.claim_due(NOW + 30, "other", 30, 10)] == [one.id]


def test_an_attempt_moves_the_delivery_only_for_its_holder(store: Store) -> None:
    alerted(store)
    (ident,) = claim(store)
    store.deliveries.claim_due(NOW + 30, "other", 30, 10)
    assert store.deliveries.record_attempts([attempt(ident)]) == 0
    assert store.deliveries.record_attempts([attempt(ident, owner="other", at=NOW + 31)]) == 1
    assert [(log["n"], log["outcome"]) for log in store.deliveries.attempts(ident)] == [(1, "delivered"), (2, "delivered")]
    (row,) = store.deliveries.list(state=DeliveryState.DELIVERED)
    assert (row["done_at"], row["attempts"], row["title"]) == (NOW + 31, 1, "Wagner Group: 1 new story")


def test_new_alerts_never_wait_behind_retries(store: Store) -> None:
    for n in range(3):
        alerted(store, n)
    store.deliveries.record_attempts([failed(ident, NOW + 5) for ident in claim(store)])
    alerted(store, 9, at=NOW + 6)
    first, *_ = store.deliveries.claim_due(NOW + 6, "d", 30, 1)
    assert first.attempts == 0


def test_a_story_is_told_in_order_at_each_endpoint(store: Store) -> None:
    alerted(store, 1, "ops", "second", story="st_1")
    alerted(store, 2, "ops", "second", story="st_1", event="story_grew", at=NOW + 1)
    alerted(store, 3, "ops", story="st_2", at=NOW + 1, entity="other")
    taken = store.deliveries.claim_due(NOW + 2, "d", 30, 10)
    assert sorted((one.endpoint, one.story_id) for one in taken) == [("ops", "st_1"), ("ops", "st_2"), ("second", "st_1")]
    first = next(one.id for one in taken if (one.endpoint, one.story_id) == ("ops", "st_1"))
    store.deliveries.record_attempts([failed(first, NOW + 60)])
    assert claim(store, NOW + 3) == []
    assert claim(store, NOW + 60) != []
    store.deliveries.record_attempts([attempt(first, owner=None)])
    assert [one.endpoint for one in store.deliveries.claim_due(NOW + 61, "d", 30, 10) if one.endpoint == "ops"] == ["ops"]


def test_caps_hold_for_each_endpoint(store: Store) -> None:
    for n in range(4):
        alerted(store, n, "ops", "second")
    taken = store.deliveries.claim_due(NOW, "d", 30, 10, {"ops": 1, "second": 2})
    assert sorted(one.endpoint for one in taken) == ["ops", "second", "second"]
    assert store.deliveries.claim_due(NOW, "d", 30, 10, {"ops": 0, "second": 0}) == ()


def test_parked_and_disabled_endpoints_are_left_alone(store: Store) -> None:
    alerted(store, 1, "ops", "second")
    store.deliveries.set_endpoint("ops", parked_until=NOW + 60, state="parked", reason="5 failures", failures=5, breaker={"pause": 60})
    store.deliveries.set_endpoint("second", state="disabled")
    assert claim(store, NOW) == []
    assert len(claim(store, NOW + 60)) == 1
    state = store.deliveries.endpoint("ops")
    assert state is not None
    assert (state.failures, state.breaker, state.reason) == (5, {"pause": 60}, "5 failures")
    assert not store.deliveries.set_endpoint("unknown", state="active")


def test_an_endpoint_that_left_the_configuration_keeps_its_queue(store: Store) -> None:
    alerted(store, 1, "ops")
    store.deliveries.sync_endpoints({"second": "slack"}, NOW)
    assert claim(store) == []
    assert store.deliveries.next_due_at() is None
    store.deliveries.sync_endpoints({"ops": "standard", "second": "slack"}, NOW)
    assert len(claim(store)) == 1


def test_a_parked_delivery_costs_no_attempt(store: Store) -> None:
    alerted(store)
    (ident,) = claim(store)
    store.deliveries.record_attempts([failed(ident, NOW + 5, counted=False)])
    assert store.deliveries.next_due_at() == NOW + 5
    (one,) = store.deliveries.claim_due(NOW + 5, "d", 30, 1)
    assert one.attempts == 0
    store.deliveries.postpone([ident], NOW + 50)
    assert claim(store, NOW + 49) == []
    assert claim(store, NOW + 50) == [ident]


def test_a_replay_keeps_the_webhook_id_and_the_order(store: Store) -> None:
    sent = [alerted(store, n, at=NOW + n)[0] for n in range(3)]
    for ident in claim(store, NOW + 9):
        store.deliveries.record_attempts([attempt(ident)])
    wanted = ReplayFilter(endpoint="ops", since=NOW + 1, until=NOW + 9, entity="wagner-group", state=DeliveryState.DELIVERED)
    planned = store.deliveries.replay(wanted, NOW + 20, dry_run=True)
    assert len(planned) == 2
    assert claim(store, NOW + 20) == []
    assert store.deliveries.replay(wanted, NOW + 20) == planned
    assert [one.message_id for one in store.deliveries.claim_due(NOW + 20, "d", 30, 10)] == sent[1:]
    assert store.deliveries.replay(ReplayFilter(ids=(sent[0],)), NOW + 21) != []


def test_a_replay_with_new_ids_is_a_new_message_with_the_same_body(store: Store) -> None:
    ident, _ = alerted(store)
    (delivery,) = claim(store)
    store.deliveries.record_attempts([attempt(delivery)])
    store.deliveries.replay(ReplayFilter(), NOW + 5, new_id=True)
    (one,) = store.deliveries.claim_due(NOW + 5, "d", 30, 10)
    assert one.message_id != ident
    assert (one.alert_id, one.route, one.body) == (ident, "replay", b'{"type":"alert.match"}')


def test_what_is_cancelled_is_never_sent(store: Store) -> None:
    alerted(store)
    (row,) = store.deliveries.list()
    assert store.deliveries.cancel([row["id"]], reason="asked for", now=NOW) == 1
    assert claim(store, NOW + 99) == []
    assert [(one["state"], one["reason"]) for one in store.deliveries.list()] == [("cancelled", "asked for")]


def test_a_digest_is_sent_once_and_takes_its_items_with_it(store: Store) -> None:
    from pipeline.store.analysis import DeliveryPlan

    plan = DeliveryPlan(endpoint="ops", next_at=NOW, digest="daily")
    alerted(store, 1, deliveries=(plan,))
    items = store.deliveries.digest_due(NOW)
    message = MessageRecord(id="no_1", type="alert.digest", body=b"{}", created_at=NOW, endpoints=("ops",), route="digest")
    sent = store.deliveries.add_message(message, digested=[one.seq for one in items])
    assert store.deliveries.add_message(message) == sent
    assert store.deliveries.digest_due(NOW) == []
    (one,) = store.deliveries.claim_due(NOW, "d", 30, 10)
    assert (one.id, one.type, one.route, one.alert_id) == (sent[0], "alert.digest", "digest", None)


def test_a_clean_stop_gives_deliveries_back(store: Store) -> None:
    alerted(store)
    claim(store)
    assert store.deliveries.release("d", NOW + 1) == 1
    assert len(claim(store, NOW + 1)) == 1


def test_endpoint_reports_count_what_was_tried(store: Store) -> None:
    for n in range(3):
        alerted(store, n)
    one, two, _ = claim(store)
    store.deliveries.record_attempts([attempt(one, seconds=0.5), failed(two, NOW + 60, seconds=2.0)])
    report = {line["endpoint"]: line for line in store.reports.endpoints(NOW - 1)}
    assert report["ops"] == {"endpoint": "ops", "attempts": 2, "delivered": 1, "p50": 2.0, "p95": 2.0, "waiting": 2}
    assert report["second"]["attempts"] == 0
