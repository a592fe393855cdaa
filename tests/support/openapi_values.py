"""Requests made from an OpenAPI document: as they should be, nearly so, and hostile. The same seed gives the
same ones."""
import json
import random
import urllib.parse

TEXTS = ["x", "GOV", "Ümlaut €", "a b", "%41", "a/b", "..", "'; DROP TABLE client; --", "\" or 1=1", "<b>&amp;", "\t",
         "\n", "\u0000", "\u202e", "\ufeff", "💾", "null", "0", "-1", "9" * 40, "x" * 255, "x" * 256, "y" * 5000, ":", "::",
         "EX:", "EX:GOV:1:2:3:4", "${jndi:x}", "{{7*7}}", ""]
NUMBERS = [0, 1, 2, 3, -1, 2**31 - 1, 2**31, 2**63 - 1, -2**63, 2**64, 1.5, 1e308]
OTHERS = [None, True, [], {}, [[]], {"a": {"b": []}}, "text", 7]


class Request:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body

    def __str__(self):
        return f"{self.method} {self.path} {self.headers} {(self.body or b'')[:300]!r}"


class Requests:
    def __init__(self, seed, known, files, always=()):
        """`known`: values that exist, by the name of a parameter or field; for those of `always` no others are
        made. `files`: contents of uploads."""
        self.random, self.known, self.files, self.always = random.Random(seed), known, files, always

    def good(self, operation):
        """As described, often about things that exist."""
        return self.request(operation, wrong=0)

    def bad(self, operation):
        """Wrong in some way, or in several."""
        kind = self.random.randrange(8)
        if kind == 0 and operation.media_type:
            return self.request(operation, wrong=0, octets=self.random.choice(
                [b"", b"{", b"[]", b"null", b"\xff\xfe", b"{\"a\":" * 3000, b"[" * 20000, b"\x00" * 100,
                 b"x" * 60000, b'{"a":1,"a":2}', b"--x\r\n", json.dumps({"error": "x" * 40000}).encode()]))
        if kind == 1 and operation.media_type:
            return self.request(operation, wrong=0, media_type=self.random.choice(
                ["text/plain", "application/xml", "", "application/json; charset=utf-16", "multipart/form-data",
                 "multipart/form-data; boundary=" + "b" * 500, "*/*", "application/json,application/json"]))
        return self.request(operation, wrong=self.random.choice([0.1, 0.3, 1]))

    def request(self, operation, wrong, octets=None, media_type=None):
        path, query = operation.path, []
        for parameter in operation.parameters:
            name, schema = parameter["name"], parameter["schema"]
            if parameter["in"] == "path":
                # Without text there the path would be another one.
                value = self.text(self.value(name, schema, wrong)) or "-"
                path = path.replace("{" + name + "}", urllib.parse.quote(value, safe=""))
            elif parameter["in"] == "query" and (parameter.get("required") or self.random.random() < 0.4):
                if schema.get("type") == "object" and parameter.get("explode"):
                    for field, one in schema["properties"].items():
                        if self.random.random() < 0.5:
                            query.append((field, self.text(self.value(field, one, wrong))))
                else:
                    query.append((name, self.text(self.value(name, schema, wrong))))
        if wrong and self.random.random() < 0.1:
            query += [(self.random.choice(["q", "limit", "offset", "sort", "unknown"]), self.random.choice(TEXTS))] * 2
        if query:
            path += "?" + urllib.parse.urlencode(query)
        headers, body = {}, None
        if operation.media_type:
            content_type, body = self.body(operation, wrong)
            headers["Content-Type"] = content_type
            if octets is not None:
                body = octets
            if media_type is not None:
                headers["Content-Type"] = media_type
        return Request(operation.method, path, headers, body)

    def body(self, operation, wrong):
        schema = operation.body
        if operation.media_type == "multipart/form-data":
            return self.form(schema, wrong)
        value = self.value("", schema, wrong)
        if operation.media_type == "application/x-www-form-urlencoded":
            fields = value if isinstance(value, dict) else {"x": value}
            return operation.media_type, urllib.parse.urlencode(
                {key: self.text(one) for key, one in fields.items()}).encode()
        return operation.media_type, json.dumps(value).encode()

    def form(self, schema, wrong):
        boundary = "----boundary"
        parts = []
        for name, one in schema.get("properties", {}).items():
            if name not in schema.get("required", []) and self.random.random() < 0.5:
                continue
            if wrong and self.random.random() < wrong / 3:
                continue
            if one.get("format") == "binary":
                kinds = self.files["other"] if wrong and self.random.random() < wrong else \
                    self.files.get(one.get("x-file"), self.files["other"])
                file_name, content = self.random.choice(kinds)
                head = f'form-data; name="{name}"; filename="{file_name}"'
            else:
                head = f'form-data; name="{name}"'
                content = self.text(self.value(name, one, wrong)).encode("utf-8", "replace")
            parts.append(f"--{boundary}\r\nContent-Disposition: {head}\r\n\r\n".encode() + content + b"\r\n")
        return f"multipart/form-data; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()

    @staticmethod
    def text(value):
        if isinstance(value, str):
            return value
        return json.dumps(value)

    def value(self, name, schema, wrong):
        if wrong and self.random.random() < wrong:
            return self.random.choice(self.random.choice([TEXTS, NUMBERS, OTHERS]))
        if name in self.always or name in self.known and self.random.random() < 0.7:
            return self.random.choice(self.known[name])
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        kind = schema.get("type", "object")
        if isinstance(kind, list):
            kind = self.random.choice(kind)
        make = getattr(self, "make_" + kind)
        return make(name, schema, wrong)

    def make_object(self, _, schema, wrong):
        made = {}
        for part in schema.get("allOf", []):
            made.update(self.make_object("", part, wrong))
        for field, one in schema.get("properties", {}).items():
            if field in schema.get("required", []) or self.random.random() < 0.6:
                if not (wrong and self.random.random() < wrong / 3):
                    made[field] = self.value(field, one, wrong)
        if wrong and self.random.random() < wrong / 3:
            made["unknown"] = self.random.choice(OTHERS)
        return made

    def make_array(self, name, schema, wrong):
        count = self.random.randint(schema.get("minItems", 0), max(schema.get("minItems", 0), 2))
        return [self.value(name, schema.get("items", {}), wrong) for _ in range(count)]

    def make_string(self, _, schema, __):
        shortest, longest = schema.get("minLength", 0), schema.get("maxLength", 40)
        length = self.random.choice([shortest, min(longest, shortest + 1), self.random.randint(
            shortest, min(longest, shortest + 12)), min(longest, 300)])
        return "".join(self.random.choice("abcXYZ019-_") for _ in range(length))

    def make_integer(self, _, schema, __):
        return self.random.randint(schema.get("minimum", 0), min(schema.get("maximum", 9), 9))

    def make_number(self, name, schema, wrong):
        return self.make_integer(name, schema, wrong)

    def make_boolean(self, *_):
        return self.random.random() < 0.5

    def make_null(self, *_):
        return None
