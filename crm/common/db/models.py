"""The table that stands in for Redis."""

from django.db import models


class CachedValue(models.Model):
    """A value kept for a while; Django's own database cache reads and writes the rows."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "common_cache"

    def __str__(self) -> str:
        return self.cache_key
