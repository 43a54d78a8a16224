"""Many threads, slow compressors and event loops: nothing is torn, nothing stale wins."""

import asyncio
import concurrent.futures
import threading

import pytest

from headroom_core.testing import FakeCounter

WORKERS = 8


def in_thread(call, *args, **options):
    """Start a thread and return it with the list its result goes to."""
    results = []
    thread = threading.Thread(target=lambda: results.append(call(*args, **options)))
    thread.start()
    return thread, results


def test_a_slow_old_put_never_overwrites_a_newer_one(toys, payload):
    """The put that was called later wins, though the earlier one takes longer; that one gets its entry and keeps nothing."""
    compressor = toys.blocking()
    heard = []
    context = toys.context(compressor, on_event=heard.append)
    thread, results = in_thread(context.put, "key", f"slow\n{payload}", "old", kind="toy")
    assert compressor.reached.wait(timeout=60)
    context.put("key", f"newer\n{payload}", "new", kind="toy")
    compressor.let_go.set()
    thread.join()

    assert context.get("key", full=True) == f"newer\n{payload}"
    assert context.get_entry("key").agent == "new"
    assert results[0].agent == "old"
    assert [(event.agent, event.reason) for event in heard if event.name == "put"] == [("new", None), ("old", "superseded")]


@pytest.mark.parametrize("end", ["delete", "clear"])
def test_what_was_deleted_while_it_was_compressed_stays_deleted(toys, payload, end):
    """A deletion ends the puts that were called before it."""
    compressor = toys.blocking()
    context = toys.context(compressor)
    thread, _ = in_thread(context.put, "key", f"slow\n{payload}", kind="toy")
    assert compressor.reached.wait(timeout=60)
    if end == "delete":
        context.delete("key")
    else:
        context.clear()
    compressor.let_go.set()
    thread.join()

    assert context.get("key") is None
    assert len(context) == 0


def test_a_slow_put_holds_up_nobody(toys, payload):
    """Compression runs outside any lock: other puts and gets go on."""
    compressor = toys.blocking()
    context = toys.context(compressor)
    thread, _ = in_thread(context.put, "slow", f"slow\n{payload}", kind="toy")
    assert compressor.reached.wait(timeout=60)
    context.put("other", payload, kind="toy")

    assert context.get("other", full=True) == payload
    assert context.keys() == ["other"]

    compressor.let_go.set()
    thread.join()
    assert context.keys() == ["slow", "other"]  # in the order of the calls


def test_threads_never_see_a_torn_entry_or_one_too_many(toys, payload):
    """Under puts, gets, deletes and clears from eight threads each entry is whole and the limit holds."""
    context = toys.context(max_entries=5)
    start, wrong = threading.Barrier(WORKERS), []

    def work(worker):
        start.wait()
        for step in range(120):
            key = f"key {(worker * 3 + step) % 9}"
            context.put(key, f"{worker} {step}\n{payload}", agent=f"{worker} {step}", kind="toy")
            entry = context.get_entry(key)
            if entry is not None:
                head = f"{entry.agent}\n"
                if entry.key != key or not entry.original.startswith(head) or head not in entry.compressed:
                    wrong.append(entry)
                (span,) = entry.omitted
                part = context.read(span.reference)
                if part not in (None, entry.original[span.start : span.end]):
                    wrong.append(span)
            if len(context) > 5 or context.stats().entries > 5:
                wrong.append("too many")
            if step % 11 == worker:
                context.delete(key)
            if step % 61 == worker:
                context.clear()

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for done in [pool.submit(work, worker) for worker in range(WORKERS)]:
            done.result()

    assert wrong == []


def test_concurrent_views_never_mix_contents(toys, payload):
    """Many threads compress at once, and each gets the view of its own payload."""
    context = toys.context(max_entries=1_000)
    alone = {number: toys.context().put("key", f"{number}\n{payload}", kind="toy").view for number in range(40)}
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        together = pool.map(lambda number: context.put(str(number), f"{number}\n{payload}", kind="toy").view, alone)

    assert list(together) == list(alone.values())


def test_async_methods_do_what_the_others_do(toys, payload):
    """aput, aget, aview and aread give what put, get, view and read give."""
    context = toys.context()

    async def handoff():
        entry = await context.aput("key", payload, "researcher", kind="toy")
        return (
            entry,
            await context.aget("key"),
            await context.aget("key", full=True),
            await context.aview("key", references=False, known=["a"], query="b"),
            await context.aread(entry.omitted[0].reference, max_tokens=50),
            await context.aread("key", lines=(2, 3)),
            await context.aget("nonexistent"),
        )

    entry, text, full, view, part, lines, missing = asyncio.run(handoff())

    assert entry == context.get_entry("key")
    assert (text, full, missing) == (entry.compressed, payload, None)
    assert view == context.view("key", references=False)
    assert part == context.read(entry.omitted[0].reference, max_tokens=50)
    assert lines == context.read("key", lines=(2, 3))


def test_the_event_loop_runs_on_while_a_put_compresses(toys, payload):
    """A slow put does not stall what else the loop has to do."""
    compressor = toys.blocking()
    context = toys.context(compressor)

    async def handoff():
        task = asyncio.create_task(context.aput("key", f"slow\n{payload}", kind="toy"))
        while not compressor.reached.is_set():  # noqa: ASYNC110  # set by another thread
            await asyncio.sleep(0)
        compressor.let_go.set()  # reached only because the loop was free
        return await task

    assert asyncio.run(handoff()).key == "key"


def test_a_counter_is_asked_from_many_threads(toys, payload):
    """Counting the same text from many threads gives one answer."""
    context = toys.context(counter=FakeCounter(3), max_entries=100)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        counts = set(pool.map(lambda number: context.put(str(number), payload, kind="toy").original_tokens, range(64)))

    assert counts == {FakeCounter(3).count(payload)}
