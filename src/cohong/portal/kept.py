"""What changes slowly is kept for some seconds in this process, so that a page does not ask for it each time.

Only what everyone may see is kept: never anything that depends on who is looking. Whoever has just changed it sees it
late by as many seconds in another process, and for that no page that changes things reads from here.
"""

import time
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Final, TypeVar

from django.conf import settings

R = TypeVar("R")
_MOST: Final = 2_000


def kept(seconds: float) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Keep a function's answers, one for each set of arguments (which must be hashable), for so many seconds.

    The installation's `COHONG_KEEP` scales that: 0 keeps nothing. An answer must not be changed by whoever gets it.
    """

    def keeping(function: Callable[..., R]) -> Callable[..., R]:
        answers: dict[Hashable, tuple[float, R]] = {}
        lock = Lock()

        @wraps(function)
        def asked(*args: Hashable, **kwargs: Hashable) -> R:
            lasting = seconds * settings.COHONG_KEEP
            if lasting <= 0:
                return function(*args, **kwargs)
            key = (args, tuple(sorted(kwargs.items())))
            now = time.monotonic()
            known = answers.get(key)
            if known is not None and known[0] > now:
                return known[1]
            answer = function(*args, **kwargs)
            with lock:
                if len(answers) >= _MOST:
                    answers.clear()
                answers[key] = (now + lasting, answer)
            return answer

        return asked

    return keeping
