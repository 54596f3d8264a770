"""A real nginx with our configuration, in a folder and on a port of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from deploy.local.processes import ROOT
from deploy.server.nginx.configuration import Front

AROUND = """
daemon off; {user} worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  include {folder}/porchlight.conf;
}}
"""


def command(front: Front, folder: Path) -> list[str]:
    """What starts nginx with this configuration, written into `folder`."""
    subprocess.run([ROOT / "tests" / "system-packages.sh", "nginx"], check=True)
    user = "user root;" if os.geteuid() == 0 else ""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "porchlight.conf").write_text(front.text(), encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert found
    return [found, "-c", str(folder / "nginx.conf")]
