"""Which worker of this site holds the link to another one, when several workers serve the site.

A lease lasts a minute and is renewed while the link is up; the link that a site dials anew takes the lease
over. A site of one process has no leases: nobody else could hold a link.
"""

from __future__ import annotations

import os
import socket

from django.db import transaction

from federation import clock, here
from federation.here import Site
from federation.models import Lease

SECONDS = 60
WORKER = f"{socket.gethostname()[:30]}:{os.getpid()}:{os.urandom(6).hex()}"


def take(site: Site, *, over: bool = False) -> bool:
    """Get or keep the lease; with `over`, from a living worker too. False if another one holds it."""
    if here.is_single():
        return True
    now = clock.now()
    with transaction.atomic():
        lease, _ = Lease.objects.select_for_update().get_or_create(
            site=here.name(site), defaults={"worker": WORKER, "until": 0}
        )
        if lease.worker != WORKER and lease.until > now and not over:
            return False
        lease.worker, lease.until = WORKER, now + SECONDS * clock.SECOND
        lease.save()
    return True


def release(site: Site) -> None:
    """Give it back, if it is still ours."""
    if not here.is_single():
        Lease.objects.filter(site=here.name(site), worker=WORKER).delete()
