"""How the portal is set up; what differs between installations comes from the environment (docs/settings.md)."""

import hashlib
import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal.database import database_settings
from portal.secrets import private_folder, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value not in {"", "0", "1", "false", "true", "no", "yes", "off", "on"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}")
    return value in {"1", "true", "yes", "on"} if value else default


def _words(name: str, default: str = "") -> list[str]:
    return os.environ.get(name, default).replace(",", " ").split()


# --- this installation ------------------------------------------------------------------------------------------------

DATA_DIR = Path(os.environ.get("CONCORD_DATA") or BASE_DIR / ".data").expanduser().resolve()
DEBUG = _flag("CONCORD_DEBUG")
DEMO = _flag("CONCORD_DEMO")
HTTPS = _flag("CONCORD_HTTPS")
SITE_URL = os.environ.get("CONCORD_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = _words("CONCORD_HOSTS", "localhost 127.0.0.1 [::1]")
SECRET_KEY = secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS = _words("CONCORD_SECRET_KEY_FALLBACKS")
SIGNING_KEY_FILE = Path(os.environ.get("CONCORD_SIGNING_KEY_FILE") or DATA_DIR / "keys" / "ledger-ed25519.pem")
# The key that seals documents, and its certificate followed by those of its authority (PEM): one file, or two.
SEAL_KEY_FILE = Path(os.environ.get("CONCORD_SEAL_KEY_FILE") or DATA_DIR / "keys" / "seal.pem")
SEAL_CERTIFICATE_FILE = Path(os.environ.get("CONCORD_SEAL_CERTIFICATE_FILE") or SEAL_KEY_FILE)
# What witnesses co-signed last, kept beside the database, so that an old backup of the database is noticed.
WITNESSED_DIR = Path(os.environ.get("CONCORD_WITNESSED_DIR") or DATA_DIR / "witnessed")
LEDGER_ORIGIN = os.environ.get("CONCORD_LEDGER_ORIGIN", "concord.example/ledger")
# An independent authority for time stamps (RFC 3161), and the certificates (PEM) that its answers are checked with.
TSA_URL = os.environ.get("CONCORD_TSA_URL", "").strip()
TSA_CERTIFICATES = os.environ.get("CONCORD_TSA_CERTIFICATES", "").strip()
# Roots (PEM) that the certificates of signatures made elsewhere must lead to; without it their trust is not judged.
TRUST_ROOTS = os.environ.get("CONCORD_TRUST_ROOTS", "").strip()
INSTALLATION = hashlib.sha256(os.fsencode(DATA_DIR)).hexdigest()[:8]

# --- apps -------------------------------------------------------------------------------------------------------------

HOUSE_APPS = [
    "portal.kit",
    "portal.history",
    "portal.files",
    "portal.inbox",
    "agencies",
    "projects",
    "projects.ip",
    "projects.agreements",
    "projects.messaging",
    "portal.demo",
]

INSTALLED_APPS = [
    *HOUSE_APPS,
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.socialaccount",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_countries",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "lucide",
    "pgtrigger",
    "procrastinate.contrib.django",
    "rest_framework",
]

MIDDLEWARE = [
    "portal.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "portal.kit.middleware.PrivateMiddleware",
    "agencies.middleware.ActorMiddleware",
    "portal.kit.once.OnceMiddleware",
    "agencies.factors.FactorsMiddleware",
    "portal.kit.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
LIVE_APPLICATION = "portal.inbox.live.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "portal" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.frame",
            ],
        },
    },
]
FORM_RENDERER = "portal.kit.forms.Renderer"

# What one app shows on the pages of another: functions by dotted name, resolved by portal.kit.composition.
PROJECT_TABS = [
    "projects.panels.overview_tab",
    "projects.panels.partners_tab",
    "projects.agreements.panels.tab",
    "projects.ip.panels.tab",
    "projects.messaging.panels.tab",
    "projects.panels.history_tab",
]
PROJECT_PANELS = ["projects.agreements.panels.agreements"]
# What somebody may begin from the Create menu, as far as they may.
CREATE_ITEMS = ["projects.panels.create_project"]
HOME_PANELS = ["projects.panels.my_projects"]
API_ROUTES = [
    "agencies.api",
    "projects.api",
    "projects.ip.api",
    "projects.agreements.api",
    "projects.messaging.api",
    "portal.inbox.api",
    "portal.history.api",
]
# Whose history somebody reads who does not see every project of their agency: functions that return references.
EVENT_SCOPES = [
    "projects.panels.scopes_inside",
    "projects.messaging.panels.scopes_of_threads",
    "projects.ip.panels.scopes_of_disclosures",
    "projects.ip.panels.scopes_of_deposits",
]
# What points up the house, one function each: names for timelines, the agreement that covers a project's parties.
PERSON_NAMES = "agencies.names.names_of"
# What of the records that the portal signed no proved key vouches for, in lines for operators.
RECORDS_LEFT_OUT = "projects.agreements.signing.unvouched.records_left_out"
# What tables keep and the history names by its hash: functions that say where the two differ, as (place, problem).
MIRRORED = ["projects.agreements.signing.mirrored.pdfs_to_sign"]
# Who is told when the ledger does not fit what witnesses hold of it.
LEDGER_READERS = "agencies.witnessing.readers_of_the_ledger"
COVERING_AGREEMENT = "projects.agreements.coverage.covering_agreement"
# What the agreements in force say about intellectual property, and the answers that are usual before there is one.
IP_TERMS = "projects.agreements.coverage.terms_of"
IP_USUAL_ANSWERS = "projects.agreements.profile.defaults"

# --- database ---------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": database_settings(
        DATA_DIR,
        url=os.environ.get("DATABASE_URL", ""),
        owner_url=os.environ.get("DATABASE_OWNER_URL", ""),
        pool=int(os.environ.get("CONCORD_POOL") or 0),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counts for rate limits, shared by the processes of one machine.
CACHES = {
    "default": {
        "BACKEND": "portal.kit.counts.Counts",
        "LOCATION": DATA_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# --- who is it --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "agencies.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# What was kept otherwise stays good, and is kept anew when its person gives it next.
PASSWORD_HASHERS = ["agencies.passwords.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "agencies.accounts.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that signed up, which then goes on where it was
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Concord"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers themselves allow only localhost without TLS

# --- the web ----------------------------------------------------------------------------------------------------------

# Cookies know no ports: two installations on one machine need names of their own.
_cookie = "__Host-concord" if HTTPS else f"concord-{INSTALLATION}"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = f"{_cookie}-session"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = f"{_cookie}-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = _words("CONCORD_TRUSTED_ORIGINS")
LANGUAGE_COOKIE_NAME = "concord-language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = int(os.environ.get("CONCORD_HSTS_SECONDS") or 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _flag("CONCORD_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- JSON -------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["agencies.authentication.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.kit.documents.DocumentParser"],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.AnonRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"user": "1200/min", "anon": "120/min"},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.kit.failures.problem_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "NUM_PROXIES": int(os.environ.get("CONCORD_PROXIES") or 0),
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Concord",
    "DESCRIPTION": "Joint projects of space agencies: who, what, under which agreement, and the proof of it.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "filter": True},
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "AgencyKind": "agencies.models.Kind",
        "AgencyStatus": "agencies.models.Status",
        "Marking": "agencies.models.Marking",
        "Role": "agencies.models.Role",
        "Scope": "agencies.models.Scope",
        "InstrumentKind": "agencies.models.InstrumentKind",
        "Capability": "agencies.taxonomy.choices",
        "ProjectAudience": "projects.models.Audience",
        "ProjectStatus": "projects.models.Status",
        "AgreementStatus": "projects.agreements.models.Status",
        "ApprovalKind": "projects.agreements.models.approval.ApprovalKind",
        "ChangeStatus": "projects.agreements.models.change.Decision",
        "SlotRole": "projects.agreements.models.SlotRole",
        "ExternalKind": "projects.agreements.models.ExternalKind",
        "AssetStatus": "projects.ip.models.Status",
        "PublicationKind": "projects.ip.models.publication_choices.PublicationKind",
        "PublicationStatus": "projects.ip.models.publication_choices.PublicationStatus",
        "PublicationGround": "projects.ip.models.publication_choices.Ground",
        "ExportClass": "portal.files.markings.ExportClass",
        "DeclaredExportClass": "portal.files.markings.DECLARABLE",
        "ControlList": "portal.files.markings.Regime",
        "AuthorisationKind": "projects.ip.models.AuthorisationKind",
        "AuthorisationStatus": "projects.ip.models.AuthorisationStatus",
        "ClassificationBasis": "projects.ip.models.Basis",
        "AccessRequestStatus": "projects.ip.models.access_request.RequestStatus",
        "AccessRefusalGround": "projects.ip.models.access_request.Ground",
        "AccessNoteKind": "projects.ip.models.access_request.AccessNote.Kind",
        "AccessPurpose": "projects.ip.models.right.Purpose",
        "AccessRightStanding": "projects.ip.models.right.Standing",
        "DisputeKind": "projects.ip.models.DisputeKind",
        "DisputeStatus": "projects.ip.models.DisputeStatus",
        "DisputeSubject": "projects.ip.models.DisputeSubject",
        "DisputeSide": "projects.ip.models.Side",
        "ExhibitKind": "projects.ip.models.ExhibitKind",
        "DisclosureStatus": "projects.ip.models.DisclosureStatus",
        "ContributorRole": "projects.ip.models.ContributorRole",
        "ContributorStatus": "projects.ip.models.ContributorStatus",
        "ContributionStatus": "projects.ip.models.ContributionStatus",
        "ProtectionStepKind": "projects.ip.models.StepKind",
        "AbandonmentStatus": "projects.ip.models.OfferStatus",
        "TransferStatus": "projects.ip.models.TransferStatus",
        "LicenceStatus": "projects.ip.models.LicenceStatus",
        "NarrowingKind": "projects.ip.models.ChangeKind",
        "NarrowingRule": "projects.ip.models.ChangeRule",
        "NarrowingStatus": "projects.ip.models.ChangeStatus",
        "FilingStatus": "projects.ip.models.FilingStatus",
        "TriageCheck": "projects.ip.models.triage.Checked",
        "TriageAnswer": "projects.ip.models.triage.YesNo",
        "OfferAnswer": "projects.ip.models.disclosure_choices.Answer",
        "MessageAudience": "projects.messaging.models.Audience",
        "InboxKind": "portal.inbox.models.Item.Kind",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

# --- languages and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# A language is offered on the day its catalogue is complete: English words under another language's name help nobody.
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files ------------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "portal" / "static"]
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
_hashed = _flag("CONCORD_HASHED_STATIC")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _hashed
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _hashed
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 60 if _hashed else 0

# --- mail -------------------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = os.environ.get("CONCORD_MAIL_FROM", "Concord <portal@concord.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if os.environ.get("CONCORD_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["CONCORD_SMTP_HOST"]
    EMAIL_PORT = int(os.environ.get("CONCORD_SMTP_PORT") or 587)
    EMAIL_HOST_USER = os.environ.get("CONCORD_SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("CONCORD_SMTP_PASSWORD", "")
    EMAIL_USE_TLS = _flag("CONCORD_SMTP_STARTTLS", default=True)
    EMAIL_TIMEOUT = 20
else:
    # Nothing leaves the machine: every message becomes a file that can be read.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = private_folder(DATA_DIR / "mail")

# --- logs -------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "portal.logs.RequestFilter"}},
    "formatters": {
        "text": {
            "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
            "()": "portal.logs.TextFormatter",
        },
        "json": {"()": "portal.logs.JSONFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request"],
            "formatter": "json" if os.environ.get("CONCORD_LOG", "text") == "json" else "text",
        }
    },
    "root": {"handlers": ["console"], "level": os.environ.get("CONCORD_LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "INFO"},
        "django.server": {"handlers": [], "propagate": True, "level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        # What it finds in a file is an answer, not an event; it would print a traceback for each.
        "pyhanko": {"level": "ERROR"},
    },
}
