"""Settings of the documentation's web pages: `nox -s html`."""

from importlib.metadata import version as installed_version

project = "headroom-core"
copyright = "the headroom-core contributors"
version = release = installed_version("headroom-core")

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
# Headings that links may point to, with the anchors that code hosts give them.
myst_heading_anchors = 3
html_theme = "furo"
