"""The benchmarks: PinGate and its peers, side by side on one machine.

Processes, temporary folders and listening sockets are handled by the end-to-end tests' own modules.
"""

import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
REPOSITORY = BENCHMARKS.parent
sys.path.insert(0, str(REPOSITORY / "Tests" / "EndToEnd"))
