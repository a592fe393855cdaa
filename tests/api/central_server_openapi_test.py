#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails when the description of the Central Server's API is not valid, or not complete in itself.

    central_server_openapi_test.py ROOT
"""
import datetime
import json
import pathlib
import re
import sys

import jsonschema
import yaml

# Debian's package openapi-specification.
META_SCHEMA = pathlib.Path("/usr/share/openapi-specification/schemas/v3.0/schema.json")
METHODS = ("get", "put", "post", "patch", "delete")
EXTENSIONS = {"x-permission", "x-permission-by", "x-permission-also", "x-access", "x-error-codes",
              "x-warning-codes", "x-sort-keys", "x-body-limit"}
SCHEMA_EXTENSIONS = {"x-validation", "x-file"}
CHECKS = {"IdentifierChars", "NoControlChars", "ValidHostAddress", "OnlyAddressChars", "ValidX509Certificate"}
FILES = {"certificate", "xml", "backup"}
# Statuses that come without a body.
BARE = {"406"}


class Loader(yaml.CSafeLoader):
    """Refuses what YAML would silently drop: the first of two equal keys."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        twice = {str(key) for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"twice: {twice}", node.start_mark)
        return super().construct_mapping(node, deep)


def walk(node, path=()):
    yield path, node
    if isinstance(node, (dict, list)):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from walk(value, (*path, key))


class Document:
    def __init__(self, root):
        self.tree = yaml.load((root / "src/centralserver/api/openapi.yaml").read_text(), Loader=Loader)
        self.permissions = {permission for granted in
                            yaml.load((root / "src/centralserver/api/roles.yaml").read_text(), Loader=Loader).values()
                            for permission in granted}

    def find(self, reference):
        node = self.tree
        for name in reference.removeprefix("#/").split("/"):
            node = node[name]
        return node

    def resolve(self, node):
        return self.find(node["$ref"]) if "$ref" in node else node

    def operations(self):
        """Path, its item, method, operation."""
        for path, item in self.tree["paths"].items():
            for method in METHODS:
                if method in item:
                    yield path, item, method, item[method]

    def parameters(self, item, operation):
        return [self.resolve(each) for each in item.get("parameters", []) + operation.get("parameters", [])]

    def bodies(self, operation):
        return operation.get("requestBody", {}).get("content", {}).values()

    def properties(self, schema):
        """All properties of a schema, with those of what it consists of."""
        schema = self.resolve(schema)
        found = dict(schema.get("properties", {}))
        for part in schema.get("allOf", []):
            found.update(self.properties(part))
        return found


def is_valid_openapi(document):
    meta = json.loads(META_SCHEMA.read_text())
    for error in jsonschema.Draft4Validator(meta).iter_errors(document.tree):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


def references_resolve_and_all_is_used(document):
    used = set()
    for path, node in walk(document.tree):
        if path and path[-1] == "$ref" or path[-2:-1] == ("mapping",):
            used.add(node)
    for reference in sorted(used):
        try:
            document.find(reference)
        except KeyError:
            yield f"{reference} leads nowhere"
    for kind in ("schemas", "parameters", "responses"):
        for name in document.tree["components"][kind]:
            if f"#/components/{kind}/{name}" not in used:
                yield f"{kind}/{name} is not used"


def operations_say_what_they_are(document):
    seen = set()
    tags = {tag["name"] for tag in document.tree["tags"]}
    for path, _, method, operation in document.operations():
        where = f"{method.upper()} {path}"
        name = operation.get("operationId")
        if not name or name in seen:
            yield f"{where}: operationId {name} is missing or not unique"
        seen.add(name)
        if not re.fullmatch(r"[A-Z][^.]*\.", operation.get("summary", "").replace("openapi.yaml", "")):
            yield f"{where}: the summary is not one sentence"
        if len(operation.get("tags", [])) != 1 or operation["tags"][0] not in tags:
            yield f"{where}: needs one tag of those that are described"
        unknown = {key for key in operation if key.startswith("x-")} - EXTENSIONS
        if unknown:
            yield f"{where}: unknown {unknown}"


def operations_say_who_may(document):
    for path, item, method, operation in document.operations():
        where = f"{method.upper()} {path}"
        permissions, access = operation.get("x-permission"), operation.get("x-access")
        if (permissions is None) == (access is None) or permissions == []:
            yield f"{where}: needs either x-permission or x-access"
        if access not in (None, "public", "any-login", "nobody"):
            yield f"{where}: unknown access {access}"
        by, also = operation.get("x-permission-by"), operation.get("x-permission-also")
        named = list(permissions or []) + [name for names in (by or {}).get("values", {}).values() for name in names]
        for rule in ("required", "forbidden"):
            named += (also or {}).get(rule, {}).values()
        for name in set(named) - document.permissions:
            yield f"{where}: unknown permission {name}"
        if by and {name for names in by["values"].values() for name in names} != set(permissions):
            yield f"{where}: x-permission-by and x-permission differ"
        for rule in filter(None, (by, also)):
            yield from rule_is_about_something(document, where, item, operation, rule)
        security = operation.get("security", document.tree["security"])
        if (access == "public") != (security == []):
            yield f"{where}: access and security contradict each other"
        if method != "get" and any("SessionCookie" in way and "CsrfToken" not in way for way in security):
            yield f"{where}: changes something with a session, but without an XSRF token"


def rule_is_about_something(document, where, item, operation, rule):
    names = {"path": [each["name"] for each in document.parameters(item, operation)],
             "body": [name for body in document.bodies(operation) for name in document.properties(body["schema"])],
             "resource": ["type"]}
    if rule["name"] not in names[rule["in"]]:
        yield f"{where}: a permission depends on {rule['in']} {rule['name']}, which does not exist"


def errors_are_described(document):
    error = {"$ref": "#/components/schemas/ErrorInfo"}
    for path, item, method, operation in document.operations():
        where = f"{method.upper()} {path}"
        responses = operation["responses"]
        for status, response in responses.items():
            content = document.resolve(response).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            if status[0] in "45" and schema != (None if status in BARE else error):
                yield f"{where}: {status} has not the schema of errors"
        access = operation.get("x-access")
        expected = {"429"} if access == "public" else {"403", "429"} if access != "any-login" else {"429"}
        if access != "public" and path != "/logout":
            expected.add("401")
        takes = document.parameters(item, operation) or "requestBody" in operation
        if takes and access not in ("public", "any-login"):
            expected.add("400")
        if "requestBody" in operation:
            expected.add("413")
        if expected - set(responses):
            yield f"{where}: {expected - set(responses)} is missing"
        if access != "nobody" and not any(status[0] == "2" for status in responses):
            yield f"{where}: cannot succeed"
        for status, codes in operation.get("x-error-codes", {}).items():
            if status not in responses:
                yield f"{where}: has error codes for {status}, but not the status"
            for code in codes:
                if not re.fullmatch(r"[a-z0-9_.]+", code) or codes.count(code) > 1:
                    yield f"{where}: error code {code}"
        if takes and "400" in responses and "validation_failure" not in operation.get("x-error-codes", {}).get("400", []):
            yield f"{where}: 400 without validation_failure"


def parameters_are_declared(document):
    for path, item, method, operation in document.operations():
        where = f"{method.upper()} {path}"
        parameters = document.parameters(item, operation)
        declared = [each["name"] for each in parameters if each["in"] == "path" and each["required"]]
        if sorted(declared) != sorted(re.findall(r"{(\w+)}", path)):
            yield f"{where}: path parameters {declared}"
        pages = any(each["name"] == "paging_sorting" for each in parameters) or any(
            "paging_sorting" in document.properties(body["schema"]) for body in document.bodies(operation))
        if pages != ("x-sort-keys" in operation):
            yield f"{where}: paging and x-sort-keys belong together"


def schemas_make_sense(document):
    schemas = document.tree["components"]["schemas"]
    for path, node in walk(document.tree["components"]):
        if isinstance(node, dict) and {"type", "allOf", "enum"} & set(node) and "in" not in node:
            unknown = {key for key in node if str(key).startswith("x-")} - SCHEMA_EXTENSIONS
            if unknown and "properties" not in path[-1:]:
                yield f"{'/'.join(map(str, path))}: unknown {unknown}"
        if path and path[-1] == "pattern" and isinstance(node, str):
            re.compile(node)
            if not (node.startswith("^") and node.endswith("$")):
                yield f"{'/'.join(map(str, path))}: a pattern without anchors matches anything"
        if path and path[-1] == "x-file" and node not in FILES:
            yield f"{'/'.join(map(str, path))}: unknown kind of file {node}"
    for name, schema in schemas.items():
        properties = document.properties(schema)
        for field in set(schema.get("required", [])) - set(properties):
            yield f"{name}: requires {field}, which it has not"
        for field, checks in schema.get("x-validation", {}).items():
            if field not in properties or set(checks) - CHECKS:
                yield f"{name}: x-validation of {field}"
        if "discriminator" in schema:
            kinds = document.resolve(properties[schema["discriminator"]["propertyName"]])["enum"]
            if set(schema["discriminator"]["mapping"]) - set(kinds):
                yield f"{name}: the discriminator maps what the type cannot be"


def as_json_schema(node):
    """OpenAPI's nullable in the words of JSON Schema; whatever else is used here is the same in both."""
    if isinstance(node, list):
        return [as_json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    converted = {key: as_json_schema(value) for key, value in node.items() if key not in ("nullable", "example")}
    return {"anyOf": [converted, {"type": "null"}]} if node.get("nullable") is True else converted


def examples_are_valid(document):
    formats = jsonschema.FormatChecker(formats=())

    @formats.checks("date-time", raises=ValueError)
    def is_time(text):  # pylint: disable=unused-variable
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).tzinfo is not None

    resolver = jsonschema.RefResolver("", as_json_schema(document.tree))
    count = 0
    for path, node in walk(document.tree):
        if not isinstance(node, dict) or "example" not in node or path[-1:] == ("properties",):
            continue
        count += 1
        schema = node["schema"] if "schema" in node else node
        validator = jsonschema.Draft4Validator(as_json_schema(schema), resolver=resolver, format_checker=formats)
        for error in validator.iter_errors(node["example"]):
            yield f"{'/'.join(map(str, path))}: example: {error.message[:200]}"
    if count < 50:
        yield f"only {count} examples"


def main():
    document = Document(pathlib.Path(sys.argv[1]))
    found = [f"{check.__name__}: {text}" for check in (
        is_valid_openapi, references_resolve_and_all_is_used, operations_say_what_they_are, operations_say_who_may,
        errors_are_described, parameters_are_declared, schemas_make_sense, examples_are_valid)
        for text in check(document)]
    count = sum(1 for _ in document.operations())
    print("\n".join(found) if found else f"openapi.yaml: {count} operations are described in full")
    return 1 if found else 0


sys.exit(main())
