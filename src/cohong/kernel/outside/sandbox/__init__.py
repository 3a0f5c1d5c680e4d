"""The harness that sandbox systems are built on: small HTTP processes that can be told to misbehave.

A sandbox stands in for a real outside system in tests and in the demonstration. It keeps its books in SQLite,
so that killing it loses nothing; it signs and checks signatures as the real system does; and it can be *told*
to be slow, to fail, to do the work and never answer, to sign wrongly, and to send its notices twice, late,
out of order or not at all.

- `Sandbox`: the server. A system subclasses it with its routes and its work.
- `SandboxHandle`: starts one, in a thread or as a process of its own, and stops it surely.
- `Receiver`: where its notices arrive when a test wants to see them.
- `run`: the command line of one.
"""

from cohong.kernel.outside.sandbox.books import Books
from cohong.kernel.outside.sandbox.command import run
from cohong.kernel.outside.sandbox.faults import Faults, OwnFault
from cohong.kernel.outside.sandbox.handle import SandboxHandle
from cohong.kernel.outside.sandbox.outbox import Outbox
from cohong.kernel.outside.sandbox.receiver import Received, Receiver
from cohong.kernel.outside.sandbox.server import Call, Refused, Reply, Route, Sandbox

__all__ = [
    "Books",
    "Call",
    "Faults",
    "Outbox",
    "OwnFault",
    "Received",
    "Receiver",
    "Refused",
    "Reply",
    "Route",
    "Sandbox",
    "SandboxHandle",
    "run",
]
