// SPDX-License-Identifier: MIT
#include "centralserver/managementservice/management_message.hpp"

#include <array>

#include "domain/fault_code.hpp"
#include "message/soap_stream.hpp"
#include "net/http_message.hpp"

namespace causeway::centralserver {
namespace {

struct Service {
  RequestType type;
  std::string_view code;
  std::size_t attachments;
};

constexpr std::array<Service, 11> kServices{{{RequestType::AUTH_CERT_REGISTRATION, "authCertReg", 5},
                                             {RequestType::CLIENT_REGISTRATION, "clientReg", 3},
                                             {RequestType::OWNER_CHANGE, "ownerChange", 3},
                                             {RequestType::CLIENT_DELETION, "clientDeletion", 0},
                                             {RequestType::CLIENT_DISABLE, "clientDisable", 3},
                                             {RequestType::CLIENT_ENABLE, "clientEnable", 3},
                                             {RequestType::CLIENT_RENAME, "clientRename", 3},
                                             {RequestType::AUTH_CERT_DELETION, "authCertDeletion", 0},
                                             {RequestType::ADDRESS_CHANGE, "addressChange", 3},
                                             {RequestType::MAINTENANCE_MODE_ENABLE, "maintenanceModeEnable", 3},
                                             {RequestType::MAINTENANCE_MODE_DISABLE, "maintenanceModeDisable", 3}}};

const Service& service_of(RequestType type) {
  for (const Service& each : kServices)
    if (each.type == type) return each;
  return kServices.front();
}

class Collector : public message::SoapStreamHandler {
 public:
  Result<void> soap(message::Soap soap, const net::Headers&) override {
    if (const auto* refused = std::get_if<message::SoapFault>(&soap)) return refused->to_fault();
    soap_ = std::get<message::SoapMessage>(std::move(soap));
    auto type = request_type_of_service(soap_->header.service.code());
    if (!type) return type.error();
    most_ = attachments_of(*type);
    return {};
  }
  Result<void> attachment_begin(const net::Headers& headers) override {
    if (attachments.size() == most_) return fault(FaultCode::internal_error, "Unexpected content in multipart");
    const std::string* const algorithm = headers.find("signature-algorithm-id");
    attachments.push_back({algorithm == nullptr ? std::nullopt : std::optional(*algorithm), {}});
    return {};
  }
  Result<void> attachment_data(ByteView bytes) override {
    Bytes& octets = attachments.back().octets;
    octets.insert(octets.end(), bytes.begin(), bytes.end());
    return {};
  }
  Result<void> attachment_end() override { return {}; }

  std::optional<message::SoapMessage> soap_;
  std::vector<Attachment> attachments;

 private:
  std::size_t most_ = 0;
};

}  // namespace

Result<RequestType> request_type_of_service(std::string_view service_code) {
  for (const Service& each : kServices)
    if (net::equals_ignoring_case(each.code, service_code)) return each.type;
  return fault(FaultCode::invalid_request, "Unknown service code '" + std::string(service_code.substr(0, 20)) + "'");
}

std::string_view service_code_of(RequestType type) { return service_of(type).code; }
std::size_t attachments_of(RequestType type) { return service_of(type).attachments; }

Result<ManagementMessage> read_management_message(std::string_view content_type, ByteView body) {
  Collector collector;
  auto reader = message::SoapStreamReader::make(content_type, collector, body.size());
  if (!reader) return reader.error();
  if (auto fed = reader->feed(body); !fed) return fed.error();
  if (auto ended = reader->end(); !ended) return ended.error();
  if (!collector.soap_) return fault(FaultCode::invalid_request, "Request contains no SOAP message");
  return ManagementMessage{*std::move(collector.soap_), std::move(collector.attachments)};
}

}  // namespace causeway::centralserver
