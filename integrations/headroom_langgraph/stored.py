"""The graph's store as a node sees it: some fields of what it reads are views."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from langgraph.store.base import BaseStore, GetOp, Item, Op, PutOp, Result, SearchItem, SearchOp

from headroom_core.prompt import Prompt
from headroom_core.viewer import Viewer
from headroom_langgraph.noted import Noted
from headroom_langgraph.records import shown, text_of


class ViewedStore(BaseStore):
    """
    A store around another one: items that are read have views in some fields, and what is written goes through.

    A view that is written back, as a node does that reads an item, changes it and puts it, goes as what it was made of.

    Args:
        store: The graph's store.
        fields: The fields of items that are shown as views.
        viewer: Makes the views.
        noted: Where they are noted; with those of the state that the same node reads.
        query: The task of the node that reads them.

    """

    __slots__ = ("_fields", "_noted", "_query", "_store", "_viewer", "ttl_config")

    def __init__(
        self, store: BaseStore, fields: Iterable[str], viewer: Viewer, noted: Noted | None = None, query: str | None = None
    ) -> None:
        self._store = store
        self._fields = tuple(fields)
        self._viewer = viewer
        self._noted = Noted() if noted is None else noted
        self._query = query
        self.ttl_config = store.ttl_config

    @property
    def supports_ttl(self) -> bool:  # type: ignore[override]  # a constant of the class there
        """Whether the other store's items can expire."""
        return self._store.supports_ttl

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Do several things at once."""
        asked = [self._written(op) for op in ops]
        return [self._read(op, result) for op, result in zip(asked, self._store.batch(asked), strict=True)]

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """Do several things at once."""
        asked = [self._written(op) for op in ops]
        return [self._read(op, result) for op, result in zip(asked, await self._store.abatch(asked), strict=True)]

    def _written(self, op: Op) -> Op:
        if not isinstance(op, PutOp) or op.value is None:
            return op
        return op._replace(value=self._noted.given_back(op.value))

    def _read(self, op: Op, result: Result) -> Result:
        if isinstance(op, GetOp) and isinstance(result, Item):
            return Item(value=self._shown(result.value), **_facts(result))
        if isinstance(op, SearchOp) and isinstance(result, list):
            return [
                SearchItem(**_facts(one), value=self._shown(one.value), score=one.score) if isinstance(one, SearchItem) else one
                for one in result
            ]  # type: ignore[return-value]  # a search returns nothing else
        return result

    def _shown(self, value: dict[str, Any]) -> dict[str, Any]:
        views = {}
        for field in self._fields:
            if value.get(field) is not None:
                view = shown(text_of(value[field]), self._viewer, Prompt(self._query), name=field)
                views[field] = self._noted.text(field, view, value[field])
        return {**value, **views}


def _facts(item: Item) -> dict[str, Any]:
    return {"key": item.key, "namespace": item.namespace, "created_at": item.created_at, "updated_at": item.updated_at}
