// SPDX-License-Identifier: MIT
#include "securityserver/transport/soap_parts.hpp"

#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

bool is_soap_type(std::string_view type) { return type == "text/xml" || type == "application/xop+xml"; }

// The SOAP part is kept; what follows waits as events until it is sent on. Events are
// taken after each piece of input, so no more than one piece waits.
class PartCollector final : public message::MultipartHandler {
 public:
  struct Event {
    std::optional<net::Headers> begin;  // empty: data
    Bytes data;
  };

  explicit PartCollector(std::size_t max_soap) : max_soap_(max_soap) {}

  Result<void> part_begin(const net::Headers& headers) override {
    const std::string* content_type = headers.find("content-type");
    if (!content_type) return fault(FaultCode::invalid_content_type, "a part has no Content-Type");
    if (soap_complete_) {
      events.push_back({headers, {}});
      return {};
    }
    auto type = message::ContentType::parse(*content_type);
    if (!type) return type.error();
    if (!is_soap_type(type->type))
      return fault(FaultCode::invalid_content_type,
                   "the first part must be SOAP of type text/xml or application/xop+xml");
    soap_content_type = *content_type;
    in_soap_ = true;
    return {};
  }
  Result<void> part_data(ByteView bytes) override {
    if (!in_soap_) {
      events.push_back({std::nullopt, {bytes.begin(), bytes.end()}});
      return {};
    }
    if (soap.size() + bytes.size() > max_soap_)
      return fault(FaultCode::invalid_soap, "the SOAP message is longer than " + std::to_string(max_soap_) + " bytes");
    soap.insert(soap.end(), bytes.begin(), bytes.end());
    return {};
  }
  Result<void> part_end() override {
    if (in_soap_) soap_complete_ = true;
    in_soap_ = false;
    return {};
  }
  bool soap_complete() const { return soap_complete_; }

  Bytes soap;
  std::string soap_content_type;
  std::deque<Event> events;

 private:
  std::size_t max_soap_;
  bool in_soap_ = false;
  bool soap_complete_ = false;
};

}  // namespace

struct SoapPartsReader::State {
  State(net::BodyReader& input, std::size_t limit) : body(input), max_soap(limit), collector(limit) {}

  net::Task<Result<bool>> step() {
    auto bytes = co_await body.read_some();
    if (!bytes) co_return bytes.error();
    if (bytes->empty()) {
      if (auto over = parser->end(); !over) co_return over.error();
      co_return false;
    }
    if (auto fed = parser->feed(*bytes); !fed) co_return fed.error();
    co_return true;
  }

  net::BodyReader& body;
  std::size_t max_soap;
  std::string content_type;
  PartCollector collector;
  std::optional<message::MultipartParser> parser;  // none: the body is the SOAP itself
  bool ended = false;
};

SoapPartsReader::SoapPartsReader() = default;
SoapPartsReader::~SoapPartsReader() = default;

Result<std::unique_ptr<SoapPartsReader>> SoapPartsReader::make(net::BodyReader& body, std::string_view content_type,
                                                               std::size_t max_soap) {
  auto type = message::ContentType::parse(content_type);
  if (!type) return type.error();
  std::unique_ptr<SoapPartsReader> reader(new SoapPartsReader);
  reader->state_ = std::make_unique<State>(body, max_soap);
  if (type->type == "multipart/related") {
    std::string boundary = type->parameter("boundary");
    if (boundary.empty()) return fault(FaultCode::invalid_content_type, "multipart/related without a boundary");
    reader->state_->parser.emplace(std::move(boundary), reader->state_->collector);
  } else if (!is_soap_type(type->type)) {
    return fault(FaultCode::invalid_content_type, "'" + type->type + "' is no SOAP: use text/xml or multipart/related");
  }
  reader->state_->content_type = content_type;
  return reader;
}

net::Task<Result<Bytes>> SoapPartsReader::read_soap() {
  auto& state = *state_;
  if (!state.parser) {
    Bytes soap;
    for (;;) {
      auto bytes = co_await state.body.read_some();
      if (!bytes) co_return bytes.error();
      if (bytes->empty()) break;
      if (soap.size() + bytes->size() > state.max_soap)
        co_return fault(FaultCode::invalid_soap,
                        "the SOAP message is longer than " + std::to_string(state.max_soap) + " bytes");
      soap.insert(soap.end(), bytes->begin(), bytes->end());
    }
    state.ended = true;
    state.collector.soap_content_type = state.content_type;
    co_return soap;
  }
  while (!state.ended && !state.collector.soap_complete()) {
    auto more = co_await state.step();
    if (!more) co_return more.error();
    state.ended = !*more;
  }
  if (!state.collector.soap_complete())
    co_return fault(FaultCode::missing_soap, "the multipart message has no SOAP part");
  co_return std::move(state.collector.soap);
}

const std::string& SoapPartsReader::soap_content_type() const { return state_->collector.soap_content_type; }

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
    auto more = co_await state.step();
    if (!more) co_return more.error();
    state.ended = !*more;
  }
}

SoapBody soap_body_for(const std::string& original_content_type, bool has_attachments) {
  auto type = message::ContentType::parse(original_content_type);
  const bool related = type && type->type == "multipart/related" && !type->parameter("boundary").empty();
  if (!has_attachments && !related) return {"text/xml; charset=UTF-8", false};
  if (!related)  // attachments of a message whose original type cannot hold any
    return {"multipart/related; type=\"text/xml\"; boundary=" + message::top_boundary(), true};
  return {message::with_utf8_charset(original_content_type), true};
}

net::Task<Result<void>> write_soap_body(const SoapBody& body, std::string_view soap_content_type, ByteView soap,
                                        const std::vector<Attachment>& attachments, net::BodyWriter& writer) {
  if (!body.multipart) {
    if (auto written = co_await writer.write(soap); !written) co_return written;
    co_return co_await writer.finish();
  }
  auto type = message::ContentType::parse(body.content_type);
  message::MultipartWriter parts(type ? type->parameter("boundary") : std::string());
  std::string out = parts.part(soap_content_type);
  out += as_text(soap);
  if (auto written = co_await writer.write(as_bytes(out)); !written) co_return written;
  for (const Attachment& attachment : attachments) {
    const std::string* content_type = attachment.headers.find("content-type");
    net::Headers others = attachment.headers;
    others.remove("content-type");
    const std::string head = parts.part(content_type ? *content_type : "application/octet-stream", others);
    if (auto written = co_await writer.write(as_bytes(head)); !written) co_return written;
    if (auto copied = co_await copy_spool(attachment.content, writer); !copied) co_return copied;
  }
  const std::string end = parts.end();
  if (auto written = co_await writer.write(as_bytes(end)); !written) co_return written;
  co_return co_await writer.finish();
}

}  // namespace causeway::securityserver
