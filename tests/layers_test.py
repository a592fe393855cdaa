#!/usr/bin/env python3
"""Fails when a folder of src/ includes one that stands above it."""
import pathlib
import re
import sys

# Lowest first. A folder may include itself and every folder before it.
ORDER = ["base", "domain", "yaml", "xml", "pki", "net", "store", "supervision", "openpgp", "backup", "message",
         "evidence", "globalconf", "signer", "admin", "country", "securityserver", "centralserver",
         "configurationproxy", "testca",
         "ecosystem", "bench", "cli"]
# Roles stand side by side: none includes another.
ROLES = {"securityserver", "centralserver", "configurationproxy", "testca"}
# Inside securityserver/, lowest first.
SERVER_ORDER = ["configuration", "access", "messagelog", "timestamping", "archiving", "transport", "services",
                "provider", "consumer", "management", "administration"]
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def places(path):
    parts = path.split("/")
    inner = parts[1] if parts[0] == "securityserver" and len(parts) > 2 else None
    return parts[0], inner


def violations(root):
    for source in sorted((root / "src").rglob("*.[ch]pp")):
        here, here_inner = places(str(source.relative_to(root / "src")))
        if here not in ORDER:
            yield f"{source}: folder {here} has no place in the order"
            continue
        for number, line in enumerate(source.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            there, there_inner = places(match.group(1))
            where = f"{source.relative_to(root)}:{number}"
            if there not in ORDER:
                yield f"{where}: includes {match.group(1)}, not a path from src/"
            elif ORDER.index(there) > ORDER.index(here):
                yield f"{where}: {here} includes {there}, which stands above it"
            elif there != here and {here, there} <= ROLES:
                yield f"{where}: role {here} includes role {there}"
            elif (here_inner in SERVER_ORDER and there_inner in SERVER_ORDER
                  and SERVER_ORDER.index(there_inner) > SERVER_ORDER.index(here_inner)):
                yield f"{where}: {here_inner}/ includes {there_inner}/, which stands above it"


def main():
    found = list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(found) if found else "layers: every include points downwards")
    return 1 if found else 0


sys.exit(main())
