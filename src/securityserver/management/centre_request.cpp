// SPDX-License-Identifier: MIT
#include "securityserver/management/centre_request.hpp"

#include <array>
#include <charconv>

#include "base/uuid.hpp"
#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/multipart.hpp"
#include "message/soap_names.hpp"
#include "xml/document.hpp"
#include "xml/writing.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::array<std::string_view, 11> kCodes{
    "authCertReg",   "clientReg",    "ownerChange",  "clientDeletion",        "authCertDeletion",      "addressChange",
    "clientDisable", "clientEnable", "clientRename", "maintenanceModeEnable", "maintenanceModeDisable"};

constexpr std::string_view kSoapPart = "text/xml; charset=UTF-8";
constexpr std::string_view kBinaryPart = "application/octet-stream";
constexpr std::string_view kAlgorithmHeader = "signature-algorithm-id";

void write_parts(xml::Writer& out, const ClientId& id) {
  out.element("id:xRoadInstance", id.instance());
  out.element("id:memberClass", id.member_class());
  out.element("id:memberCode", id.member_code());
  if (id.is_subsystem()) out.element("id:subsystemCode", id.subsystem());
}

std::string_view type_of(const ClientId& id) { return id.is_subsystem() ? "SUBSYSTEM" : "MEMBER"; }

void write_client(xml::Writer& out, const ClientId& id) {
  out.open("xroad:client").attribute("id:objectType", type_of(id));
  write_parts(out, id);
  out.close();
}

void write_header(xml::Writer& out, const CentreRequest& request, const ClientId& provider) {
  out.open("SOAP-ENV:Header");
  write_client(out, request.server.owner());
  out.open("xroad:service").attribute("id:objectType", "SERVICE");
  write_parts(out, provider);
  out.element("id:serviceCode", to_string(request.service)).close();
  out.element("xroad:id", random_uuid());
  out.element("xroad:protocolVersion", "4.0").close();
}

// Each service has of these what it takes, and in this order.
void write_payload(xml::Writer& out, const CentreRequest& request) {
  out.open("xroad:" + std::string(to_string(request.service)));
  out.open("xroad:server").attribute("id:objectType", "SERVER");
  write_parts(out, request.server.owner());
  out.element("id:serverCode", request.server.code()).close();
  if (request.client) write_client(out, *request.client);
  if (request.address) out.element("xroad:address", *request.address);
  if (request.certificate) out.element("xroad:authCert", to_base64(*request.certificate));
  if (request.service == CentreService::authCertReg) out.element("xroad:dryRun", request.dry_run ? "true" : "false");
  if (request.subsystem_name) out.element("xroad:subsystemName", *request.subsystem_name);
  if (request.message) out.element("xroad:message", *request.message);
  out.close();
}

std::optional<std::int64_t> request_number(const message::SoapMessage& answer) {
  const auto document = xml::Document::parse(as_text(answer.bytes));
  if (!document) return std::nullopt;
  const auto body = document->root().child(message::kSoapNamespace, "Body");
  const auto payload = body ? body->first_child() : std::nullopt;
  const auto element = payload ? payload->child(message::kXRoadNamespace, "requestId") : std::nullopt;
  if (!element) return std::nullopt;
  const std::string text = element->text();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string_view to_string(CentreService service) { return kCodes[static_cast<std::size_t>(service)]; }

std::optional<CentreService> centre_service(std::string_view code) {
  for (std::size_t i = 0; i < kCodes.size(); ++i)
    if (kCodes[i] == code) return static_cast<CentreService>(i);
  return std::nullopt;
}

std::optional<ClientId> signer_of(const CentreRequest& request) {
  switch (request.service) {
    case CentreService::clientDeletion:
    case CentreService::authCertDeletion:
      return std::nullopt;
    case CentreService::authCertReg:
    case CentreService::addressChange:
    case CentreService::maintenanceModeEnable:
    case CentreService::maintenanceModeDisable:
      return request.server.owner();
    default:
      return request.client ? std::optional(request.client->member()) : std::nullopt;
  }
}

Result<message::SoapMessage> centre_message(const CentreRequest& request, const ClientId& provider) {
  xml::Writer out;
  out.declaration().open("SOAP-ENV:Envelope");
  out.attribute("xmlns:SOAP-ENV", message::kSoapNamespace);
  out.attribute("xmlns:xroad", message::kXRoadNamespace);
  out.attribute("xmlns:id", message::kIdentifierNamespace);
  write_header(out, request, provider);
  out.open("SOAP-ENV:Body");
  write_payload(out, request);
  out.close().close();
  auto soap = message::parse_soap(to_bytes(std::move(out).finish()), kSoapPart);
  if (!soap) return soap.error();
  return std::get<message::SoapMessage>(*std::move(soap));
}

OutgoingForm centre_form(const message::SoapMessage& soap, const std::optional<MemberSignature>& member,
                         const std::optional<AuthenticationSignature>& authentication) {
  if (!member) return {std::string(kSoapPart), soap.bytes};
  message::MultipartWriter parts(message::top_boundary());
  OutgoingForm form{
      "multipart/related; type=\"" + std::string(kBinaryPart) + "\"; charset=UTF-8; boundary=" + parts.boundary(), {}};
  const auto append = [&form](std::string_view head, ByteView octets) {
    form.body.insert(form.body.end(), head.begin(), head.end());
    form.body.insert(form.body.end(), octets.begin(), octets.end());
  };
  const auto append_signature = [&](const PartSignature& signature) {
    net::Headers headers;
    headers.add(std::string(kAlgorithmHeader), pki::signature_name(signature.algorithm));
    append(parts.part(kBinaryPart, headers), signature.value);
  };
  append(parts.part(kSoapPart), soap.bytes);
  if (authentication) append_signature(authentication->signature);
  append_signature(member->signature);
  if (authentication) append(parts.part(kBinaryPart), authentication->certificate);
  append(parts.part(kBinaryPart), member->certificate);
  append(parts.part(kBinaryPart), member->ocsp_response);
  append(parts.end(), {});
  return form;
}

Result<std::int64_t> read_centre_answer(const message::SoapMessage& request, const std::string& content_type,
                                        Bytes body) {
  const auto type = message::ContentType::parse(content_type);
  if (!type || type->type != "text/xml")
    return fault(FaultCode::http_error, "Unexpected or no content type (" + content_type + ") in response");
  auto soap = message::parse_soap(std::move(body), content_type);
  if (!soap) return soap.error();
  if (const auto* refused = std::get_if<message::SoapFault>(&*soap)) return refused->to_fault();
  const auto& answer = std::get<message::SoapMessage>(*soap);
  if (answer.body_element != request.body_element + "Response")
    return fault(FaultCode::internal_error, "Expected response message");
  if (auto same = message::check_same_header(request, answer); !same) return same.error();
  const auto number = request_number(answer);
  if (!number) return fault(FaultCode::invalid_response, "The answer has no number of the request");
  return *number;
}

}  // namespace causeway::securityserver
