"""Print how busy each step's workers were, and the test files that took longest, from the JUnit reports in a folder."""

import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

seconds = Counter()
for report in sorted(Path(sys.argv[1]).glob("*.xml")):
    root = ET.parse(report).getroot()
    for case in root.iter("testcase"):
        seconds[report.stem, case.get("classname", "").replace(".", "/")] += float(case.get("time", 0))
    tests = sum(total for (step, _), total in seconds.items() if step == report.stem)
    passed = sum(float(suite.get("time", 0)) for suite in root.iter("testsuite"))
    print(f"{report.stem}: {tests:.0f} s of tests in {passed:.0f} s")
print("The longest files, in seconds of one worker:")
for (step, file), total in seconds.most_common(30):
    print(f"{total:7.0f} s  {step:<24}  {file}")
