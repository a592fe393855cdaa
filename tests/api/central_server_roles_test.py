#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails when an operation of the Central Server needs what no role has, or a role is not what it should be.

    central_server_roles_test.py ROOT
"""
import pathlib
import sys

import yaml

# Permissions of each role; together there are 90 different ones.
SIZES = {"XROAD_REGISTRATION_OFFICER": 36, "XROAD_SECURITY_OFFICER": 33, "XROAD_SYSTEM_ADMINISTRATOR": 28,
         "XROAD_MANAGEMENT_SERVICE": 15}
ALL = 90


def load(root, name):
    return yaml.load((root / "src/centralserver/api" / name).read_text(), Loader=yaml.CSafeLoader)


def needed(document):
    """Where a permission is named, and the permission."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if not isinstance(operation, dict):
                continue
            also = operation.get("x-permission-also", {})
            for permission in (*operation.get("x-permission", ()), *also.get("required", {}).values()):
                yield f"{method.upper()} {path}", permission


def violations(root):
    roles = load(root, "roles.yaml")
    document = load(root, "openapi.yaml")
    granted = {permission for permissions in roles.values() for permission in permissions}
    if {role: len(permissions) for role, permissions in roles.items()} != SIZES:
        yield f"roles have {[(role, len(permissions)) for role, permissions in roles.items()]} permissions"
    if len(granted) != ALL:
        yield f"{len(granted)} permissions in all"
    for role, permissions in roles.items():
        if permissions != sorted(set(permissions)):
            yield f"{role}: its permissions are not in order, each once"
    for where, permission in needed(document):
        if permission not in granted:
            yield f"{where}: no role has {permission}"
    if set(document["components"]["schemas"]["RoleName"]["enum"]) != set(roles):
        yield "RoleName and roles.yaml differ"


def main():
    found = list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(found) if found else "roles.yaml: whatever an operation needs, a role has")
    return 1 if found else 0


sys.exit(main())
