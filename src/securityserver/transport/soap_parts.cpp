// SPDX-License-Identifier: MIT
#include "securityserver/transport/soap_parts.hpp"

#include <deque>
#include <optional>

#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/multipart.hpp"
#include "message/soap_stream.hpp"

namespace causeway::securityserver {
namespace {

// The SOAP is kept; what follows waits as events until it is sent on. Events are taken
// after each piece of input, so no more than one piece waits.
class PartCollector final : public message::SoapStreamHandler {
 public:
  struct Event {
    std::optional<net::Headers> begin;  // empty: data
    Bytes data;
  };

  Result<void> soap(message::Soap soap, const net::Headers& headers) override {
    content_type = *headers.find("content-type");
    other_headers = headers;
    other_headers.remove("content-type");
    soap_ = std::move(soap);
    return {};
  }
  Result<void> attachment_begin(const net::Headers& headers) override {
    if (++attachments_ > kMaxAttachments)
      return fault(FaultCode::invalid_message,
                   "the message has more than " + std::to_string(kMaxAttachments) + " attachments");
    events.push_back({headers, {}});
    return {};
  }
  Result<void> attachment_data(ByteView bytes) override {
    events.push_back({std::nullopt, {bytes.begin(), bytes.end()}});
    return {};
  }
  Result<void> attachment_end() override { return {}; }

  bool has_soap() const { return soap_.has_value(); }
  message::Soap take_soap() { return *std::move(soap_); }

  std::string content_type;
  net::Headers other_headers;
  std::deque<Event> events;

 private:
  std::optional<message::Soap> soap_;
  std::size_t attachments_ = 0;
};

}  // namespace

struct SoapPartsReader::State {
  explicit State(net::BodyReader& input) : body(input) {}

  // Feeds the next piece; notes the end of the input.
  net::Task<Result<void>> step() {
    failed = true;
    auto bytes = co_await read_message_octets(body);
    if (!bytes) co_return bytes.error();
    ended = bytes->empty();
    auto fed = ended ? reader->end() : reader->feed(*bytes);
    failed = !fed;
    co_return fed;
  }

  net::BodyReader& body;
  PartCollector collector;
  std::optional<message::SoapStreamReader> reader;
  bool ended = false;
  bool failed = false;
};

SoapPartsReader::SoapPartsReader() = default;
SoapPartsReader::~SoapPartsReader() = default;

Result<std::unique_ptr<SoapPartsReader>> SoapPartsReader::make(net::BodyReader& body, std::string_view content_type,
                                                               std::size_t max_soap) {
  std::unique_ptr<SoapPartsReader> reader(new SoapPartsReader);
  reader->state_ = std::make_unique<State>(body);
  auto stream = message::SoapStreamReader::make(content_type, reader->state_->collector, max_soap);
  if (!stream) return stream.error();
  reader->state_->reader = *std::move(stream);
  return reader;
}

net::Task<Result<message::Soap>> SoapPartsReader::read_soap(std::chrono::steady_clock::time_point by) {
  auto& state = *state_;
  while (!state.ended && !state.collector.has_soap()) {
    if (auto stepped = co_await state.step(); !stepped) co_return stepped.error();
    if (std::chrono::steady_clock::now() > by && !state.collector.has_soap())
      co_return fault(FaultCode::internal_error, "the SOAP message took too long to arrive");
  }
  if (!state.collector.has_soap()) {
    state.failed = true;
    co_return fault(FaultCode::missing_soap, "the multipart message has no SOAP part");
  }
  co_return state.collector.take_soap();
}

bool SoapPartsReader::input_failed() const { return state_->failed; }

const std::string& SoapPartsReader::soap_content_type() const { return state_->collector.content_type; }

const net::Headers& SoapPartsReader::soap_headers() const { return state_->collector.other_headers; }

net::Task<Result<void>> SoapPartsReader::send_attachments(OutgoingMessage& message) {
  auto& state = *state_;
  for (;;) {
    while (!state.collector.events.empty()) {
      PartCollector::Event event = std::move(state.collector.events.front());
      state.collector.events.pop_front();
      Result<void> sent;
      if (event.begin) {
        sent = co_await message.begin_attachment(*event.begin);
      } else {
        sent = co_await message.data(event.data);
      }
      if (!sent) co_return sent;
    }
    if (state.ended) co_return Result<void>();
    if (auto sent = co_await message.flush_before(state.body); !sent) co_return sent;
    if (auto stepped = co_await state.step(); !stepped) co_return stepped.error();
  }
}

SoapBody soap_body_for(const std::string& original_content_type, bool has_attachments) {
  auto type = message::ContentType::parse(original_content_type);
  const bool related = type && type->type == "multipart/related" && !type->parameter("boundary").empty();
  if (!has_attachments && !related) return {"text/xml; charset=UTF-8", false};
  if (!related)  // attachments of a message whose original type cannot hold any
    return {"multipart/related; type=\"text/xml\"; boundary=" + message::top_boundary(), true};
  return {original_content_type, true};
}

net::Task<Result<void>> write_soap_body(const SoapBody& body, const IncomingMessage& message, ByteView soap,
                                        net::BodyWriter& writer) {
  if (!body.multipart) {
    if (auto written = co_await writer.write(soap); !written) co_return written;
    co_return co_await writer.finish();
  }
  auto type = message::ContentType::parse(body.content_type);
  message::MultipartWriter parts(type ? type->parameter("boundary") : std::string());
  std::string out = parts.part(message.head_content_type, message.head_headers);
  out += as_text(soap);
  if (auto written = co_await writer.write(as_bytes(out)); !written) co_return written;
  for (const Attachment& attachment : message.attachments) {
    const std::string* content_type = attachment.headers.find("content-type");
    net::Headers others = attachment.headers;
    others.remove("content-type");
    const std::string head = parts.part(content_type ? *content_type : "application/octet-stream", others);
    if (auto written = co_await writer.write(as_bytes(head)); !written) co_return written;
    auto copied = co_await copy_spool(*attachment.spool, attachment.begin, attachment.size, writer);
    if (!copied) co_return copied;
  }
  const std::string end = parts.end();
  if (auto written = co_await writer.write(as_bytes(end)); !written) co_return written;
  co_return co_await writer.finish();
}

}  // namespace causeway::securityserver
