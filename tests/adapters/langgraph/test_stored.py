"""The store as a node sees it does what every store of LangGraph does, and shows views in some fields."""

import asyncio

import pytest
from langgraph.store.memory import InMemoryStore

from headroom_core import markers
from headroom_core.handoff import viewer_for
from headroom_core.testing.adapters import payload
from headroom_langgraph.stored import ViewedStore

BIG = payload()


@pytest.fixture
def inner():
    """Return the graph's store."""
    return InMemoryStore()


@pytest.fixture
def store(inner):
    """Return the store that a node gets."""
    return ViewedStore(inner, ["text"], viewer_for("gpt-4o", references=False))


def test_what_is_put_is_there_and_what_is_deleted_is_not(store, inner):
    """Items, their keys, namespaces and times are those of the graph's store."""
    store.put(("a", "b"), "one", {"text": "few words", "n": 1})
    item, held = store.get(("a", "b"), "one"), inner.get(("a", "b"), "one")

    assert (item.value, item.key, item.namespace) == (held.value, held.key, held.namespace)
    assert (item.created_at, item.updated_at) == (held.created_at, held.updated_at)
    store.delete(("a", "b"), "one")
    assert store.get(("a", "b"), "one") is None
    assert store.get(("nowhere",), "one") is None


def test_searches_filter_by_what_is_stored(store):
    """A filter sees the original; what is found is shown as a view."""
    store.put(("a",), "one", {"text": BIG, "n": 1})
    store.put(("a",), "two", {"text": "few words", "n": 2})
    found = store.search(("a",), filter={"n": 1})

    assert [one.key for one in found] == ["one"]
    assert markers.is_view(found[0].value["text"])
    assert [one.key for one in store.search(("a",), filter={"text": BIG})] == ["one"]
    assert len(store.search(("a",), limit=1)) == 1
    assert store.search(("b",)) == []


def test_namespaces_are_listed(store):
    """As the graph's store lists them."""
    for namespace in (("a", "x"), ("a", "y"), ("b",)):
        store.put(namespace, "one", {"text": BIG})

    assert sorted(store.list_namespaces()) == [("a", "x"), ("a", "y"), ("b",)]
    assert sorted(store.list_namespaces(prefix=("a",))) == [("a", "x"), ("a", "y")]


def test_all_of_it_is_there_for_async_nodes(store, inner):
    """Puts, gets, searches and deletions."""

    async def run():
        await store.aput(("a",), "one", {"text": BIG})
        item = await store.aget(("a",), "one")
        found = await store.asearch(("a",))
        await store.aput(("a",), "two", item.value)
        await store.adelete(("a",), "one")
        return item, found, await store.aget(("a",), "one")

    item, found, gone = asyncio.run(run())

    assert markers.is_view(item.value["text"])
    assert markers.is_view(found[0].value["text"])
    assert gone is None
    assert inner.get(("a",), "two").value == {"text": BIG}


def test_values_that_are_no_text_are_shown_as_their_json(store, inner):
    """And written back as what they were."""
    rows = [{"id": number, "status": "ok"} for number in range(900)]
    store.put(("a",), "one", {"text": rows, "other": rows})
    item = store.get(("a",), "one")
    store.put(("a",), "one", {**item.value, "n": 1})

    assert markers.is_view(item.value["text"])
    assert item.value["other"] == rows
    assert inner.get(("a",), "one").value == {"text": rows, "other": rows, "n": 1}
    assert store.supports_ttl == inner.supports_ttl


def test_what_is_written_elsewhere_goes_whole(store, inner):
    """Nested in another value, too; and items expire as the graph's store has it."""
    store.put(("a",), "one", {"text": BIG})
    item = store.get(("a",), "one")
    store.put(("a",), "two", {"history": [item.value["text"]], "by": {"text": item.value["text"]}})

    assert inner.get(("a",), "two").value == {"history": [BIG], "by": {"text": BIG}}
    assert store.ttl_config is inner.ttl_config
