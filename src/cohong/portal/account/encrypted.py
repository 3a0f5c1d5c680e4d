"""Second factors keep their secrets as personal data is kept; declared for the rotation of keys."""

from allauth.mfa.models import Authenticator

from cohong.kernel import rotation

rotation.column(Authenticator, "data", through=rotation.in_json)
