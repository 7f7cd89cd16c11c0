"""coverage.py FOLDER FLOOR NAME…: sums the Cobertura files below FOLDER for the assemblies Sextant.NAME. A line counts once, and is covered
when the tests of any project reach it. Prints the share of each assembly, and fails when the share of all lines is below FLOOR percent."""

import pathlib
import sys
import xml.etree.ElementTree as ET

folder, floor = pathlib.Path(sys.argv[1]), float(sys.argv[2])
names = {f"Sextant.{name}" for name in sys.argv[3:]}
assemblies = {}
for file in sorted(folder.rglob("*.xml")):
    report = ET.parse(file).getroot()
    root = pathlib.Path(report.findtext("sources/source", ""))
    for package in (package for package in report.iter("package") if package.get("name") in names):
        lines = assemblies.setdefault(package.get("name"), {})
        for source in package.iter("class"):
            for line in source.iter("line"):
                place = root / source.get("filename"), line.get("number")
                lines[place] = lines.get(place, False) or line.get("hits") != "0"


def percent(hits):
    return 100 * sum(hits) / max(1, len(hits))


for name, lines in sorted(assemblies.items()):
    print(f"{name:<28} {percent(lines.values()):5.1f} % of {len(lines):6,} lines")
every = [hit for lines in assemblies.values() for hit in lines.values()]
print(f"{'all':<28} {percent(every):5.1f} % of {len(every):6,} lines; at least {floor:g} % is required")
sys.exit(percent(every) < floor)
