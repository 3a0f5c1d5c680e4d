"""Parties' tables."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from cohong.kernel.ids import new_id


class User(AbstractUser):
    """Someone who signs in. What they may do comes from the parties that they act for."""

    id = models.UUIDField(primary_key=True, default=new_id)

    class Meta:
        db_table = "parties_user"
