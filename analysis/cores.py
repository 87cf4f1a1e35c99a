"""Spread work over the machine's cores: the same results in the same order, on one core or many."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def each(
    function: Callable[[_Item], _Result], items: Sequence[_Item], *, many: int, workers: int | None = None
) -> Iterator[_Result]:
    """Yield ``function(item)`` for each item, in order; below ``many`` items no process is started, for it would not pay.

    ``function`` must be one of a module's own. ``workers`` is the number of processes, one a core without it.
    """
    workers = workers or os.cpu_count() or 1
    if workers == 1 or len(items) < many:
        yield from map(function, items)
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"))
    try:
        yield from pool.map(function, items, chunksize=max(1, min(50, len(items) // (4 * workers))))
    finally:
        pool.shutdown(cancel_futures=True)
