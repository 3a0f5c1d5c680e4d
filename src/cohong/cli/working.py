"""What a worker does: a heartbeat in a thread of its own, and the job queue in the event loop."""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from procrastinate.periodic import PeriodicDeferrer

from cohong.kernel import journal

_log = logging.getLogger("cohong.worker")

BEAT_S: Final = 0.2
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 60.0
# So that one follower that has far to go does not keep the others waiting.
_BATCHES_A_BEAT: Final = 20
_FED_FOR_S: Final = 1.0
_RESCUE_S: Final = 15.0
_SILENT_S: Final = 45.0  # a worker beats every 10 s; one that is silent for so long is dead
_AGAIN_S: Final = 2.0
_GRACE_S: Final = 20.0
_STDIN: Final = 0


@dataclass
class _Part:
    """One part of the heartbeat. It fails for itself alone, and waits longer each time it fails again."""

    name: str
    act: Callable[[], int]
    failures: int = 0
    not_before_s: float = 0.0

    def beat(self) -> int:
        """Do what there is to do; return how much that was."""
        if time.monotonic() < self.not_before_s:
            return 0
        try:
            done = self.act()
        except Exception:  # noqa: BLE001 - whatever it is, the other parts go on; it is logged and tried again
            wait_s = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2**self.failures)
            self.failures += 1
            self.not_before_s = time.monotonic() + wait_s
            _log.exception("%s failed (%d in a row); again in %.1f s", self.name, self.failures, wait_s)
            connection.close_if_unusable_or_obsolete()
            return 0
        if self.failures:
            _log.warning("%s works again", self.name)
            self.failures = 0
        return done


class Heartbeat(threading.Thread):
    """Seals the journal and feeds the followers until told to stop."""

    def __init__(self) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self._stop_asked = threading.Event()
        self._parts = [_Part("sealing", journal.seal_all)]
        self._parts += [
            _Part(f"follower {name}", partial(self._feed, name)) for name in journal.follower_names()
        ]

    def run(self) -> None:
        """Beat until told to stop."""
        while not self._stop_asked.is_set():
            close_old_connections()
            if not self.beat():
                self._stop_asked.wait(BEAT_S)
        connection.close()

    def beat(self) -> int:
        """Let each part do what there is to do; return how much was done in all."""
        return sum(part.beat() for part in self._parts)

    def failing(self) -> list[str]:
        """Return the names of the parts that failed when they last tried."""
        return [part.name for part in self._parts if part.failures]

    def stop(self) -> None:
        """Ask it to stop; it does so between two batches."""
        self._stop_asked.set()

    def _feed(self, name: str) -> int:
        total = 0
        until_s = time.monotonic() + _FED_FOR_S
        for _ in range(_BATCHES_A_BEAT):
            moved = 0 if self._stop_asked.is_set() else journal.follow(name)
            total += moved
            if not moved or time.monotonic() > until_s:
                break
        return total


def work(*, jobs: int, once: bool = False, stop_with_stdin: bool = False) -> int:
    """Work until a signal (or, `once`, until nothing is due); return the exit status."""
    heartbeat = Heartbeat()
    if once:
        while heartbeat.beat():
            pass
        asyncio.run(_work_off(jobs))
        while heartbeat.beat():  # jobs issue documents too
            pass
        return 1 if heartbeat.failing() else 0
    heartbeat.start()
    try:
        asyncio.run(_work_on(jobs, stop_with_stdin=stop_with_stdin))
    finally:
        heartbeat.stop()
        heartbeat.join(_GRACE_S)
    return 0


async def _work_off(jobs: int) -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        async with working.open_async():
            await _rescue(working)
            # The queue's own deferrer runs beside its work, which may have ended before that has queued what is due.
            deferrer = PeriodicDeferrer(registry=working.periodic_registry, **working.periodic_defaults)
            await deferrer.defer_jobs(deferrer.get_previous_tasks(at=time.time()))
            await working.run_worker_async(concurrency=jobs, wait=False, delete_jobs="successful")


async def _work_on(jobs: int, *, stop_with_stdin: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if stop_with_stdin:
        threading.Thread(target=_await_end, args=(loop, stop), daemon=True).start()
    ended: set[int] = set()
    while not stop.is_set():
        queue = asyncio.create_task(_run_queue(jobs, ended))
        asked = asyncio.create_task(stop.wait())
        await asyncio.wait({queue, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        queue.cancel()
        try:
            await queue
        except asyncio.CancelledError:
            pass
        except (ConnectorException, OSError) as error:
            _log.error("the job queue is out of reach, again in %.0f s: %s", _AGAIN_S, error)
        if not stop.is_set():
            # The database went away, or a part of the queue failed: what it was doing is taken up again.
            await _sleep_or(stop, _AGAIN_S)


async def _run_queue(jobs: int, ended: set[int]) -> None:
    """Run jobs until cancelled, or until the queue breaks.

    `ended` are the ids under which this process ran jobs before: it takes them back, so that what they left is
    rescued now and not when they have been silent for long; and gets those of this run.
    """

    async def note(call_next: Callable[[], Awaitable[Any]], _: Any, worker: Any) -> Any:
        ended.add(worker.worker_id)
        return await call_next()

    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        async with working.open_async():
            for one in sorted(ended):
                await working.job_manager.unregister_worker(one)
                ended.remove(one)
            rescuer = asyncio.create_task(_keep_rescuing(working))
            try:
                await working.run_worker_async(
                    concurrency=jobs,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=_GRACE_S,
                    worker_middleware=[note],
                )
            finally:
                rescuer.cancel()


async def _keep_rescuing(working: Any) -> None:
    while True:
        try:
            await _rescue(working)
        except ConnectorException as error:
            _log.warning("stalled jobs could not be looked for: %s", error)
        await asyncio.sleep(_RESCUE_S)


async def _rescue(working: Any) -> None:
    """Queue again what a worker that died was doing."""
    for job in await working.job_manager.get_stalled_jobs(seconds_since_heartbeat=_SILENT_S):
        _log.warning("job %s (%s) was left by a worker that died; it is run again", job.id, job.task_name)
        try:
            await working.job_manager.retry_job(job)
        except ConnectorException:
            # A periodic job that has been queued anew since: that one does the same work.
            await working.job_manager.finish_job(job, Status.FAILED, delete_job=True)


def _await_end(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # Not through `sys.stdin`: its lock would be held for ever in processes forked from here, and at the end of this one.
    while os.read(_STDIN, 4096):
        pass
    loop.call_soon_threadsafe(stop.set)


async def _sleep_or(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
