"""Static files under names that carry a hash of their content, so that browsers may keep them for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage that also rewrites the imports between ES modules."""

    support_js_module_import_aggregation = True
