"""An OpenAPI document as tests use it: its operations, and what an answer has to be."""
import json

import jsonschema
import yaml

# What is too long for HTTP, whatever is asked.
OF_HTTP = (414, 431)
METHODS = ("get", "put", "post", "patch", "delete")


class Operation:
    def __init__(self, path, method, described, prefix):
        self.path, self.method, self.described = prefix + path, method.upper(), described
        self.id = described["operationId"]
        self.parameters = described.get("parameters", [])
        self.access = described.get("x-access")
        self.permissions = set(described.get("x-permission", []))
        # Which of the permissions it must be is said by a value; then one of them may not suffice.
        self.depends_on_values = "x-permission-by" in described or "x-permission-also" in described
        # Who may log in, and how.
        self.logins = {scheme for one in described.get("security", [{"ApiKeyAuth": []}]) for scheme in one}
        content = described.get("requestBody", {}).get("content", {})
        self.media_type, self.body = next(((kind, one["schema"]) for kind, one in content.items()), (None, None))
        self.body_required = described.get("requestBody", {}).get("required", False)

    def __str__(self):
        return f"{self.id} ({self.method} {self.path})"

    def wrong_with(self, status, content_type, body):
        """What is not as described in an answer; None when all is."""
        if status in OF_HTTP:
            return None
        answer = self.described["responses"].get(str(status))
        if answer is None:
            return f"{status} is not described"
        content = answer.get("content")
        if not content:
            return None
        kind = (content_type or "").split(";")[0]
        if not body and "application/json" not in content:
            return None
        if kind not in content:
            return f"{status} with {kind or 'no type'} instead of {', '.join(content)}"
        if kind != "application/json":
            return None
        try:
            value = json.loads(body)
        except json.JSONDecodeError:
            # The one answer that is a bare word.
            value = body.decode(errors="replace")
        schema = content[kind].get("schema", {})
        try:
            jsonschema.validate(value, schema, cls=jsonschema.Draft4Validator)
        except jsonschema.ValidationError as error:
            return f"{status}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        codes = self.described.get("x-error-codes", {}).get(str(status), [])
        if codes and isinstance(value, dict):
            code = value.get("error", {}).get("code")
            # As in X-Road, what cannot be read as a request at all is refused without a code.
            if code not in codes and not (status == 400 and code is None):
                return f"{status} with code {code} instead of {', '.join(codes)}"
        return None


class OpenApi:
    def __init__(self, file):
        self.tree = yaml.load(file.read_text(), Loader=yaml.CSafeLoader)
        prefix = self.tree["servers"][0]["url"]
        self.operations = []
        for path, item in self.tree["paths"].items():
            own = item.get("servers", [{"url": prefix}])[0]["url"].rstrip("/")
            shared = [self.resolved(one) for one in item.get("parameters", [])]
            for method in METHODS:
                if method in item:
                    described = self.resolved(item[method])
                    described["parameters"] = shared + described.get("parameters", [])
                    self.operations.append(Operation(path, method, described, own))

    def resolved(self, node):
        """With everything in place that it refers to; nullable as JSON Schema says it."""
        if isinstance(node, list):
            return [self.resolved(one) for one in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            found = self.tree
            for name in node["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            return self.resolved(found)
        made = {key: self.resolved(value) for key, value in node.items()}
        if made.get("nullable") and isinstance(made.get("type"), str):
            made["type"] = [made["type"], "null"]
            if "enum" in made:
                made["enum"] = [*made["enum"], None]
        return made
