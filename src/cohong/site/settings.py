"""Django's settings. What differs from one installation to the next comes from the environment.

`DATABASE_URL`    the PostgreSQL server (the `cohong` command fills it in for the embedded one)
`COHONG_DATA`     the folder for media, keys and the embedded server
`COHONG_SECRET`   Django's secret key          `COHONG_DATA_KEYS`  keys of personal data, comma separated
`COHONG_HOSTS`    host names served, comma separated (default: this machine only)
`COHONG_PUBLIC_URL`  how others reach this installation
`COHONG_BANK_CREDENTIALS`, `COHONG_CARRIER_CREDENTIALS`, `COHONG_REGISTER_CREDENTIALS`
                  files that connect the outside systems (default: bank.json, … in the data folder)
`COHONG_BANK_PAGES`  origins of the bank's pay page, comma separated (default: the address in the bank's file)
`COHONG_MAIL`     the mail server, as smtp://user:password@host:587 or smtps://… (default: mails are kept as files in the
                  data folder); `COHONG_MAIL_FROM`  whom its mails are from
`COHONG_PROXIES`  how many proxies stand before this server, each of which adds to X-Forwarded-For and sets
                  X-Forwarded-Proto (default: 0, and then those headers are not believed)
`COHONG_DEBUG`    "1" while developing
"""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import platformdirs
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from cohong.site.secrets import installation_secrets

DEBUG = os.environ.get("COHONG_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("COHONG_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
DATA_FOLDER = Path(os.environ.get("COHONG_DATA") or platformdirs.user_data_dir("cohong"))

_secrets = installation_secrets(DATA_FOLDER)
SECRET_KEY = _secrets.secret_key
COHONG_DATA_KEYS = _secrets.data_keys

# The region this installation serves: its time zone and its own currency.
COHONG_CURRENCY = os.environ.get("COHONG_CURRENCY", "CNY")
# How long pages keep what changes slowly, as a factor of their own times; 0 keeps nothing.
COHONG_KEEP = float(os.environ.get("COHONG_KEEP", "1"))


def _credentials(system: str) -> str:
    """Return the file in which an outside system gave us its address and keys; without one it is not connected."""
    kept = DATA_FOLDER / f"{system}.json"
    return os.environ.get(f"COHONG_{system.upper()}_CREDENTIALS") or (str(kept) if kept.is_file() else "")


COHONG_BANK_CREDENTIALS = _credentials("bank")
COHONG_CARRIER_CREDENTIALS = _credentials("carrier")
COHONG_REGISTER_CREDENTIALS = _credentials("register")
# Where the bank is reached from here, if not at the address in its file.
COHONG_BANK_URL = os.environ.get("COHONG_BANK_URL", "")
COHONG_BANK_PAGES = [one for one in os.environ.get("COHONG_BANK_PAGES", "").split(",") if one]
# How others reach this installation, for notifications of payment and tracking.
COHONG_PUBLIC_URL = os.environ.get("COHONG_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
_IS_SECRET_ON_THE_WAY = COHONG_PUBLIC_URL.startswith("https://")
_PROXIES = int(os.environ.get("COHONG_PROXIES", "0"))

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",  # `cohong.site.admin`: reference data only
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "heroicons",
    "ninja",  # its documentation page then comes from here, not from elsewhere
    "pgtrigger",
    "procrastinate.contrib.django",
    "cohong.kernel",
    "cohong.parties",
    "cohong.catalog",
    "cohong.payments",
    "cohong.logistics",
    "cohong.orders",
    "cohong.retail",
    "cohong.statistics",
    "cohong.portal",
    "cohong.portal.design",
    "cohong.portal.market",
    "cohong.portal.my",
    "cohong.portal.company",
    "cohong.portal.merchant",
    "cohong.portal.authority",
    "cohong.portal.notices",
    "cohong.portal.dispatch",
    "cohong.portal.settlement",
    "cohong.portal.reporting",
    "cohong.portal.research",
    "cohong.portal.foresight",
    "cohong.portal.datacentre",
    "cohong.portal.bulletins",
    "cohong.portal.staff",
    "cohong.portal.webhooks",
    "cohong.portal.account",
    # After the portal, whose templates and words stand in front of theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cohong.site.safety.ContentPolicy",
    "cohong.site.safety.Safety",
    "cohong.site.static.StaticFiles",
    # Pages are compressed. What a stranger could learn from their length (BREACH) is blurred: Django adds random bytes to each,
    # and the forms' tokens are masked anew every time.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "cohong.site.api.ProblemsOnly",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cohong.portal.account.last_seen.LastSeen",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "cohong.site.urls"
WSGI_APPLICATION = "cohong.site.wsgi.application"


def _database(url: str) -> dict[str, object]:
    """Read a `postgresql://` URL, a socket folder in `?host=` included."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "cohong",
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Repeated statements are planned once; the set statements of the hot acts live on this.
        "OPTIONS": {"prepare_threshold": 5, **query},
        "TEST": {"TEMPLATE": "template0"},
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///cohong"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "parties.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# --- signing in: django-allauth, in the portal's own pages (`cohong.portal.account`) -------------------------

ACCOUNT_ADAPTER = "cohong.portal.account.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "cohong.portal.account.forms.SignInForm",
    "signup": "cohong.portal.account.forms.SignUpForm",
    "request_login_code": "cohong.portal.account.forms.RequestCodeForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
# An address is confirmed by a link that it gets; until then it is only where its owner says that they are reached.
# Nobody learns by registering whose address is known here: who confirms an address first has it.
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = None  # asked on the form
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _IS_SECRET_ON_THE_WAY else "http"
# Failures count by the name that was given, known here or not; so a lock says nothing about who exists.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,5/15m/key",
    "signup": "20/h/ip",
    "figures": "240/m/ip",
    "figures_file": "120/h/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = _PROXIES
MFA_ADAPTER = "cohong.portal.account.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Cohong"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers have passkeys over TLS and on this machine; only the second is without TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _IS_SECRET_ON_THE_WAY

# What several server processes have to count together: failed attempts, above all.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_account_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# --- mail ----------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = os.environ.get("COHONG_MAIL_FROM", "Cohong <no-reply@localhost>")
EMAIL_TIMEOUT = 10
_mail = urlsplit(os.environ.get("COHONG_MAIL", ""))
if _mail.hostname:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or (465 if _mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp" and bool(_mail.username)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_FOLDER / "mail"

# Scrypt wants memory too, which those who guess at scale have least of. The others are still accepted.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "heroicons.templatetags.heroicons"],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("en", _("English")),
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("COHONG_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True  # static files are served out of the packages, without a build step
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "cohong.site.static.HashedFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_FOLDER / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "cohong.site.static.HashedStorage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- safety: see `cohong.site.safety` for what is decided while running ---------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],  # a QR code; a picture that is about to be sent
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": _IS_SECRET_ON_THE_WAY,
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
if _IS_SECRET_ON_THE_WAY:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    # With this prefix a browser takes them over TLS only, and from this host only.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    CSRF_TRUSTED_ORIGINS = ["://".join(urlsplit(COHONG_PUBLIC_URL)[:2])]
if _PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = _IS_SECRET_ON_THE_WAY

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("COHONG_LOG", "WARNING")},
}
