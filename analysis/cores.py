"""Spread work over the machine's cores: the same results in the same order, on one core or many."""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import connection, get_context
from typing import Any, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def count() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(
    function: Callable[[_Item], _Result],
    items: Iterable[_Item],
    *,
    many: int = 2,
    workers: int | None = None,
    executor: Executor | None = None,
) -> Iterator[_Result]:
    """Yield ``function(item)`` for each item, in order; below ``many`` items no process is started, for it would not pay.

    ``function`` must be one of a module's own. ``workers`` is the number of processes, one a core without it. No more items
    are taken ahead than the processes need. An ``executor`` of one's own gets all items at once. Raises
    ``concurrent.futures.process.BrokenProcessPool`` where a process dies.
    """
    if executor:
        yield from _in_order([executor.submit(function, item) for item in items])
        return
    workers = workers or count()
    ahead = iter(items)
    first = list(islice(ahead, many))
    if workers == 1 or len(first) < many:
        yield from map(function, chain(first, ahead))
        return
    with Pool(workers) as pool:
        waiting: deque[Future[_Result]] = deque()
        for item in chain(first, ahead):
            waiting.append(pool.submit(function, item))
            if len(waiting) > 3 * workers:
                yield waiting.popleft().result()
        yield from _in_order(waiting)


def _in_order(futures: Iterable[Future[_Result]]) -> Iterator[_Result]:
    waiting = deque(futures)
    try:
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


class Pool(ProcessPoolExecutor):
    """Processes that begin with a clean memory and end with their parent, even where that is killed.

    As a context they end at once, in the middle of what they do, where it is left by an exception.
    """

    def __init__(self, workers: int, method: str = "spawn") -> None:
        context = get_context(method)
        alive, self._mine = context.Pipe(duplex=False)
        super().__init__(workers, context, initializer=_begin, initargs=(alive,))

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        if kind:
            self.abandon()
        self.shutdown()

    def abandon(self) -> None:
        """End the processes at once, in the middle of what they do."""
        self._mine.close()


def _begin(alive: connection.Connection) -> None:
    """Leave Ctrl-C to the parent, and watch the pipe whose other end the parent holds alone: it closes when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(alive)


def end_with(alive: connection.Connection | int) -> None:
    """End this process as soon as the other end of a pipe is closed."""

    def watch() -> None:
        connection.wait([alive])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
