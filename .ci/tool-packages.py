#!/usr/bin/env python3
"""tool-packages.py FOLDER: checks the package of the tool for each platform: natives of that platform and of no other, and assemblies of
ours that are precompiled for it. Prints the size of each."""
import pathlib
import re
import struct
import sys
import zipfile

# The libraries that a package needs, the machine in their headers, and the machine of precompiled assemblies, which the compiler
# combines with a number of the operating system.
LIBRARIES = ("onnxruntime", "SkiaSharp", "HarfBuzzSharp", "e_sqlite3")
ELF, MACH_O, PE = "elf", "mach-o", "pe"
PLATFORMS = {
    "linux-x64": ("lib{}.so", (ELF, 62), 0x8664 ^ 0x7B79),
    "linux-arm64": ("lib{}.so", (ELF, 183), 0xAA64 ^ 0x7B79),
    "osx-arm64": ("lib{}.dylib", (MACH_O, 0x0100000C), 0xAA64 ^ 0x4644),
    "win-x64": ("{}.dll", (PE, 0x8664), 0x8664),
}


def machines(data):
    """The machines that a native library is for; a macOS library can be for several."""
    if data[:4] == b"\x7fELF":
        return {(ELF, struct.unpack_from("<H", data, 18)[0])}
    if data[:4] == b"\xcf\xfa\xed\xfe":
        return {(MACH_O, struct.unpack_from("<I", data, 4)[0])}
    if data[:4] == b"\xca\xfe\xba\xbe":
        count = struct.unpack_from(">I", data, 4)[0]
        return {(MACH_O, struct.unpack_from(">I", data, 8 + 20 * i)[0]) for i in range(count)}
    return {(PE, pe_machine(data))}


def pe_machine(data):
    return struct.unpack_from("<H", data, struct.unpack_from("<I", data, 0x3C)[0] + 4)[0]


def problems(package, platform):
    form, native, precompiled = PLATFORMS[platform]
    folder = f"tools/net10.0/{platform}/"
    with zipfile.ZipFile(package) as files:
        names = files.namelist()
        for library in LIBRARIES:
            file = next((folder + form.format(prefix + library) for prefix in ("", "lib") if folder + form.format(prefix + library) in names), None)
            if file is None:
                yield f"no native library {library}"
            elif native not in machines(files.read(file)):
                yield f"{file} is for {machines(files.read(file))}"
        others = {form for form, _, _ in PLATFORMS.values()} - {form}
        for name in names:
            if any(re.search(re.escape(other.split("}")[1]) + "$", name) for other in others if not other.endswith(".dll")):
                yield f"{name} is for another platform"
        ours = [name for name in names if re.fullmatch(re.escape(folder) + r"Sextant(\.\w+)+\.dll", name)]
        if len(ours) < 15:
            yield f"only {len(ours)} assemblies of ours"
        for name in ours:
            # The model has no code to precompile.
            if not name.endswith("Model.Small.dll") and pe_machine(files.read(name)) != precompiled:
                yield f"{name} is not precompiled for {platform}"


failed = False
for path in sorted(pathlib.Path(sys.argv[1]).glob("Sextant.Cli.*-*.nupkg")):
    name = re.match(r"Sextant\.Cli\.([a-z]+-\w+?)\.\d", path.name)[1]
    found = list(problems(path, name))
    failed |= bool(found)
    print(f"{path.name}: {path.stat().st_size / 1e6:.0f} MB" + "".join(f"\n  {line}" for line in found))
sys.exit(failed)
