"""What gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
application = get_wsgi_application()

# What was loaded stays: else each collection walks all of it again, a tenth of a page's CPU.
gc.collect()
gc.freeze()
