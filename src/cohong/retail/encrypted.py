"""What of retail is found by a keyed index, declared for the rotation of keys.

A checkout's `asked` is not: nothing keeps what was asked beside it, and it is only compared in the moments after.
"""

import msgspec

from cohong.kernel import rotation
from cohong.retail.approvals import Asked
from cohong.retail.checkouts import asked_of
from cohong.retail.models import Approval


def _asked(text: str) -> str:
    return asked_of(msgspec.json.decode(text, type=Asked).wish)[0]


rotation.digest(Approval, "asked", of="sealed", make=_asked)
