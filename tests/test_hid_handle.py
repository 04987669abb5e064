import subprocess
import sys

from tests.rig.client import ROOT
from tests.rig.present import needs_virtual_pucks

PROGRAM = """
from teleop.devices.hid_handle import HidHandle

for _ in range(500):
    try:
        HidHandle("/dev/null")
    except ConnectionError:
        continue
    raise SystemExit("/dev/null was opened")
"""


@needs_virtual_pucks  # that is, where hidapi is installed
def test_use_after_free_a_node_that_vanishes_while_it_is_opened_does_not_kill_the_process():
    # hidapi alone crashes here: it takes /dev/null for a node that was unplugged just now.
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
