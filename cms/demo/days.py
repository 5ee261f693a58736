"""The two days of the demo city: this morning, and the last day of the published figures."""

from datetime import date, datetime

from crm.common.days.clock import SHANGHAI

AS_OF = datetime(2024, 9, 12, 9, 30, tzinfo=SHANGHAI)
CUTOFF = date(2024, 8, 31)
