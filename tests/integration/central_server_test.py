#!/usr/bin/env python3
"""A Central Server in an empty directory, made by the calls of its administration interface alone: what it
publishes is judged by openssl, also after a change of keys, without its token, and after its processes
were killed."""
import http.client
import os
import pathlib
import re
import signal
import ssl
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
from central_server import PIN, CentralServer  # noqa: E402
from checks import check, wait_until  # noqa: E402
from postgres import Postgres  # noqa: E402

VERSIONS = [2, 3, 4, 5, 6]
INTERNAL, EXTERNAL = "INTERNAL", "EXTERNAL"


def before_it_begins(server):
    status, headers, body = server.open("GET", "/api/v1/openapi.yaml")
    check(status == 200 and body.startswith(b"#") and "openapi.yaml" in headers["Content-Disposition"],
          "whoever asks gets the description")
    check(server.open("GET", "/api/v1/system/status")[0] == 401, "nothing else without a key")
    check(server.ask("GET", "/system/status", key="nobody's")[0] == 401, "nor with one that is none")
    status = server.do("GET", "/initialization/status")
    check(status == {"instance_identifier": "", "central_server_address": "",
                     "software_token_init_status": "NOT_INITIALIZED"}, "nothing is initialised")
    check(re.match(r"\d+\.\d+", server.do("GET", "/system/version")["info"]), "it has a version")
    check(server.do("GET", "/notifications/alerts") == [], "there is nothing to be told of yet")
    check(server.code("PUT", "/tokens/0/login", {"password": PIN}) == (400, "token_action_not_possible"),
          "nobody logs in to a token without a PIN")
    check(server.code("GET", "/configuration-sources/INTERNAL/anchor/download") == (404, "configuration_not_found"),
          "there is no anchor")
    check(server.get("/internalconf?version=6") is None, "nothing is published")
    for wrong in {}, {"instance_identifier": "E:X"}, {"instance_identifier": "EX", "central_server_address": "a b"}:
        body = {"instance_identifier": "EX", "central_server_address": "127.0.0.1", "software_token_pin": "1", **wrong}
        if not wrong:
            del body["software_token_pin"]
        check(server.code("POST", "/initialization", body) == (400, "validation_failure"), f"refused: {wrong}")
    for pin, code in ("Weak", "token_weak_pin"), ("Süßer-Brei-1234", "token_invalid_characters"):
        body = {"instance_identifier": "EX", "central_server_address": "127.0.0.1", "software_token_pin": pin}
        check(server.code("POST", "/initialization", body) == (400, code), f"refused: {code}")
    check(server.do("GET", "/initialization/status") == status, "and nothing is kept of any of it")


def begins(server):
    server.initialize()
    check(server.code("POST", "/initialization", {"instance_identifier": "EX", "central_server_address": "127.0.0.1",
                                                  "software_token_pin": PIN}) == (409, "init_already_initialized"),
          "it begins once")
    status = server.do("GET", "/system/status")
    check(status["initialization_status"]["software_token_init_status"] == "INITIALIZED"
          and status["initialization_status"]["instance_identifier"] == "EX"
          and status["high_availability_status"] == {"is_ha_configured": False, "node_name": "node_0"},
          "it is initialised")
    check(server.code("PUT", "/tokens/0/login", {"password": "wrong"}) == (400, "token_activation_failed"),
          "a wrong PIN is refused")
    check(server.code("PUT", "/tokens/7/login", {"password": PIN}) == (404, "token_not_found"), "so is another token")
    check(server.code("POST", "/configuration-sources/INTERNAL/signing-keys", {"key_label": "x", "token_id": "0"})
          == (400, "token_action_not_possible"), "there are no keys without the PIN")
    check(alerts(server) >= {"status.signing_key.internal.missing", "status.signing_key.external.missing"},
          "keys are missed")
    token = server.login()
    check(token["logged_in"] and "GENERATE_INTERNAL_KEY" in token["possible_actions"], "the right PIN is taken")
    check(server.code("PUT", "/tokens/0/login", {"password": PIN}) == (400, "token_action_not_possible"), "once")


def alerts(server):
    return {alert["errorCode"] for alert in server.do("GET", "/notifications/alerts")}


def has_members(server):
    server.do("POST", "/member-classes", {"code": "GOV", "description": "Government"})
    for code in "1", "2":
        server.add_member("GOV", code)
    server.add_provider("EX:GOV:1:management")


def certificates(server, source, scratch):
    """PEM files of the certificates in the anchor, in its order; each once."""
    status, headers, octets = server.open("GET", f"/api/v1/configuration-sources/{source}/anchor/download", None,
                                          {"Authorization": f"X-Road-ApiKey token={server.key}"})
    check(status == 200 and re.search(rf'filename="configuration_anchor_EX_{source.lower()}_UTC_[-0-9_]+\.xml"',
                                      headers["Content-Disposition"]), f"the {source} anchor is downloaded")
    (scratch / f"{source}.xml").write_bytes(octets)
    found = dict.fromkeys(re.findall(r"<verificationCert>([^<]+)</verificationCert>", octets.decode()))
    files = []
    for number, text in enumerate(found):
        files.append(scratch / f"{source}-{number}.pem")
        lines = re.findall(".{1,64}", "".join(text.split()))
        files[-1].write_text("\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""]))
    return files


def is_published(server, source, certificate, scratch, identifiers):
    path = f"{source.lower()}conf"
    for version in VERSIONS:
        def signed():
            directory = server.directory_of(version, path)
            return directory and directory.signed_by(certificate, scratch)
        wait_until(signed, f"{source} {version}: openssl verifies the signature", instead=server.log)
        directory = server.directory_of(version, path)
        check(directory.version == version and 0 < directory.left() <= 600, f"{source} {version}: it is valid")
        check(directory.identifiers() == [f"{one}; instance='EX'" for one in identifiers],
              f"{source} {version}: the parts that it has")
        check(directory.check_parts(server.get), f"{source} {version}: the parts have the digests that were signed")


def publishes(server, scratch):
    first = {source: server.add_key(source, f"{source} one") for source in (INTERNAL, EXTERNAL)}
    check(all(key["active"] and key["key_algorithm"] == algorithm
              for key, algorithm in zip(first.values(), ("RSA", "EC"))), "the first key of a source signs at once")
    wait_until(lambda: "status.global_conf_generation.failing" in alerts(server),
               "without members nothing can be made, which is told")
    check(server.say("status")[0] == 1, "by the command too")
    has_members(server)
    is_published(server, INTERNAL, certificates(server, INTERNAL, scratch)[0], scratch,
                 ["SHARED-PARAMETERS", "PRIVATE-PARAMETERS"])
    is_published(server, EXTERNAL, certificates(server, EXTERNAL, scratch)[0], scratch, ["SHARED-PARAMETERS"])
    wait_until(lambda: alerts(server) == set(), "there is nothing to be told of")
    check(server.say("status")[0] == 0, "nor by the command")
    nodes = server.do("GET", "/system/high-availability-cluster/status")
    check(nodes["all_nodes_ok"] and nodes["nodes"][0]["status"] == "OK", "the node is well")
    return first


def serves(server):
    anonymous = ssl.create_default_context(cafile=str(server.directory / "ssl" / "global-conf.crt"))
    with urllib.request.urlopen(f"https://127.0.0.1:{server.tls_port}/internalconf?version=6", timeout=30,
                                context=anonymous) as answer:
        check(answer.status == 200 and answer.headers["Cache-Control"] == "no-cache", "HTTPS gives it out too")
    check(server.get("/internalconf") == server.get("/internalconf?version=2"), "version 2 is the default")
    check(server.get("/internalconf?version=7") is None, "there is no version 7")
    for path in "/", "/V6", "/V6/../conf.d/local.ini", "/../conf.d/local.ini", "/V6/internalconf.tmp":
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("GET", path)
        check(connection.getresponse().status == 404, f"nothing is at {path}")
    url = server.do("GET", "/configuration-sources/INTERNAL/download-url")["url"]
    check(url == f"https://127.0.0.1:{server.tls_port}/internalconf", "it says where")


def shows_parts(server):
    parts = server.do("GET", "/configuration-sources/INTERNAL/configuration-parts")
    versions = sorted(part["version"] for part in parts if part["content_identifier"] == "SHARED-PARAMETERS")
    check(versions == VERSIONS, "the parts of all versions are shown")
    check([part["content_identifier"] for part in parts if part["optional"]]
          == ["MONITORING", "FETCHINTERVAL", "NEXTUPDATE"], "and those that can be uploaded")
    status, part = server.ask("GET", "/configuration-sources/INTERNAL/configuration-parts/SHARED-PARAMETERS/6/download")
    check(status == 200 and b"<memberCode>2</memberCode>" in part, "a part is downloaded")
    for path in "SHARED-PARAMETERS/7", "MONITORING/0", "NONE/0":
        check(server.code("GET", f"/configuration-sources/INTERNAL/configuration-parts/{path}/download")
              == (404, "configuration_part_file_not_found"), f"there is no {path}")


def follows_changes(server):
    def has_member(code):
        content = server.get(server.directory_of(6).parts[0][0]["content-location"])
        return content is not None and f"<memberCode>{code}</memberCode>".encode() in content
    server.add_member("GOV", "3")
    wait_until(lambda: has_member("3"), "a member that is added is published soon")
    server.do("DELETE", "/members/EX:GOV:3")
    wait_until(lambda: not has_member("3"), "one that is deleted is not")


def changes_keys(server, first, scratch):
    old = certificates(server, INTERNAL, scratch)
    hash_before = server.do("GET", "/configuration-sources/INTERNAL/anchor")["anchor"]["hash"]
    second = server.add_key(INTERNAL, "internal two")
    check(not second["active"] and second["possible_actions"] == ["ACTIVATE", "DELETE"], "the second key waits")
    check(server.code("POST", "/configuration-sources/INTERNAL/signing-keys", {"key_label": "x", "token_id": "0"})
          == (400, "token_action_not_possible"), "two are enough")
    files = certificates(server, INTERNAL, scratch)
    check(len(files) == 2 and files[0].read_text() == old[0].read_text(), "the anchor has both")
    check(server.do("GET", "/configuration-sources/INTERNAL/anchor")["anchor"]["hash"] != hash_before, "it is another")
    new = "".join(files[1].read_text().splitlines()[1:-1]).encode()

    def announced():
        content = server.get(server.directory_of(6).parts[0][0]["content-location"]) or b""
        return new in b"".join(content.split())
    wait_until(announced, "the new certificate stands in the configuration")
    check(server.directory_of(6).signed_by(files[0], scratch), "which the old key signs")
    check(server.code("DELETE", f"/signing-keys/{first[INTERNAL]['id']}") == (400, "signing_key_action_not_possible"),
          "the key that signs is not deleted")
    server.do("PUT", f"/signing-keys/{second['id']}/activate")
    is_published(server, INTERNAL, files[1], scratch, ["SHARED-PARAMETERS", "PRIVATE-PARAMETERS"])
    server.do("DELETE", f"/signing-keys/{first[INTERNAL]['id']}")
    check(server.code("DELETE", f"/signing-keys/{first[INTERNAL]['id']}") == (404, "signing_key_not_found"), "once")
    check(len(certificates(server, INTERNAL, scratch)) == 1, "the anchor has one key again")
    keys = server.do("GET", "/tokens")[0]["configuration_signing_keys"]
    check(sorted(key["id"] for key in keys) == sorted([second["id"], first[EXTERNAL]["id"]]), "so has the token")
    check(server.directory_of(6).signed_by(files[1], scratch), "the configuration stays good")
    return files[1]


def survives(server, certificate, scratch):
    """Its processes are killed: they come back, and what is published is given out again."""
    for name in "center", "signer":
        pid = server.pids()[name]
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: server.pids().get("ready") and server.pids().get(name) != pid, f"{name} comes back")
    wait_until(lambda: server.ask("GET", "/tokens")[0] == 200, "the signer answers")
    check(not server.do("GET", "/tokens")[0]["logged_in"], "it has forgotten the PIN")
    wait_until(lambda: "status.signing_key.internal.token_not_active" in alerts(server), "which is told")
    check(server.directory_of(6).signed_by(certificate, scratch), "what was published is given out until it expires")
    expires = server.directory_of(6).expires
    time.sleep(1.1)  # it is in seconds
    server.login()
    wait_until(lambda: server.directory_of(6).expires > expires, "with the PIN it goes on")
    wait_until(lambda: alerts(server) == set(), "and all is well")
    server.do("PUT", "/tokens/0/logout")
    check(server.code("PUT", "/tokens/0/logout") == (400, "token_action_not_possible"), "logged out once")
    server.login()


def keeps_what_it_writes(server):
    """Also when somebody else has closed the registry meanwhile: the commands beside the server open it too."""
    server.make_key()
    server.do("POST", "/members", {"member_name": "Late", "member_id": {"member_class": "GOV", "member_code": "late"}})
    pid = server.pids()["center"]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: server.pids().get("ready") and server.pids().get("center") != pid, "the centre comes back")
    check(server.do("GET", "/members/EX:GOV:late")["member_name"] == "Late", "and has what it had")


def moves(server, scratch):
    server.do("PUT", "/system/server-address", {"central_server_address": "localhost"})
    for source in INTERNAL, EXTERNAL:
        certificates(server, source, scratch)
        urls = re.findall(r"<downloadURL>([^<]+)</downloadURL>", (scratch / f"{source}.xml").read_text())
        check(urls == [f"http://localhost:{server.port}/{source.lower()}conf",
                       f"https://localhost:{server.tls_port}/{source.lower()}conf"], f"the {source} anchor follows")
    check(server.code("PUT", "/system/server-address", {"central_server_address": "a b"}) == (400, "validation_failure"),
          "an address that is none is refused")
    made = server.do("PUT", "/configuration-sources/EXTERNAL/anchor/re-create")
    check(made == server.do("GET", "/configuration-sources/EXTERNAL/anchor")["anchor"], "an anchor is made anew")


def knows_people(server):
    """With a file of users; a session instead of a key."""
    check(server.say("user", "--name", "anna", "--role", "XROAD_NONE", stdin="x\n")[0] == 1, "a role must be known")
    check(server.say("user", "--name", "anna", "--role", "XROAD_SECURITY_OFFICER", stdin="Good-Password\n")[0] == 0,
          "a user is added")
    server.stop()
    server.start()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    check(server.open("POST", "/login", b"username=anna&password=wrong", form)[0] == 401, "a wrong password is refused")
    status, headers, body = server.open("POST", "/login", b"username=anna&password=Good-Password", form)
    check(status == 200 and body.strip() == b"OK", "the right one is taken")
    cookies = dict(one.split(";")[0].split("=", 1) for one in headers.get_all("Set-Cookie"))
    session = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
               "X-XSRF-TOKEN": cookies["XSRF-TOKEN"]}
    check(server.open("GET", "/api/v1/tokens", None, session)[0] == 200, "the session may what its role may")
    check(server.open("GET", "/api/v1/security-servers/x", None, session)[0] == 403, "and nothing else")


def on_postgres(causeway, scratch):
    postgres = Postgres(scratch / "postgres")
    try:
        postgres.new_database("registry")
        settings = f"[center]\ndatabase = postgresql:///registry?host={postgres.directory}&user=causeway\n"
        with CentralServer(causeway, scratch / "on-postgres", settings) as server:
            server.initialize()
            server.login()
            server.add_key(INTERNAL)
            has_members(server)
            certificate = certificates(server, INTERNAL, scratch)[0]
            wait_until(lambda: server.directory_of(6) and server.directory_of(6).signed_by(certificate, scratch),
                       "with PostgreSQL it publishes too", instead=server.log)
            check(server.get("/externalconf?version=6") is None, "an external configuration only with a key for it")
            check(not (server.directory / "central-server.db").exists(), "there is no other database")
    finally:
        postgres.kill()


def knock(server, port, method, path, content_type):
    """Status and text of an answer of the management services, and the certificate they show."""
    door = http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=ssl._create_unverified_context())
    door.request(method, path, b"--b\r\n\r\n--b--", {"Content-Type": content_type})
    shown = door.sock.getpeercert(True)
    answer = door.getresponse()
    seen = answer.status, answer.read().decode(), shown
    door.close()
    return seen


def takes_requests(server):
    """The two ports of the management services; what comes through them is the unit tests'."""
    check(b'<wsdl:operation name="clientReg">' in server.get("/managementservices.wsdl"), "the services are described")
    expected = ssl.PEM_cert_to_DER_cert((server.directory / "ssl" / "management-service.crt").read_text())
    parts = "multipart/related; boundary=b"
    for port, path in ((server.registration_port, "/managementservice/"),
                       (server.management_port, "/managementservice/manage/")):
        status, text, shown = knock(server, port, "POST", path, parts)
        check(status == 500 and "<faultcode>" in text, f"{path} answers with a fault: {status} {text}")
        check(shown == expected, f"{path} shows the certificate that the configuration names")
        check(knock(server, port, "GET", path, parts)[0] == 403, f"{path} is for POST")
        check(knock(server, port, "POST", path, "text/plain")[0] == 415, f"{path} takes no plain text")


def main(causeway):
    with tempfile.TemporaryDirectory(prefix="causeway-centre-") as scratch:
        scratch = pathlib.Path(scratch)
        scratch.chmod(0o711)  # PostgreSQL does not run as root
        server = CentralServer(causeway, scratch / "cs",
                               "external-key-algorithm = EC\n[signer]\nenforce-token-pin-policy = true\n")
        with server:
            before_it_begins(server)
            begins(server)
            first = publishes(server, scratch)
            serves(server)
            takes_requests(server)
            shows_parts(server)
            follows_changes(server)
            certificate = changes_keys(server, first, scratch)
            survives(server, certificate, scratch)
            keeps_what_it_writes(server)
            moves(server, scratch)
            knows_people(server)
        on_postgres(causeway, scratch)
        failures = [seen for seen in server.statuses if seen[0] >= 500]
        check(not failures, f"no answer was a 5xx {failures}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
