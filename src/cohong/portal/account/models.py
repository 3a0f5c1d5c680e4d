"""What the portal remembers of its users between two visits."""

from django.conf import settings
from django.db import models


class Preference(models.Model):
    """What a user chose last: whom to act for."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    acting_for = models.UUIDField(null=True)

    class Meta:
        db_table = "portal_account_preference"
