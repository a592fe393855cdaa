// SPDX-License-Identifier: MIT
#include "centralserver/managementservice/management_message.hpp"
#include "domain/fault_code.hpp"
#include "message/soap_names.hpp"
#include "xml/document.hpp"

namespace causeway::centralserver {
namespace {

using message::kIdentifierNamespace;
using message::kXRoadNamespace;

constexpr std::size_t kLongestPart = 255;

Fault bad_identifier() {
  return fault(FaultCode::invalid_client_identifier, "The management request contains an invalid identifier.");
}

// The payload, and what stands in it.
class Payload {
 public:
  Payload(RequestType type, xml::Element element) : type_(type), element_(element) {}

  Result<xml::Element> required(std::string_view name) const {
    if (auto child = element_.child(kXRoadNamespace, name)) return *child;
    return fault(FaultCode::invalid_request,
                 std::string(service_code_of(type_)) + " has no element " + std::string(name));
  }
  std::optional<std::string> text(std::string_view name) const {
    const auto child = element_.child(kXRoadNamespace, name);
    return child ? std::optional(child->text()) : std::nullopt;
  }

 private:
  RequestType type_;
  xml::Element element_;
};

Result<xml::Element> payload_of(const xml::Document& document, RequestType type) {
  const auto body = document.root().child(message::kSoapNamespace, "Body");
  const auto element = body ? body->first_child() : std::nullopt;
  if (element && element->namespace_uri() == kXRoadNamespace && element->name() == service_code_of(type))
    return *element;
  return fault(FaultCode::invalid_soap,
               "Unexpected content: " + (element ? std::string(element->name()) : std::string("none")));
}

Result<std::string> identifier_part(const xml::Element& identifier, std::string_view name) {
  const auto child = identifier.child(kIdentifierNamespace, name);
  std::string part = child ? child->text() : std::string();
  if (part.empty() || part.size() > kLongestPart || has_discouraged_characters(part)) return bad_identifier();
  return part;
}

Result<ServerId> server_in(const Payload& payload) {
  auto element = payload.required("server");
  if (!element) return element.error();
  auto instance = identifier_part(*element, "xRoadInstance");
  auto member_class = identifier_part(*element, "memberClass");
  auto member_code = identifier_part(*element, "memberCode");
  auto code = identifier_part(*element, "serverCode");
  if (!instance || !member_class || !member_code || !code) return bad_identifier();
  auto id = ServerId::make(*instance, *member_class, *member_code, *code);
  return id ? id : bad_identifier();
}

Result<ClientId> client_in(const Payload& payload) {
  auto element = payload.required("client");
  if (!element) return element.error();
  auto instance = identifier_part(*element, "xRoadInstance");
  auto member_class = identifier_part(*element, "memberClass");
  auto member_code = identifier_part(*element, "memberCode");
  if (!instance || !member_class || !member_code) return bad_identifier();
  std::string subsystem;
  const bool has_code = element->child(kIdentifierNamespace, "subsystemCode").has_value();
  const auto kind = element->attribute(kIdentifierNamespace, "objectType");
  if (kind && ((*kind == "MEMBER" && has_code) || (*kind == "SUBSYSTEM" && !has_code))) return bad_identifier();
  if (has_code) {
    auto code = identifier_part(*element, "subsystemCode");
    if (!code) return code.error();
    subsystem = *code;
  }
  auto id = ClientId::make(*instance, *member_class, *member_code, subsystem);
  return id ? id : bad_identifier();
}

Result<void> read_certificate(const Payload& payload, NewRequest& request) {
  const auto text = payload.text("authCert");
  auto octets = from_base64(text.value_or(""));
  // At a registration it is held against the attached one, from which nothing differs more than this.
  if (request.type == RequestType::AUTH_CERT_REGISTRATION) {
    request.certificate = octets ? *std::move(octets) : Bytes();
    return {};
  }
  if (!text || !octets) return fault(FaultCode::invalid_request, "authCert is missing, or not Base64");
  request.certificate = *std::move(octets);
  return {};
}

Result<void> read_client(const Payload& payload, NewRequest& request) {
  auto client = client_in(payload);
  if (!client) return client.error();
  request.client = *std::move(client);
  request.subsystem_name = payload.text("subsystemName").value_or("");
  return {};
}

Result<void> read_details(const Payload& payload, NewRequest& request) {
  switch (request.type) {
    case RequestType::AUTH_CERT_REGISTRATION:
      request.address = payload.text("address").value_or("");
      return read_certificate(payload, request);
    case RequestType::AUTH_CERT_DELETION:
      return read_certificate(payload, request);
    case RequestType::ADDRESS_CHANGE:
      request.address = payload.text("address").value_or("");
      return {};
    case RequestType::MAINTENANCE_MODE_ENABLE:
      request.comments = payload.text("message");
      return {};
    case RequestType::MAINTENANCE_MODE_DISABLE:
      return {};
    default:
      return read_client(payload, request);
  }
}

}  // namespace

Result<void> check_payload(const message::SoapMessage& soap, RequestType type) {
  const auto document = xml::Document::parse(as_text(soap.bytes));
  if (!document) return fault(FaultCode::invalid_soap, document.error().text);
  auto element = payload_of(*document, type);
  return element ? Result<void>() : element.error();
}

Result<AskedFor> read_asked_for(const message::SoapMessage& soap, RequestType type) {
  const auto document = xml::Document::parse(as_text(soap.bytes));
  if (!document) return fault(FaultCode::invalid_soap, document.error().text);
  auto element = payload_of(*document, type);
  if (!element) return element.error();
  const Payload payload(type, *element);
  auto server = server_in(payload);
  if (!server) return server.error();
  AskedFor asked{NewRequest{.type = type, .origin = RequestOrigin::security_server, .server = *std::move(server)}};
  const std::string dry_run = payload.text("dryRun").value_or("false");
  asked.dry_run = type == RequestType::AUTH_CERT_REGISTRATION && (dry_run == "true" || dry_run == "1");
  if (auto read = read_details(payload, asked.request); !read) return read.error();
  return asked;
}

}  // namespace causeway::centralserver
