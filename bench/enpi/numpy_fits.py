"""The same candidate regressions by numpy: reads meters as JSON on standard input, prints seconds of processor and adjusted R2."""
import json
import sys
import time

import numpy as np

work = json.load(sys.stdin)
heating, cooling = work["heatingBases_c"], work["coolingBases_c"]
best = []
begun = time.process_time()
for meter in work["meters"]:
    y = np.array(meter["energy_wh"])
    t = np.array(meter["temperature_c"])
    production = np.array(meter["production"])
    n = len(y)
    sst = ((y - y.mean()) ** 2).sum()
    columns = {("h", b): np.maximum(b - t, 0) for b in heating} | {("c", b): np.maximum(t - b, 0) for b in cooling}
    choices = [[]] + [[("h", b)] for b in heating] + [[("c", b)] for b in cooling]
    choices += [[("h", h), ("c", c)] for h in heating for c in cooling if c >= h]
    greatest = 0.0
    for given in ([], [production]):
        for choice in choices:
            x = np.column_stack([np.ones(n), *given, *[columns[key] for key in choice]])
            b, _, rank, _ = np.linalg.lstsq(x, y, rcond=None)
            if rank < x.shape[1] or (b[1:] < 0).any():
                continue
            sse = ((y - x @ b) ** 2).sum()
            greatest = max(greatest, 1 - (sse / sst) * (n - 1) / (n - x.shape[1]))
    best.append(greatest)
print(json.dumps({"seconds": time.process_time() - begun, "adjustedR2": best}))
