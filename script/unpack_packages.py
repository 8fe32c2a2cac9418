"""Turns packages inside Debian's source package of Swift into local git repositories that SwiftPM can use as mirrors.

Usage: unpack_packages.py STORE NAME...   (the source package lies in STORE/source; STORE/NAME is made for each name)
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile

CONFIG = "swift/utils/update_checkout/update-checkout-config.json"


def main(store: pathlib.Path, names: list[str]) -> None:
    (archive,) = (store / "source").glob("*.orig.tar.xz")
    wanted = {*names, "swift"}
    with tarfile.open(archive, "r|xz") as tar:
        for member in tar:
            _, _, inside = member.name.partition("/")
            folder = inside.partition("/")[0]
            if folder not in wanted or (folder == "swift" and inside != CONFIG):
                continue
            member.name = inside
            member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
            tar.extract(member, store)

    config = json.loads((store / CONFIG).read_text())
    release = re.search(r"swiftlang[-_](\d+\.\d+)", archive.name)[1]
    versions = config["branch-schemes"][f"release/{release}"]["repos"]
    for name in names:
        version = versions[name]
        if not re.fullmatch(r"\d+\.\d+\.\d+", version):
            sys.exit(f"error: {name} is at {version!r} there, which is no version")
        publish(store / name, version)
        print(f"    {name} {version}", file=sys.stderr)


def publish(folder: pathlib.Path, version: str) -> None:
    """Commits the folder and tags it, without the documentation plug-in, which nobody needs to build the package."""
    for manifest in folder.glob("Package*.swift"):
        lines = manifest.read_text().splitlines(keepends=True)
        manifest.write_text("".join(line for line in lines if "swift-docc-plugin" not in line))

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=caravan", "-c", "user.email=caravan@localhost", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *identity, *arguments], cwd=folder, check=True)

    git("init", "-q")
    git("add", "-A", "-f")
    git("commit", "-q", "-m", version)
    git("tag", version)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
