"""Keeps the "Dependencies" section of each package's README equal to what NuGet resolves for it.
Usage: dependencies.py [--write]; needs a restore. Without --write it prints what differs and fails."""
import json
import pathlib
import re
import sys

HEADING = "## Dependencies"


def resolved(project: pathlib.Path) -> list[str]:
    """The packages that a program gets with this one at run time: build-time packages bring no library."""
    assets = json.loads((project / "obj/project.assets.json").read_text())
    target = next(iter(assets["targets"].values()))
    names = []
    for key, library in target.items():
        files = [*library.get("runtime", {}), *library.get("runtimeTargets", {})]
        if library["type"] == "project" or any(not file.endswith("_._") for file in files):
            names.append(key.split("/")[0])
    return sorted(names, key=str.lower)


def section(names: list[str]) -> str:
    ours = [name for name in names if name.split(".")[0].lower() == "sextant"]
    others = [name for name in names if name not in ours]
    lines = [HEADING, "", "With all that they depend on, for .NET 10:", ""]
    for title, group in (("Sextant packages", ours), ("Other packages", others)):
        lines.append(f"- {title}: {', '.join(group) if group else 'none'}")
    return "\n".join(lines) + "\n"


def main() -> int:
    different = []
    for project in sorted(pathlib.Path("src").iterdir()):
        readme = project / "README.md"
        if not readme.exists() or not (project / "obj/project.assets.json").exists():
            continue
        text = readme.read_text()
        wanted = section(resolved(project))
        found = re.search(rf"{HEADING}\n.*?(?=\n## |\Z)", text, re.S)
        new = text[: found.start()] + wanted + text[found.end():] if found else text.rstrip() + "\n\n" + wanted
        if new.rstrip() == text.rstrip():
            continue
        different.append(str(readme))
        if "--write" in sys.argv:
            readme.write_text(new.rstrip() + "\n")
    if different and "--write" not in sys.argv:
        print("the dependencies differ from: " + ", ".join(different) + "; run python3 .ci/dependencies.py --write")
        return 1
    return 0


sys.exit(main())
