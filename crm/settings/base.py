"""The settings themselves. Every variable is described in docs/operations.md."""

from pathlib import Path

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from crm.settings import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("ANSHANG_VAR", str(BASE_DIR / "var")))

# --- who and where ---------------------------------------------------------
DEBUG = env.flag("ANSHANG_DEBUG", default=False)
PRODUCTION = env.flag("ANSHANG_PRODUCTION", default=False)
SECRET_KEY = env.secret(
    "ANSHANG_SECRET_KEY", fallback_file=VAR_DIR / "secret_key", required=PRODUCTION
)
AUDIT_SEAL_KEY = env.secret(
    "ANSHANG_AUDIT_KEY", fallback_file=VAR_DIR / "audit_key", required=PRODUCTION
)
ALLOWED_HOSTS = env.words("ANSHANG_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = env.addresses("ANSHANG_ORIGINS")
ANSHANG_TODAY = env.day("ANSHANG_TODAY")
ANSHANG_CITY_AREA = env.text("ANSHANG_CITY_AREA", "429006")
ANSHANG_CITY_NAME = env.text("ANSHANG_CITY_NAME", "天门市")
ANSHANG_BASE_URL = env.address("ANSHANG_BASE_URL", "http://localhost:8000")
ANSHANG_ACTOR_SCOPE = "crm.selectors.RowsOfUser"

# --- rooms -----------------------------------------------------------------
ROOMS = ["crm.common", "crm", "projects", "issues", "profiles", "policy_match", "cms"]
INSTALLED_APPS = [
    *ROOMS,
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "ninja",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]
AUTH_USER_MODEL = "common.User"
WAGTAIL_PAGE_MODEL = "cms.BasePage"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crm.common.middleware.LegibleMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "crm.common.middleware.PreferredLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "crm.common.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "crm.common.middleware.SignedInMiddleware",
    "crm.common.middleware.ContentSecurityPolicyMiddleware",
    "crm.common.middleware.AuditorsLooksMiddleware",
    "crm.common.middleware.NothingKeptMiddleware",
    "crm.common.middleware.UserFacingErrorMiddleware",
]

_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", _LOADERS)],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "crm.common.face.context.shell",
            ],
            "builtins": [
                "django.templatetags.cache",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
            ],
        },
    }
]
FORM_RENDERER = "crm.common.face.forms_renderer.AnshangRenderer"

# --- data ------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", default_file=VAR_DIR / "anshang.sqlite3")}
if PRODUCTION:
    env.hold_in_production(engine=DATABASES["default"]["ENGINE"], debug=DEBUG, today=ANSHANG_TODAY)
MEDIA_ROOT = VAR_DIR / "media"
# Where the nightly dumps lie; the page on the system's health looks for the newest one.
ANSHANG_BACKUPS = env.text("ANSHANG_BACKUPS")
# Who may read /metrics: these networks, and whoever brings the token. Nobody without either.
ANSHANG_METRICS_NETWORKS = env.networks("ANSHANG_METRICS_NETWORKS")
ANSHANG_METRICS_TOKEN = env.text("ANSHANG_METRICS_TOKEN")
FILE_MAX_BYTES = env.whole("ANSHANG_FILE_MAX_MB", 20, least=1) * 1024 * 1024
IMPORT_MAX_BYTES = env.whole("ANSHANG_IMPORT_MAX_MB", 50, least=1) * 1024 * 1024
ANSHANG_KEEP_EXPORTS_DAYS = env.whole("ANSHANG_KEEP_EXPORTS_DAYS", 30, least=1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [path for path in [VAR_DIR / "assets"] if path.is_dir()]
# Without a collectstatic step (demo, small office) files are served where the finders see them.
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG

# --- caches, jobs ----------------------------------------------------------
REDIS_URL = env.service("REDIS_URL", "", ("redis", "rediss"))
CACHES = {
    "default": (
        {"BACKEND": "crm.common.db.caches.RedisOrDatabaseCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
        }
    ),
    # Pieces of pages whose key names all they depend on: each process keeps its own.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fragments",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
CELERY_BROKER_URL = env.service(
    "CELERY_BROKER_URL",
    REDIS_URL or "filesystem://localhost",
    ("redis", "rediss", "amqp", "amqps", "filesystem"),
)
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "data_folder_in": str(VAR_DIR / "broker"),
        "data_folder_out": str(VAR_DIR / "broker"),
        "control_folder": str(VAR_DIR / "broker" / "control"),
        "store_processed": False,
    }
    if CELERY_BROKER_URL.startswith("filesystem")
    else {}
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "deliver-notifications": {"task": "common.deliver_notifications", "schedule": 30.0},
    "dispatch-events": {"task": "common.dispatch_events", "schedule": 30.0},
    # Nobody is reminded at night.
    "send-reminders": {
        "task": "common.send_reminders",
        "schedule": crontab(minute="5", hour="8-18"),
    },
    "requeue-stale-jobs": {"task": "common.requeue_stale_jobs", "schedule": 60.0},
    "seal-audit": {"task": "common.seal_audit", "schedule": 60.0},
    "clear-leftovers": {"task": "common.clear_leftovers", "schedule": 86400.0},
    "refresh-labels": {
        "task": "profiles.refresh_labels",
        "schedule": crontab(minute="0", hour="6"),
    },
    "refresh-lights": {"task": "projects.refresh_lights", "schedule": 3600.0},
}

# --- signing in ------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "crm.common.people.editing.EditingBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "crm.common.people.sign_in.ClosedSignupAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": env.rates("ANSHANG_LOGIN_FAILED", "10/m/ip,5/300s/key"),
    "change_password": "5/m/user",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
}
# How many proxies of ours stand in front: the lockout must see the person, not the proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole("ANSHANG_PROXIES", 1 if PRODUCTION else 0)
# crm.common.people.enums.Role, which cannot be read before the settings are; a test compares.
ROLES = (
    *("agent", "handler", "lead", "leader", "policy_editor"),
    *("finance", "auditor", "admin", "enterprise"),
)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "安商"
ANSHANG_TWO_STEP_ROLES = env.some("ANSHANG_TWO_STEP_ROLES", ROLES)
ANSHANG_IDLE_SECONDS = env.whole("ANSHANG_IDLE_MINUTES", 120, least=1) * 60
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_AGE = env.whole("ANSHANG_SESSION_HOURS", 12, least=1) * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = env.flag("ANSHANG_SSL_REDIRECT", default=PRODUCTION)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
# Editors see previews in a frame of our own site (W019); the preload list is for the owner of
# the whole domain to join, not for one site below it (W021).
SILENCED_SYSTEM_CHECKS = ["security.W019", "security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

# --- language, time --------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = ["crm.common.face.formats"]

# --- letters ---------------------------------------------------------------
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.whole("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_TLS", default=False)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", "anshang@localhost")
# Without a mail server letters are written to files, so that nothing sent is ever lost.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 10

# --- Wagtail ---------------------------------------------------------------
WAGTAIL_SITE_NAME = "安商"
WAGTAILADMIN_BASE_URL = ANSHANG_BASE_URL
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_I18N_ENABLED = False
# Passwords are allauth's: with its limits, and with the second step.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database.fallback"}}
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "csv", "txt", "zip"]

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["stderr"],
        "level": env.choice("ANSHANG_LOG_LEVEL", "WARNING", LOG_LEVELS),
    },
}
