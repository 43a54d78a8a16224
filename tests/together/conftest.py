"""CrewAI has to be told to keep to itself before it is imported, as in its own tests."""

import tests.adapters.crewai.conftest  # noqa: F401  # sets the environment when it is imported
