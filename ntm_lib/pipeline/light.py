"""To be imported before nbformat: without what jsonschema imports only if it is there, for formats that no notebook has.

The first alone takes a second. pytest is told to import this before its plugins (pyproject.toml).
"""

import sys

for _name in ("rfc3987_syntax", "rfc3986_validator", "isoduration", "webcolors", "fqdn", "uri_template"):
    sys.modules.setdefault(_name, None)  # type: ignore[arg-type]
