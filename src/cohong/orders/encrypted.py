"""What of orders is found by a keyed index, declared for the rotation of keys."""

from functools import partial

from cohong.kernel import privacy, rotation
from cohong.orders.models import InvoiceProfile
from cohong.orders.services.invoicing import PROFILE_PURPOSE

rotation.digest(
    InvoiceProfile, "content", of="sealed", make=partial(privacy.blind_index, purpose=PROFILE_PURPOSE)
)
