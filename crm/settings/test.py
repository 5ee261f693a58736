"""Settings of the test suite: the same product, faster hashing, nothing leaves the process."""

from crm.settings.base import *  # noqa: F403
from crm.settings.base import DATABASES, PRODUCTION

assert not PRODUCTION, "The test suite never runs on a production environment."

SECRET_KEY = "test-secret-key-that-protects-nothing-but-is-long-enough-for-checks"
AUDIT_SEAL_KEY = "test-audit-seal-key-that-protects-nothing-at-all-but-is-long"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
ANSHANG_TODAY = None
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Tests change menus and words between pages; the keeping has a test of its own.
    "template_fragments": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}  # type: ignore[assignment]
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
if "sqlite" in str(DATABASES["default"]["ENGINE"]):
    DATABASES["default"]["NAME"] = ":memory:"
    DATABASES["default"]["TEST"] = {"NAME": None}
