#!/usr/bin/env python3
"""image.py ARCHIVE FOLDER: checks the image that PublishContainer wrote, and runs the program in it as its configuration says.

User, entry point, ports and variables must be those of the Dockerfile. The program of the image runs on this machine's runtime, with its
folders moved into FOLDER, and must become ready.
"""
import json
import os
import re
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request

LARGEST = 150e6
archive, folder = sys.argv[1:]
root = os.path.join(folder, "root")
with tarfile.open(archive) as tar:
    tar.extractall(os.path.join(folder, "image"), filter="data")
with open(os.path.join(folder, "image", "manifest.json")) as file:
    described = json.load(file)[0]
with open(os.path.join(folder, "image", described["Config"])) as file:
    image = json.load(file)
config = image["config"]
os.makedirs(root)
with tarfile.open(os.path.join(folder, "image", described["Layers"][-1])) as tar:
    size = sum(member.size for member in tar)
    tar.extractall(root, filter="data")

failed = []


def expect(name, actual, expected):
    if actual != expected:
        failed.append(f"{name}: the image has {actual}, expected {expected}")


with open("docker/Dockerfile") as file:
    dockerfile = re.sub(r"\\\n", " ", file.read())
last_stage = dockerfile[dockerfile.rindex("FROM"):]
variables = dict(value.split("=", 1) for value in config["Env"])
wanted = dict(re.findall(r"(SEXTANT_\w+)=(\S+)", re.search(r"^ENV (.*)$", last_stage, re.M).group(1)))
expect("variables", {name: value for name, value in variables.items() if name.startswith("SEXTANT_")}, wanted)
expect("entry point", config["Entrypoint"], json.loads(re.search(r"^ENTRYPOINT (.*)$", last_stage, re.M).group(1)))
expect("command", config["Cmd"], json.loads(re.search(r"^CMD (.*)$", last_stage, re.M).group(1)))
expect("user", config["User"], "1654")
port = re.search(r"^EXPOSE (\d+)$", last_stage, re.M).group(1)
expect("ports", f"{port}/tcp" in config["ExposedPorts"] and wanted["SEXTANT_URLS"].endswith(f":{port}"), True)
with open("src/Sextant.Cli/Sextant.Cli.csproj") as file:
    base = re.search(r"<ContainerBaseImage[^>]*>([^<]+)<", file.read()).group(1)
expect("base image", base, re.search(r"^FROM (\S+)", last_stage).group(1))
if size > LARGEST:
    failed.append(f"the program takes {size / 1e6:.0f} MB, more than {LARGEST / 1e6:.0f}")

moved = {name: value.replace("/home/app", os.path.join(folder, "home")) for name, value in wanted.items()}
moved["SEXTANT_URLS"] = "http://127.0.0.1:5983"
moved["SEXTANT_API_KEYS"] = "a-key-for-this-check-only"
command = [part.replace("/app/", root + "/app/") for part in config["Entrypoint"] + config["Cmd"]]
log = open(os.path.join(folder, "log"), "w+")
service = subprocess.Popen(command, env=os.environ | moved, stdout=log, stderr=log, cwd=folder)
ready = None
try:
    for _ in range(240):
        if service.poll() is not None:
            break
        try:
            ready = urllib.request.urlopen("http://127.0.0.1:5983/readyz", timeout=5).status
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    if service.poll() is not None or ready != 200:
        log.seek(0)
        failed.append("the program in the image does not become ready:\n" + log.read())
    expect("its collections are in the home folder", os.path.isdir(moved["SEXTANT_COLLECTIONS"]), True)
finally:
    service.terminate()
    code = service.wait(60)
expect("exit code after SIGTERM", code, 0)
for line in failed:
    print(line, file=sys.stderr)
print(f"image: {size / 1e6:.1f} MB on top of {base}, user {config['User']}, {' '.join(config['Entrypoint'] + config['Cmd'])}")
sys.exit(bool(failed))
