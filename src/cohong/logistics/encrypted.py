"""What of logistics is found by a keyed index, declared for the rotation of keys.

A shipment's `content` is not: it tells a repeated consignment from another under its id, and is only asked in the moments after.
"""

from cohong.kernel import rotation
from cohong.logistics.address_book import content_of
from cohong.logistics.models import SavedAddress

rotation.digest(SavedAddress, "content", of="address", make=content_of)
