"""The rate limits: one contract, in memory and in Redis."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from connectors.api.ratelimit import (
    MemoryLimiter,
    Rate,
    RateLimiter,
    Rates,
    RedisLimiter,
    code_limit,
    make_limits,
)

MakeLimiter = Callable[[Rate], RateLimiter]


@pytest.fixture(name="redis_port", scope="module")
def _redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("Redis")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    folder: Path = tmp_path_factory.mktemp("redis")
    command = [
        server,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        yield port
        process.terminate()


async def connected(port: int) -> Redis:
    """Return a client once the server answers."""
    client = Redis(port=port)
    for _ in range(100):
        try:
            await client.ping()
            return client
        except RedisConnectionError:
            await asyncio.sleep(0.05)
    raise AssertionError("Redis did not start")


@pytest.fixture(
    name="make_limiter", params=["memory", pytest.param("redis", marks=pytest.mark.redis)]
)
async def _make_limiter(request: pytest.FixtureRequest) -> AsyncIterator[MakeLimiter]:
    if request.param == "memory":
        yield MemoryLimiter
        return
    client = await connected(request.getfixturevalue("redis_port"))
    await client.flushall()
    yield lambda rate: RedisLimiter(client, "test", rate)
    await client.aclose()


async def test_the_burst_passes_then_one_must_wait(make_limiter: MakeLimiter) -> None:
    """Three requests of a burst of three pass; the fourth must wait about an interval."""
    limiter = make_limiter(Rate(3, 100.0))
    assert [await limiter.wait_for("a") for _ in range(3)] == [0.0, 0.0, 0.0]
    assert 90.0 < await limiter.wait_for("a") <= 100.0


async def test_a_refused_request_does_not_count(make_limiter: MakeLimiter) -> None:
    """Insisting does not make the wait longer."""
    limiter = make_limiter(Rate(1, 100.0))
    await limiter.wait_for("a")
    waits = [await limiter.wait_for("a") for _ in range(20)]
    assert max(waits) <= 100.0


async def test_each_key_has_its_own_count(make_limiter: MakeLimiter) -> None:
    """One key that waits does not make another wait."""
    limiter = make_limiter(Rate(1, 100.0))
    await limiter.wait_for("a")
    assert await limiter.wait_for("a") > 0
    assert await limiter.wait_for("b") == 0.0


async def test_a_forgotten_key_begins_again(make_limiter: MakeLimiter) -> None:
    """Forgetting a key gives its whole burst back, and only to it."""
    limiter = make_limiter(Rate(1, 100.0))
    for key in ("a", "b"):
        await limiter.wait_for(key)
    await limiter.forget("a")
    assert await limiter.wait_for("a") == 0.0
    assert await limiter.wait_for("b") > 0


async def test_requests_at_the_same_time_share_the_burst(make_limiter: MakeLimiter) -> None:
    """Of fifty requests at once exactly the burst passes."""
    limiter = make_limiter(Rate(5, 100.0))
    waits = await asyncio.gather(*(limiter.wait_for("a") for _ in range(50)))
    assert waits.count(0.0) == 5


async def test_time_gives_requests_back() -> None:
    """After one interval one more request passes, and only one."""
    now = 1000.0
    limiter = MemoryLimiter(Rate(2, 10.0), clock=lambda: now)
    assert [await limiter.wait_for("a") for _ in range(3)] == [0.0, 0.0, 10.0]
    now = 1004.0
    assert await limiter.wait_for("a") == 6.0
    now = 1010.0
    assert [await limiter.wait_for("a") for _ in range(2)] == [0.0, 10.0]


async def test_memory_is_bounded() -> None:
    """Beyond its size the limiter forgets the key seen longest ago."""
    limiter = MemoryLimiter(Rate(1, 100.0), clock=lambda: 0.0, max_keys=2)
    for key in ("a", "b", "c"):
        await limiter.wait_for(key)
    assert await limiter.wait_for("c") == 100.0
    assert await limiter.wait_for("a") == 0.0


async def test_without_redis_each_process_counts_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """When Redis does not answer the limit still holds, and people are not kept out."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        client = Redis(port=closed.getsockname()[1], socket_connect_timeout=0.2)
        limiter = RedisLimiter(client, "test", Rate(1, 100.0))
        assert await limiter.wait_for("198.51.100.4") == 0.0
        assert await limiter.wait_for("198.51.100.4") > 0
        await client.aclose()
    assert "Redis does not answer" in caplog.text
    assert "198.51.100.4" not in caplog.text


async def test_an_ipv6_client_cannot_change_address() -> None:
    """All the addresses of one /64 are one client; the next /64 is another."""
    limits = make_limits(Rates(conversations=Rate(1, 100.0)))
    assert await limits.conversation("2001:db8:0:1::1") == 0.0
    assert await limits.conversation("2001:db8:0:1:ffff::2") > 0
    assert await limits.conversation("2001:db8:0:2::1") == 0.0


async def test_an_ipv4_address_in_ipv6_dress_is_the_same_client() -> None:
    """::ffff:192.0.2.1 is 192.0.2.1."""
    limits = make_limits(Rates(codes=Rate(1, 100.0)))
    assert await limits.code("192.0.2.1") == 0.0
    assert await limits.code("::ffff:192.0.2.1") > 0


async def test_unknown_addresses_share_one_count() -> None:
    """A request without address (a Unix socket) is counted too."""
    limits = make_limits(Rates(lookups=Rate(1, 100.0)))
    assert await limits.lookup(None) == 0.0
    assert await limits.lookup("not an address") > 0


async def test_codes_of_the_chat_and_of_the_page_share_one_count() -> None:
    """An address gains nothing by going from one door to another; a chat has its own count."""
    limits = make_limits(Rates(codes=Rate(1, 100.0)))
    assert await limits.code("192.0.2.1") == 0.0
    assert await limits.code_of("192.0.2.1") > 0
    assert await limits.code_of("conversation-a") == 0.0
    assert await limits.code_of("conversation-b") == 0.0
    assert await limits.code_of("conversation-a") > 0


async def test_a_turn_counts_its_codes_from_its_thread() -> None:
    """The threads that play the turns ask the limiter of the event loop."""
    limits = make_limits(Rates(codes=Rate(1, 100.0)))
    wait_for = code_limit(limits, asyncio.get_running_loop())
    waits = [await asyncio.to_thread(wait_for, "192.0.2.1") for _ in range(2)]
    assert waits[0] == 0.0
    assert waits[1] > 0


@pytest.mark.parametrize(("burst", "every_s"), [(0, 1.0), (1, 0.0)])
def test_a_rate_that_means_nothing_is_refused(burst: int, every_s: float) -> None:
    """A rate needs at least one request and a time."""
    with pytest.raises(ValueError, match="a rate needs a burst"):
        Rate(burst, every_s)
