"""Views that tell what they were made for, in whichever adapter."""

import pytest

from headroom_core import handoff
from tests.adapters.telling import telling


@pytest.fixture
def asked(monkeypatch):
    """Return the list of the views that adapters have made since, each with what it was made for."""
    found = []
    monkeypatch.setattr(handoff, "Viewer", telling(found))
    return found
