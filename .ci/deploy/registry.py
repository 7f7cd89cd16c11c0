#!/usr/bin/env python3
"""A registry with one image, for machines that reach no other: the stand-in for Microsoft's base image.

registry.py COMMAND... starts it on a free port of this machine, runs the command with BASE_IMAGE set to the image's name, and ends
with the command's exit code. The image has the user and the paths of the .NET images and one empty layer, so an image that is made
from it shows everything that this project adds, and cannot be run.
"""
import gzip
import hashlib
import http.server
import io
import json
import os
import subprocess
import sys
import tarfile
import threading

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def layer():
    """The home folder of "app", as in the .NET images."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name, owner in (("home", 0), ("home/app", 1654)):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode, folder.uid, folder.gid = tarfile.DIRTYPE, 0o755, owner, owner
            tar.addfile(folder)
    return content.getvalue()


plain = layer()
packed = gzip.compress(plain, mtime=0)
config = json.dumps({
    "architecture": "amd64",
    "os": "linux",
    "config": {
        "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "APP_UID=1654", "ASPNETCORE_HTTP_PORTS=8080"],
        "User": "1654",
    },
    "rootfs": {"type": "layers", "diff_ids": [digest(plain)]},
    "history": [{"created_by": "registry.py"}],
}).encode()
manifest = json.dumps({
    "schemaVersion": 2,
    "mediaType": MANIFEST,
    "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": len(config), "digest": digest(config)},
    "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": len(packed), "digest": digest(packed)}],
}).encode()
blobs = {digest(blob): blob for blob in (config, packed)}


class Registry(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        name = self.path.rsplit("/", 1)[-1]
        if self.path.rstrip("/") == "/v2":
            self.answer(b"{}", "application/json")
        elif "/manifests/" in self.path and name in ("10.0", digest(manifest)):
            self.answer(manifest, MANIFEST)
        elif "/blobs/" in self.path and name in blobs:
            self.answer(blobs[name], "application/octet-stream")
        else:
            self.send_error(404)

    do_HEAD = do_GET

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Docker-Content-Digest", digest(body))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
threading.Thread(target=server.serve_forever, daemon=True).start()
environment = os.environ | {"BASE_IMAGE": f"localhost:{server.server_port}/dotnet/aspnet:10.0"}
sys.exit(subprocess.run(sys.argv[1:], env=environment).returncode)
