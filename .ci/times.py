"""Print the test files that took longest, from the JUnit reports in a folder: seconds, step, file."""

import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

seconds = Counter()
for report in Path(sys.argv[1]).glob("*.xml"):
    for case in ET.parse(report).iter("testcase"):
        file = case.get("classname", "").replace(".", "/")
        seconds[report.stem, file] += float(case.get("time", 0))
for (step, file), total in seconds.most_common(15):
    print(f"{total:7.0f} s  {step:<24}  {file}")
