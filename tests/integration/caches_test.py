#!/usr/bin/env python3
"""What is no longer trusted is not used on, whatever is remembered of it. In two countries
with warm caches and kept connections something is changed; as soon as the proxy concerned
says that it has taken the change up, the very next message on each kept connection meets it,
with X-Road's fault code, and once it is taken back the next message is answered again."""
import base64
import concurrent.futures
import contextlib
import http.client
import http.server
import json
import os
import pathlib
import re
import signal
import ssl
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
import ecosystem  # noqa: E402
from checks import check, wait_until  # noqa: E402
from country import CAN_SHOW, CANNOT_SHOW, KEYS, Country, moment, take_up  # noqa: E402

KEPT = 4  # connections of an information system, used at once
GOOD = (200, None)
FRESHNESS = 8  # seconds
CLIENT, SERVER, SERVICE = "server.clientproxy.", "server.serverproxy.", "server.serverproxy.service_failed."


class Caller:
    """An information system that keeps its connections, and so has its server keep some too."""

    def __init__(self, consumer, client, service):
        self.consumer, self.client, self.service = consumer, client, service
        address = urllib.parse.urlsplit(consumer.consumer_http)
        self.connections = [http.client.HTTPConnection(address.hostname, address.port, timeout=60) for _ in range(KEPT)]
        self.pool = concurrent.futures.ThreadPoolExecutor(KEPT)

    def call(self, connection):
        connection.request("GET", f"/r1/{self.service}/x", headers={"X-Road-Client": self.client})
        answer = connection.getresponse()
        body = answer.read()
        return (answer.status, None) if answer.status == 200 else (answer.status, json.loads(body)["type"])

    def each(self):
        """What a message on each connection, all at once, comes to."""
        return set(self.pool.map(self.call, self.connections))

    def warm(self):
        seen = set.union(*(self.each() for _ in range(3)))
        check(seen == {GOOD}, f"{self.client} is answered by {self.service}: {seen}")

    def expect(self, code, when):
        seen = self.each()
        check(seen == {GOOD if code is None else (500, code)}, f"{when}: {code or 'answered'}; was {seen}")


class World:
    def __init__(self, causeway, description):
        root = pathlib.Path(description["directory"])
        self.ee, self.fi = (Country(causeway, root, instance) for instance in description["instances"])
        lab = [next(s for s in instance["services"]["rest"] if s.endswith("/lab/rest-echo"))
               for instance in description["instances"]]
        self.lab = lab
        clients = [next(c["id"] for c in instance["security_servers"][1]["clients"]
                        if c["registered"] and not c["certificate_required"]) for instance in description["instances"]]
        self.clients = clients
        self.to_fi = Caller(self.ee.consumer, clients[0], lab[1])
        self.to_ee = Caller(self.fi.consumer, clients[1], lab[0])
        self.all = [*self.ee.servers.values(), *self.fi.servers.values()]
        self.processes = {process["name"]: process["pid"] for process in description["processes"]}
        self.soap = (root / "samples" / "ee-foreign-person.xml").read_bytes()

    def signal_to(self, country, name, number):
        os.kill(self.processes[f"{country.id.lower()}-{name}"], number)

    def warm(self):
        self.to_fi.warm()
        self.to_ee.warm()

    def soap_fault(self):
        request = urllib.request.Request(self.ee.consumer.consumer_http + "/", data=self.soap,
                                         headers={"Content-Type": "text/xml; charset=UTF-8"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                body = answer.read().decode()
        except urllib.error.HTTPError as error:
            body = error.read().decode()
        fault = re.search(r"<faultcode>(.*?)</faultcode>", body)
        return fault.group(1) if fault else None


def connections_to(server):
    """How many TLS connections to this server's transport port are open now."""
    octets = server.address.split(".")
    address = "".join(f"{int(octet):02X}" for octet in reversed(octets))
    port = f"{server.transport_port:04X}"
    lines = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(1 for line in lines if line[2] == f"{address}:{port}" and line[3] == "01")


# a. signing certificates, and f. signing keys

def signing_certificate(world):
    consumer, caller = world.ee.consumer, world.to_fi
    signs, does_not = (f"signing for MEMBER:{consumer.id.rsplit('/', 1)[0]} {state}" for state in ("until", "not"))
    entries = [entry for key, entry in consumer.certificates() if key["usage"] == "signing"]
    used, spare = (next(entry for entry in entries if entry["active"] == active) for active in (True, False))

    def activate(entry, *words):
        consumer.signer("activate-certificate", entry["id"], *words)

    check(world.soap_fault() is None, "a SOAP message is answered")
    world.ee.revoke(used)
    take_up([consumer], does_not)
    caller.expect(CLIENT + "io_error", "its signing certificate is revoked")
    check(world.soap_fault() == CLIENT + "cannot_create_signature", "and over SOAP: cannot_create_signature")
    consumer.when_it_says([signs], lambda: activate(spare))
    caller.expect(None, "another signing key is activated")
    check(world.soap_fault() is None, "and over SOAP")
    consumer.when_it_says([does_not], lambda: activate(spare, "--off"))
    caller.expect(CLIENT + "io_error", "that key is deactivated")
    world.ee.revoke(used, False)
    take_up([consumer], signs)
    caller.expect(None, "the revocation is taken back")
    consumer.when_it_says([CANNOT_SHOW], lambda: consumer.signer("logout"))
    caller.expect(CLIENT + "ssl_authentication_failed", "the token is logged out")
    consumer.when_it_says([CAN_SHOW], lambda: consumer.signer("login"))
    caller.expect(None, "the token is logged in")


# b. authentication certificates

def authentication_certificate(world):
    def authentication(server):
        return next(entry for key, entry in server.certificates()
                    if key["usage"] == "authentication" and entry["active"])

    provider, consumer = world.fi.provider, world.fi.consumer
    world.warm()
    check(connections_to(provider) > 0 and connections_to(world.ee.provider) > 0, "connections between servers are kept")
    shown = authentication(provider)
    world.fi.revoke(shown)
    take_up([provider], CANNOT_SHOW)
    world.to_fi.expect(SERVICE + "ssl_authentication_failed", "the provider's authentication certificate is revoked")
    stranger = Caller(world.ee.provider, world.lab[0].rsplit("/", 1)[0], world.lab[1])
    stranger.expect(CLIENT + "ssl_authentication_failed.invalid_cert_path.cert_validation", "for a new connection too")
    world.fi.revoke(shown, False)
    take_up([provider], CAN_SHOW)
    world.to_fi.expect(None, "the revocation is taken back")
    shown = authentication(consumer)
    world.fi.revoke(shown)
    take_up([consumer], CANNOT_SHOW)
    world.to_ee.expect(CLIENT + "ssl_authentication_failed", "the consumer's authentication certificate is revoked")
    world.fi.revoke(shown, False)
    take_up([consumer], CAN_SHOW)
    world.to_ee.expect(None, "the revocation is taken back")
    another_certificate(world)


def another_certificate(world):
    """The connections that are kept were made with the one before."""
    provider = world.fi.provider
    key = provider.signer("generate-key", "--label", "another")["id"]
    request = provider.signer("generate-csr", "--key", key, "--usage", "authentication", "--subject", "C=FI, CN=ss1")
    certificate = world.fi.issue(base64.b64decode(request["request"]), "auth")
    provider.signer("import-certificate", certificate, "--status", "registered")
    (world.fi.folder / "central" / "ss1-authentication.crt").write_text(certificate.read_text())
    world.to_fi.warm()
    take_up([provider, world.ee.consumer], world.fi.publish(validity=599))
    wait_until(lambda: ssl.get_server_certificate((provider.address, provider.transport_port))
               == certificate.read_text(), "the provider's server shows another authentication certificate")
    world.to_fi.expect(None, "and nobody who has a connection of before notices")
    world.fi.publish()


# c. rights, clients, services

def server_configuration(world):
    provider, consumer = world.fi.provider, world.ee.consumer
    lab, as_it_was = world.lab[1].rsplit("/", 1)[0], provider.configuration

    def with_change(server, change, code, when, caller=world.to_fi):
        before = server.configuration
        server.configure_server(change(before))
        caller.expect(code, when)
        server.configure_server(before)
        caller.expect(None, f"no longer so: {when}")

    def of_client(client, change):
        def changed(text):
            begin = text.index(f"  - id: {client}\n")
            end = text.find("\n  - id: ", begin + 1)
            end = len(text) if end < 0 else end
            return text[:begin] + change(text[begin:end]) + text[end:]
        return changed

    rights = "      rest-echo:\n        - global_group: EE/partners\n"
    check(as_it_was.count(rights) == 1, "the right stands in server.yaml")
    with_change(provider, lambda text: text.replace(rights, "      rest-echo:\n"), SERVER + "access_denied",
                "a right is taken away")
    def with_status(status):
        return lambda text: text.replace("    connection:", f"    status: {status}\n    connection:", 1)

    with_change(provider, of_client(lab, with_status("disabled")),
                SERVICE + "unknown_member", "the provider is disabled")
    with_change(provider, of_client(lab, disabled), SERVER + "service_disabled", "the service is disabled")
    with_change(provider, of_client(lab, lambda text: text.replace("code: rest-echo", "code: other").replace(
        "      rest-echo:\n", "      other:\n")), SERVER + "unknown_service", "the service is deleted")
    with_change(consumer, of_client(world.clients[0], with_status("deletion in progress")),
                CLIENT + "unknown_member", "the client is no longer registered here")
    with_change(consumer, of_client(world.clients[0], lambda text: text.replace("connection: http", "connection: https")),
                CLIENT + "ssl_authentication_failed", "the client must show a certificate")


def disabled(text):
    begin = text.index("- code: rest-echo")
    return text[:begin] + text[begin:].replace("        timeout: 60\n", "        timeout: 60\n        disabled: true\n", 1)


# f. services

class Service:
    """A service that says who it is, on connections that it keeps."""

    def __init__(self, name, identity=None):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(name)))
                self.end_headers()
                self.wfile.write(name.encode())

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):  # who refuses our certificate leaves
                pass

        self.name = name
        self.server = Server(("127.0.0.1", 0), Handler)
        if identity:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*identity)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                     do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"{'https' if identity else 'http'}://127.0.0.1:{self.server.server_address[1]}"


def services(world):
    provider, caller, as_it_was = world.fi.provider, world.to_fi, world.fi.provider.configuration
    lab = world.lab[1].rsplit("/", 1)[0]
    identities = [[str(country.folder / "credentials" / f"mobile.{kind}") for kind in ("crt", "key")]
                  for country in (world.ee, world.fi)]
    plain = [Service("first"), Service("second")]
    secured = [Service("third", identities[0]), Service("fourth", identities[1])]

    def configure(service, verify=False, certificates=()):
        begin = as_it_was.index("- code: rest-echo", as_it_was.index(f"- id: {lab}\n"))
        head, rest = as_it_was[:begin], as_it_was[begin:]
        rest = re.sub(r"url: \S+", f"url: {service.url}", rest, count=1)
        rest = rest.replace("verify_tls: false", f"verify_tls: {str(verify).lower()}", 1)
        if certificates:
            listed = "".join(f"      - file: {name}\n" for name in certificates)
            head = head.replace(f"  - id: {lab}\n", f"  - id: {lab}\n    certificates:\n{listed}")
        provider.configure_server(head + rest)

    def expect_answer(service, when):
        bodies = set()
        for connection in caller.connections:
            connection.request("GET", f"/r1/{caller.service}/x", headers={"X-Road-Client": caller.client})
            bodies.add(connection.getresponse().read().decode())
        check(bodies == {service.name}, f"{when}: the answer is that of the {service.name}; was {bodies}")

    refused = SERVER + "ssl_authentication_failed"
    for service in (*plain, plain[0]):
        configure(service)
        expect_answer(service, "the service has another URL")
    configure(secured[0])
    expect_answer(secured[0], "nobody looks at the service's certificate")
    configure(secured[0], verify=True)
    caller.expect(refused, "its certificate must be known")
    configure(secured[0], verify=True, certificates=[identities[0][0]])
    expect_answer(secured[0], "its certificate is known")
    configure(secured[0], verify=True, certificates=[identities[1][0]])
    caller.expect(refused, "only another certificate is known")
    configure(secured[1], verify=True, certificates=[identities[1][0]])
    expect_answer(secured[1], "the service of the other certificate")
    provider.configure_server(as_it_was)
    caller.expect(None, "the service is the old one")


# e. the global configuration

@contextlib.contextmanager
def asleep(country):
    """The country's own servers learn nothing new meanwhile."""
    for server in country.servers.values():
        server.signal("admin", signal.SIGSTOP)
    try:
        yield
    finally:
        for server in country.servers.values():
            server.signal("admin", signal.SIGCONT)


def global_configuration(world):
    ee, fi = world.ee, world.fi
    provider, consumer = fi.provider.id, fi.consumer.id

    def expect(to_fi, to_ee, when, **changes):
        take_up(ee.servers.values(), fi.publish(**changes))
        world.to_fi.expect(to_fi, f"to {provider}: {when}")
        world.to_ee.expect(to_ee, f"from {consumer}: {when}")

    # In turn what stops one direction and what stops the other: the change before is over then.
    peer = SERVICE + "ssl_authentication_failed"
    with asleep(fi):
        expect(None, peer, "the client is not registered", without_clients=[world.clients[1]])
        expect(CLIENT + "ssl_authentication_failed", None, "the provider's certificate is not registered",
               without_authentication=[provider])
        expect(None, peer, "the member is none any more", without_members=[consumer.rsplit("/", 1)[0]])
        expect(CLIENT + "network_error", None, "the provider's server has another address",
               addresses={provider: "127.78.2.77"})
        expect(None, peer, "the consumer's certificate is not registered", without_authentication=[consumer])
        lab = world.lab[1].rsplit("/", 1)[0]
        expect(SERVICE + "unknown_member", None, "the provider is at a server that does not know it",
               moved={lab: consumer})
        expect(CLIENT + "ssl_authentication_failed.cannot_create_cert_path.internal_error", SERVICE + "internal_error",
               "the authority is not approved", without_authorities=True)
        expect(None, None, "all is as it was")
    expired(world)


def expired(world):
    def until(server):
        status = json.loads((server.directory / "run" / "admin-status.json").read_text())["global_configuration"]
        return {source["instance"]: moment(source["expires"]) for source in status["sources"]}

    ee, fi = world.ee, world.fi
    with asleep(fi):
        take_up(ee.servers.values(), fi.publish(validity=3))
        world.to_fi.expect(None, "the other country's configuration is valid for a moment")
        end = max(until(server)["FI"] for server in ee.servers.values())
        time.sleep(max(0, end - time.time()) + 1.3)  # it is left out within a second
        world.to_fi.expect(CLIENT + "internal_error", "the other country's configuration has expired")
        take_up(ee.servers.values(), fi.publish())
        world.to_fi.expect(None, "the other country's configuration is renewed")
        world.to_ee.warm()
    take_up(ee.servers.values(), ee.publish(validity=3))
    world.warm()
    end = max(until(server)["EE"] for server in ee.servers.values())
    time.sleep(max(0, end - time.time()) + 0.01)
    world.to_fi.expect(CLIENT + "global_conf_outdated", "the own configuration has expired")
    world.to_ee.expect(SERVER + "global_conf_outdated", "the provider's configuration has expired")
    take_up(ee.servers.values(), ee.publish())
    world.to_fi.expect(None, "the own configuration is renewed")
    world.to_ee.expect(None, "the provider's configuration is renewed")


# d. OCSP responses

def oldest_and_newest(country):
    """Of the OCSP responses that the country's servers have."""
    statuses = [json.loads((server.directory / "run" / "admin-status.json").read_text())
                for server in country.servers.values()]
    times = [moment(certificate["this_update"]) for status in statuses for certificate in status["ocsp"]["certificates"]]
    return min(times), max(times)


def ocsp_expiry(world):
    ee, fi = world.ee, world.fi
    take_up(fi.servers.values(), KEYS)
    world.signal_to(fi, "test-ca", signal.SIGSTOP)
    try:
        take_up(ee.servers.values(), ee.publish(ocsp_freshness=FRESHNESS), KEYS)
        end, all_ended = (time_of + FRESHNESS for time_of in oldest_and_newest(fi))
        world.warm()
        check(time.time() < end, "and that before the responses are too old")
        time.sleep(max(0, end - 2 - time.time()))
        take_up(ee.servers.values(), KEYS)  # the own ones are fresh
        world.to_fi.expect(None, "a moment before OCSP responses are too old")
        world.to_ee.expect(None, "a moment before OCSP responses are too old")
        check(time.time() < end, "and that before they are")
        time.sleep(max(0, all_ended - time.time()) + 0.01)
        world.to_fi.expect(CLIENT + "ssl_authentication_failed.invalid_cert_path.incorrect_validation_info",
                           "the provider's OCSP responses are too old")
        world.to_ee.expect(SERVICE + "ssl_authentication_failed", "the consumer's OCSP responses are too old")
    finally:
        world.signal_to(fi, "test-ca", signal.SIGCONT)
    take_up(fi.servers.values(), KEYS)
    take_up(ee.servers.values(), KEYS)
    world.to_fi.expect(None, "the OCSP responder is back")
    world.to_ee.expect(None, "the OCSP responder is back")
    take_up(ee.servers.values(), ee.publish())


def main():
    causeway = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="causeway-caches-") as name, \
            ecosystem.running(causeway, pathlib.Path(name), "--planned-centre") as description:
        world = World(causeway, description)
        world.warm()
        for part in (signing_certificate, authentication_certificate, server_configuration, services,
                     global_configuration, ocsp_expiry):
            begin = time.time()
            part(world)
            print(f"{part.__name__}: {time.time() - begin:.1f} s", flush=True)


main()
