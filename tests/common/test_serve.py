"""The supervisor stops both of its children, whoever ends first."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

SCRIPT = """
    import django, sys
    django.setup()
    from django.core.management import call_command
    from crm.common.management.commands.serve import Command
    SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
    END = [sys.executable, "-c", "pass"]
    Command._commands = lambda self, options: [SLEEP, {second}]
    command = Command()
    call_command(command, port=8999)
"""


def _serve(second, tmp_path):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT.format(second=second))],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "crm.settings.test",
            "ANSHANG_VAR": str(tmp_path),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _children(pid):
    path = f"/proc/{pid}/task/{pid}/children"
    with open(path) as lines:
        return [int(word) for word in lines.read().split()]


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="reads /proc")
def test_a_terminated_supervisor_leaves_no_child(tmp_path):
    server = _serve("SLEEP", tmp_path)
    assert server.stdout.readline().startswith("http://127.0.0.1:8999")
    children = _children(server.pid)
    assert len(children) == 2
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=30)
    assert server.returncode == 0
    for _ in range(50):
        if not any(_alive(pid) for pid in children):
            break
        time.sleep(0.1)
    assert not any(_alive(pid) for pid in children)


def test_a_child_that_dies_ends_the_other_and_is_reported(tmp_path):
    server = _serve("END", tmp_path)
    _, said = server.communicate(timeout=60)
    assert server.returncode != 0
    assert "stopped by itself" in said
