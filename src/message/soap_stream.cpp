// SPDX-License-Identifier: MIT
#include "message/soap_stream.hpp"

#include <optional>

#include "base/memory_budget.hpp"
#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/multipart.hpp"

namespace causeway::message {

struct SoapStreamReader::State : MultipartHandler {
  State(SoapStreamHandler& told, std::size_t allowed) : handler(told), max_soap(allowed) {}

  Result<void> part_begin(const net::Headers& of_part) override;
  Result<void> part_data(ByteView bytes) override;
  Result<void> part_end() override;
  Result<void> soap_ended();

  SoapStreamHandler& handler;
  std::size_t max_soap;
  std::optional<MultipartParser> parts;  // absent for SOAP alone
  net::Headers headers;                  // of the SOAP
  Bytes soap;
  MemoryBudget::Share memory;  // as long as the message is likely to be kept
  bool soap_done = false;
};

Result<void> SoapStreamReader::State::part_begin(const net::Headers& of_part) {
  if (!of_part.find("content-type"))
    return fault(FaultCode::invalid_content_type, "a part of the multipart message has no Content-Type");
  if (soap_done) return handler.attachment_begin(of_part);
  headers = of_part;
  return {};
}

Result<void> SoapStreamReader::State::part_data(ByteView bytes) {
  if (soap_done) return handler.attachment_data(bytes);
  if (bytes.size() > max_soap - soap.size()) return fault(FaultCode::invalid_soap, "the SOAP message is too long");
  if (!memory.hold(soap.size() + bytes.size()))
    return fault(FaultCode::internal_error, "too many large messages are under way: try again later");
  soap.insert(soap.end(), bytes.begin(), bytes.end());
  return {};
}

Result<void> SoapStreamReader::State::part_end() { return soap_done ? handler.attachment_end() : soap_ended(); }

Result<void> SoapStreamReader::State::soap_ended() {
  soap_done = true;
  auto parsed = parse_soap(std::exchange(soap, {}), *headers.find("content-type"));
  if (!parsed) return std::move(parsed).error();
  return handler.soap(*std::move(parsed), headers);
}

Result<SoapStreamReader> SoapStreamReader::make(std::string_view content_type, SoapStreamHandler& handler,
                                                std::size_t max_soap) {
  const auto type = ContentType::parse(content_type);
  if (!type) return type.error();
  auto state = std::make_unique<State>(handler, max_soap);
  if (type->type == "multipart/related") {
    std::string boundary = type->parameter("boundary");
    if (boundary.empty())
      return fault(FaultCode::invalid_content_type, "Content-Type multipart/related has no boundary");
    state->parts.emplace(std::move(boundary), *state);
  } else if (type->type == "text/xml" || type->type == "application/xop+xml") {
    state->headers.add("content-type", std::string(content_type));
  } else {
    return fault(FaultCode::invalid_content_type, "a SOAP message is no " + type->type);
  }
  return SoapStreamReader(std::move(state));
}

SoapStreamReader::SoapStreamReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
SoapStreamReader::~SoapStreamReader() = default;
SoapStreamReader::SoapStreamReader(SoapStreamReader&&) noexcept = default;
SoapStreamReader& SoapStreamReader::operator=(SoapStreamReader&&) noexcept = default;

Result<void> SoapStreamReader::feed(ByteView bytes) {
  return state_->parts ? state_->parts->feed(bytes) : state_->part_data(bytes);
}

Result<void> SoapStreamReader::end() { return state_->parts ? state_->parts->end() : state_->soap_ended(); }

bool SoapStreamReader::has_soap() const { return state_->soap_done; }

}  // namespace causeway::message
