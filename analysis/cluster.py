"""Shards on a Dask cluster: the same function, sent to the workers of a scheduler (extra ``cluster``).

``--scheduler local --workers 4`` starts four worker processes on this machine and ends them afterwards. ``--scheduler
tcp://127.0.0.1:8786`` uses a scheduler that runs, as do its workers: ``dask scheduler --host 127.0.0.1`` and ``dask worker
tcp://127.0.0.1:8786 --nthreads 1 --nworkers 4``, on machines that have the same version of this package and see the store under
the same path. Only paths travel. A worker that dies is replaced by the others, which measure its shard again.

A scheduler runs whatever it is sent. Bind it to the loopback address as above, or secure it: start scheduler and workers with
``--protocol tls --tls-ca-file --tls-cert --tls-key``, give ``--scheduler tls://HOST:8786``, and tell this process its certificates
in Dask's own configuration: ``DASK_DISTRIBUTED__COMM__TLS__CA_FILE``, ``…__TLS__CLIENT__CERT`` and ``…__TLS__CLIENT__KEY``.
"""

from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Any

from analysis import cores
from analysis.tables import AGAIN, TablesError

#: Seconds in which a scheduler answers and has a worker.
PATIENCE = 30


@contextmanager
def executor(scheduler: str = "", *, workers: int | None = None) -> Iterator[Executor | None]:
    """Give an executor whose workers are those of the Dask scheduler at an address; None without an address.

    ``local`` as address starts a cluster of ``workers`` processes on this machine, one a core without a number. Raises
    ``TablesError`` where Dask is not installed, nobody answers, there is no worker, or the cluster is lost in the middle.
    """
    if not scheduler:
        yield None
        return
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise TablesError(
            'a cluster needs Dask: pip install "regional-threat-briefing[cluster]"; without --scheduler this machine\'s cores measure'
        ) from error
    with ExitStack() as stack:
        try:
            address = scheduler
            if scheduler == "local":
                n = workers or cores.count()
                local = distributed.LocalCluster(
                    n_workers=n, threads_per_worker=1, dashboard_address="127.0.0.1:0"
                )
                address = stack.enter_context(local)
            client = stack.enter_context(distributed.Client(address, timeout=PATIENCE))
        except (OSError, TypeError, ValueError) as error:
            why = "check its certificates, " if scheduler.startswith("tls:") else ""
            raise TablesError(
                f"no Dask scheduler answers at {scheduler} ({error}); {why}or start one: dask scheduler --host 127.0.0.1"
            ) from error
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise TablesError(
                f"the Dask scheduler at {scheduler} has no worker; start some: dask worker {scheduler} --nthreads 1"
            ) from error
        try:
            yield client.get_executor()
        except distributed.KilledWorker as error:
            raise TablesError(
                f"one shard ended worker after worker, for want of memory perhaps ({error}); {AGAIN}"
            ) from error
        except CancelledError as error:
            raise TablesError(f"the Dask scheduler at {scheduler} was lost; {AGAIN}") from error
