"""Files: content-addressed, told by their bytes, given back only as downloads by the views that guard them.

from portal.files.storage import store, read, respond
"""
