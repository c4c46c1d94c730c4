"""`make release` and `make audit`, see docs/releasing.md; runs with what requirements/release.txt names."""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
DIST = ROOT / "dist"
LOCK = ROOT / "requirements" / "runtime.txt"
UNREACHABLE = 3
"""Exit code of the audit where the advisory data could not be reached: nothing is known then."""


def build(folder: Path) -> list[Path]:
    """Build the wheel and the source archive into a folder."""
    _run("hatchling", "build", "-d", str(folder))
    return sorted(path for path in folder.iterdir() if path.suffix in {".whl", ".gz"})


def digest(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def same_twice(folder: Path) -> list[Path]:
    """Build twice, compare every byte, and keep the first.

    Raises:
        SystemExit: they differ; names the file.
    """
    first = build(folder)
    with tempfile.TemporaryDirectory() as other:
        for one, two in zip(first, build(Path(other)), strict=True):
            if one.name != two.name or digest(one) != digest(two):
                raise SystemExit(f"{one.name} is not the same when it is built twice.")
    return first


def release() -> None:
    """Fill dist/: wheel, source archive, list of parts and checksums."""
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    built = same_twice(DIST)
    parts = DIST / "allybot-parts.cdx.json"
    _run("cyclonedx_py", "requirements", str(LOCK), "--pyproject", str(ROOT / "pyproject.toml"),
         "--output-reproducible", "--output-format", "JSON", "--output-file", str(parts))  # fmt: skip
    sums = "".join(f"{digest(path)}  {path.name}\n" for path in (*built, parts))
    (DIST / "SHA256SUMS").write_text(sums, encoding="utf-8")
    sys.stdout.write(sums)


def audit() -> int:
    """Look the locked versions up among known weaknesses; 0: none, 1: some, 3: the data was out of reach.

    pip-audit calls a package that it could not look up "skipped" and then says that it found nothing.
    """
    words = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--format", "json"]
    done = subprocess.run([*words, "-r", str(LOCK)], capture_output=True, text=True, check=False)  # noqa: S603
    found = json.loads(done.stdout)["dependencies"] if done.stdout.startswith("{") else []
    asked = [each for each in found if "skip_reason" not in each]
    if not asked:
        sys.stdout.write("The advisory data could not be reached from here; nothing was audited.\n")
        return UNREACHABLE
    weak = [(each["name"], each["version"], flaw["id"]) for each in asked for flaw in each["vulns"]]
    for name, version, flaw in weak:
        sys.stdout.write(f"{name} {version}: {flaw}\n")
    skipped = sorted(each["name"] for each in found if "skip_reason" in each)
    if skipped:
        sys.stdout.write(f"Not looked up: {', '.join(skipped)}\n")
    sys.stdout.write(f"{len(asked)} packages looked up, {len(weak)} known weaknesses.\n")
    return 1 if weak or skipped else 0


def _run(*words: str) -> None:
    subprocess.run([sys.executable, "-m", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


if __name__ == "__main__":
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("what", choices=["release", "audit"])
    if chosen.parse_args().what == "audit":
        sys.exit(audit())
    release()
