"""What of parties' personal data is found by a keyed index, declared for the rotation of keys."""

from functools import partial

from cohong.kernel import privacy, rotation
from cohong.parties.models import PersonalRecord

for _name in ("resident_id", "phone"):
    rotation.digest(
        PersonalRecord, f"{_name}_index", of=_name, make=partial(privacy.blind_index, purpose=_name)
    )
