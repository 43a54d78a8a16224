"""CrewAI alone with itself: no telemetry, and a folder of its own for what it stores."""

import os
import tempfile

os.environ.update(
    CREWAI_DISABLE_TELEMETRY="true",
    CREWAI_STORAGE_DIR=tempfile.mkdtemp(prefix="headroom-crewai-"),
    CREWAI_TRACING_ENABLED="false",
    OTEL_SDK_DISABLED="true",
)
