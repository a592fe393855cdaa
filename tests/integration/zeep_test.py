#!/usr/bin/env python3
"""A SOAP client that is not ours: zeep asks X-Road for the WSDL of a service in the other
country, builds its client from it, and calls the service across the border."""
import email
import pathlib
import sys
import tempfile
import urllib.request

import zeep

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
import ecosystem  # noqa: E402
from checks import check  # noqa: E402

XROAD = "http://x-road.eu/xsd/xroad.xsd"
IDENTIFIERS = "http://x-road.eu/xsd/identifiers"
PARTS = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode", "serviceCode", "serviceVersion")


def identifier(text, object_type):
    """As zeep takes it: the schema's attribute is qualified."""
    return dict(zip(PARTS, text.split("/")), objectType=object_type)


def as_xml(name, text, object_type):
    parts = "".join(f"<i:{part}>{value}</i:{part}>" for part, value in zip(PARTS, text.split("/")))
    return f'<x:{name} i:objectType="{object_type}">{parts}</x:{name}>'


def get_wsdl(url, client, service, code, version):
    provider = service.rsplit("/", 2)[0]
    request = f"""<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:x="{XROAD}" xmlns:i="{IDENTIFIERS}">
<s:Header>{as_xml("client", client, "SUBSYSTEM")}{as_xml("service", provider + "/getWsdl", "SERVICE")}
<x:id>zeep-wsdl</x:id><x:protocolVersion>4.0</x:protocolVersion></s:Header>
<s:Body><x:getWsdl><x:serviceCode>{code}</x:serviceCode><x:serviceVersion>{version}</x:serviceVersion></x:getWsdl></s:Body>
</s:Envelope>"""
    call = urllib.request.Request(url, request.encode(), {"Content-Type": "text/xml; charset=UTF-8"})
    with urllib.request.urlopen(call, timeout=60) as answer:
        message = email.message_from_bytes(b"Content-Type: " + answer.headers["Content-Type"].encode() + b"\r\n\r\n" +
                                           answer.read())
    check(message.is_multipart() and len(message.get_payload()) == 2, f"getWsdl of {code} answers two parts")
    return message.get_payload()[1].get_payload(decode=True)


def client_for(url, wsdl, directory):
    path = pathlib.Path(directory) / "service.wsdl"
    path.write_bytes(wsdl)
    client = zeep.Client(str(path))
    binding = next(iter(client.wsdl.bindings))
    return client, client.create_service(binding, url)


def call(service_proxy, operation, client, service, message_id, **arguments):
    headers = {"client": identifier(client, "SUBSYSTEM"), "service": identifier(service, "SERVICE"),
               "userId": "EE37702211234", "id": message_id, "issue": "none", "protocolVersion": "4.0"}
    return getattr(service_proxy, operation)(_soapheaders=headers, **arguments)


def body_of(answer):
    return answer.body if hasattr(answer, "body") else answer


def ask_the_population_register(description, directory):
    consumer, client = ecosystem.consumer_and_client(description)
    url = consumer["consumer_http"] + "/"
    service = ecosystem.service_across_the_border(description, "soap", "personByCode")
    code = description["instances"][1]["registers"]["person"]
    _, proxy = client_for(url, get_wsdl(url, client, service, "personByCode", "v1"), directory)

    answer = call(proxy, "personByCode", client, service, "zeep-1", code=code)
    person = body_of(answer).person if hasattr(body_of(answer), "person") else body_of(answer)
    check(person.code == code and person.surname, f"zeep reads the person {person.code}, {person.givenName}")
    check(answer.header.id == "zeep-1", "the answer's X-Road headers are those of the request")

    people = ecosystem.service_across_the_border(description, "soap", "findPersons")
    found = body_of(call(proxy, "findPersons", client, people, "zeep-2", surname=person.surname, limit=5))
    check(found.total >= 1 and 1 <= len(found.person) <= 5, f"zeep finds {found.total} people of that name")

    try:
        call(proxy, "personByCode", client, service.replace("/population/", "/nobody/"), "zeep-3", code=code)
        check(False, "an unknown provider is a fault")
    except zeep.exceptions.Fault as fault:
        check(fault.code == "server.clientproxy.unknown_member", f"zeep understands the fault: {fault.code}")


def main():
    causeway = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="causeway-zeep-") as directory:
        with ecosystem.running(causeway, pathlib.Path(directory)) as description:
            ask_the_population_register(description, directory)


main()
