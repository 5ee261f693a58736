"""Settings of every installation: one file, read from the environment.

`crm.settings.test` narrows them for the test suite; there is no third variant.
"""

from crm.settings.base import *  # noqa: F403
