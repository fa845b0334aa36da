"""Those who send too much, and those who guess keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import MakeEngine, local_client
from hypothesis import given
from hypothesis import strategies as st

from api.addresses import address
from api.app import create_app
from api.buckets import Buckets
from api.limits import Limits
from api.policy import Policy
from api.server import limits_for
from index.library import write as make_library
from qa.engine import Engine
from qa.keys import Keys

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

ELSEWHERE = ("203.0.113.7", 50000)
HERE = ("127.0.0.1", 50000)
SLOW = Limits(requests_per_second=0.01, requests_burst=3)


@pytest.fixture
def engine(tmp_path: Path, make_engine: MakeEngine) -> Engine:
    with make_library(tmp_path / "library"):
        return make_engine(tmp_path / "library")


@pytest.fixture
def keys(engine: Engine) -> Keys:
    return Keys(engine.library)


def client_of(app: Any, client: tuple[str, int] = ELSEWHERE) -> TestClient:
    return local_client(app, client=client)


def statuses(client: TestClient, times: int, token: str = "", path: str = "/v1/documents") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return [client.get(path, headers=headers).status_code for _ in range(times)]


# Buckets


def test_a_bucket_gives_a_burst_and_then_its_rate() -> None:
    now = 0.0
    buckets = Buckets(2, 3, lambda: now)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.take("b") == 0
    now = 0.5
    assert [buckets.take("a"), buckets.take("a")] == [0, 0.5]
    now = 100
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_the_names_that_are_kept_are_bounded_and_the_latest_stay() -> None:
    buckets = Buckets(1, 1, lambda: 0.0, names=100)
    for number in range(1000):
        buckets.take(str(number))
        buckets.take("busy")
    assert len(buckets._left) == 100
    assert buckets.take("busy") == 1
    assert buckets.take("0") == 0


@given(st.lists(st.floats(0, 2), max_size=60), st.floats(0.5, 20), st.integers(1, 10))
def test_never_more_than_burst_and_rate_allow(
    pauses: list[float], per_second: float, burst: int
) -> None:
    now = 0.0
    buckets = Buckets(per_second, burst, lambda: now)
    let_in = 0
    for pause in pauses:
        now += pause
        let_in += buckets.take("a") == 0
    assert let_in <= burst + now * per_second + 1e-6


# Requests


def test_each_key_has_a_rate_of_its_own(engine: Engine, keys: Keys) -> None:
    ana, ben = keys.add("ana", "read"), keys.add("ben", "read")
    client = client_of(create_app(engine, Policy(keys=keys, limits=SLOW)))
    assert statuses(client, 5, ana) == [200] * 3 + [429] * 2
    assert statuses(client, 1, ben) == [200]
    refused = client.get("/v1/documents", headers={"Authorization": f"Bearer {ana}"})
    assert refused.json()["code"] == "rate-limited"
    assert 90 <= int(refused.headers["retry-after"]) <= 100


def test_where_no_key_is_asked_for_each_address_has_its_rate(engine: Engine) -> None:
    app = create_app(engine, Policy(limits=SLOW))
    assert statuses(client_of(app), 4) == [200] * 3 + [429]
    assert statuses(client_of(app, ("203.0.113.8", 1)), 1) == [200]
    assert statuses(client_of(app, HERE), 10) == [200] * 10


def test_who_watches_over_the_service_is_not_limited(engine: Engine) -> None:
    client = client_of(create_app(engine, Policy(limits=SLOW)))
    for path in ("/health", "/metrics"):
        assert statuses(client, 10, path=path) == [200] * 10


def test_what_proxies_say_of_an_address_is_not_believed(engine: Engine) -> None:
    client = client_of(create_app(engine, Policy(limits=SLOW)))
    found = [
        client.get("/v1/documents", headers={"X-Forwarded-For": f"198.51.100.{number}"})
        for number in range(4)
    ]
    assert found[-1].status_code == 429


@pytest.mark.parametrize(
    ("host", "shortened"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::1", "::1"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_is_what_one_customer_has(host: str, shortened: str) -> None:
    assert address({"client": (host, 1)}) == shortened


def test_the_option_sets_the_rate_for_this_machine_too(engine: Engine) -> None:
    limited = client_of(create_app(engine, Policy(limits=limits_for(1))), HERE)
    assert statuses(limited, 30).count(429) > 5
    assert limits_for(None) == Limits()
    unlimited = client_of(create_app(engine, Policy(limits=limits_for(0))))
    assert statuses(unlimited, 120) == [200] * 120


# Guessing keys


def test_wrong_keys_are_slowed_down_and_right_ones_from_there_let_in(
    engine: Engine, keys: Keys
) -> None:
    token = keys.add("ana", "read")
    app = create_app(engine, Policy(keys=keys))
    client = client_of(app)
    guesses = [f"qa_{number}" for number in range(15)]
    found = [statuses(client, 1, guess)[0] for guess in guesses]
    assert found == [401] * 10 + [429] * 5
    assert statuses(client, 1, token) == [200]
    refused = client.get("/v1/documents", headers={"Authorization": "Bearer qa_x"})
    assert refused.json()["code"] == "wrong-keys"
    assert refused.headers["connection"] == "close"
    assert 1 <= int(refused.headers["retry-after"]) <= 6
    assert statuses(client_of(app, ("203.0.113.8", 1)), 1, "qa_x") == [401]
    assert (
        'quaere_refusals_total{code="wrong-keys"} 6.0'
        in client.get("/metrics", headers={"Authorization": f"Bearer {token}"}).text
    )


def test_no_key_at_all_is_no_guess(engine: Engine, keys: Keys) -> None:
    keys.add("ana", "read")
    client = client_of(create_app(engine, Policy(keys=keys)))
    assert statuses(client, 20) == [401] * 20
