// SPDX-License-Identifier: MIT
#include "securityserver/transport/incoming_message.hpp"

#include <algorithm>
#include <utility>

#include "base/memory_budget.hpp"
#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/headers.hpp"
#include "message/multipart.hpp"
#include "pki/digest.hpp"

namespace causeway::securityserver {
namespace {

Result<void> append_within(Bytes& into, ByteView bytes, std::size_t limit, std::string_view what) {
  if (into.size() + bytes.size() > limit)
    return fault(FaultCode::invalid_message, std::string(what) + " is longer than " + std::to_string(limit) + " bytes");
  into.insert(into.end(), bytes.begin(), bytes.end());
  return {};
}

std::string_view content_type_of(const net::Headers& headers) {
  const std::string* value = headers.find("content-type");
  return value ? std::string_view(*value) : std::string_view();
}

// Spools one part and hashes it on the way.
class SpooledPart {
 public:
  Result<void> add(ByteView bytes) {
    hasher_.update(bytes);
    return content_.append(bytes);
  }
  Spool take_content() { return std::move(content_); }
  Bytes digest() { return hasher_.finish(); }

 private:
  Spool content_;
  pki::Hasher hasher_{pki::DigestAlgorithm::sha512};
};

// The attachments of a SOAP message: a multipart within the multipart.
class AttachmentDecoder final : public message::MultipartHandler {
 public:
  AttachmentDecoder(std::vector<Attachment>& into, const MessageLimits& limits) : into_(into), limits_(limits) {}

  Result<void> part_begin(const net::Headers& headers) override {
    if (into_.size() >= limits_.attachments) return fault(FaultCode::invalid_message, "too many attachments");
    if (content_type_of(headers).empty())
      return fault(FaultCode::invalid_content_type, "an attachment has no Content-Type");
    for (const auto& [name, value] : headers) headers_size_ += name.size() + value.size();
    if (headers_size_ > limits_.attachment_headers)
      return fault(FaultCode::invalid_message, "the attachments have too many headers");
    into_.push_back({headers, spool_, spool_->size(), 0, {}});
    hasher_.emplace(pki::DigestAlgorithm::sha512);
    return {};
  }
  Result<void> part_data(ByteView bytes) override {
    hasher_->update(bytes);
    return spool_->append(bytes);
  }
  Result<void> part_end() override {
    into_.back().size = spool_->size() - into_.back().begin;
    into_.back().digest = hasher_->finish();
    return {};
  }

 private:
  std::vector<Attachment>& into_;
  const MessageLimits& limits_;
  std::shared_ptr<Spool> spool_ = std::make_shared<Spool>();
  std::size_t headers_size_ = 0;
  std::optional<pki::Hasher> hasher_;
};

// The parts in their fixed order (messages.md 4.4).
class Decoder final : public message::MultipartHandler {
 public:
  Decoder(IncomingMessage& into, MessageLimits limits) : into_(into), limits_(limits) {}

  bool head_complete() const { return stage_ != Stage::start; }

  Result<void> part_begin(const net::Headers& headers) override {
    if (stage_ == Stage::done) return fault(FaultCode::invalid_message, "a part follows the signature");
    const std::string_view text = content_type_of(headers);
    message::ContentType parsed;
    const bool plain = message::is_plain_media_type(text);
    if (!plain) {
      auto type = message::ContentType::parse(text);
      if (!type) return type.error();
      parsed = *std::move(type);
    }
    auto slot = slot_for(plain ? text : parsed.type);
    if (!slot) return slot.error();
    slot_ = *slot;
    if (slot_ == Slot::head) {
      into_.head_content_type = text;
      for (const auto& [name, value] : headers)
        if (!net::equals_ignoring_case(name, "content-type")) into_.head_headers.add(name, value);
    }
    if (slot_ == Slot::rest_body) part_.emplace();
    if (slot_ == Slot::ocsp) {
      if (into_.ocsp_responses.size() >= limits_.ocsp_responses)
        return fault(FaultCode::invalid_message, "too many OCSP responses");
      into_.ocsp_responses.emplace_back();
    }
    if (slot_ == Slot::attachments) {
      const std::string boundary = parsed.parameter("boundary");
      if (boundary.empty()) return fault(FaultCode::invalid_content_type, "attachments without a boundary");
      nested_handler_ = std::make_unique<AttachmentDecoder>(into_.attachments, limits_);
      nested_ = std::make_unique<message::MultipartParser>(boundary, *nested_handler_);
    }
    return {};
  }

  Result<void> part_data(ByteView bytes) override {
    const bool spooled = slot_ == Slot::rest_body || slot_ == Slot::attachments;
    if (!spooled) held_ += bytes.size();
    if (!spooled && !memory_.hold(held_))
      return fault(FaultCode::internal_error, "too many large messages are under way: try again later");
    switch (slot_) {
      case Slot::ocsp:
        return append_within(into_.ocsp_responses.back(), bytes, limits_.ocsp_response, "OCSP response");
      case Slot::head:
        return append_within(into_.head, bytes, head_limit(), "message part");
      case Slot::rest_body:
        return part_->add(bytes);
      case Slot::attachments:
        return nested_->feed(bytes);
      case Slot::chain_result:
      case Slot::chain:
      case Slot::signature:
        return append_text(bytes);
      case Slot::fault:
        return append_within(fault_, bytes, limits_.signature_part, "fault");
    }
    return {};
  }

  Result<void> part_end() override {
    switch (slot_) {
      case Slot::ocsp:
        return {};
      case Slot::head:
        return end_head();
      case Slot::rest_body:
        into_.rest_body_digest = part_->digest();
        into_.rest_body = std::make_shared<Spool>(part_->take_content());
        part_.reset();
        stage_ = Stage::body_read;
        return {};
      case Slot::attachments:
        stage_ = Stage::body_read;
        return nested_->end();
      case Slot::chain_result:
        into_.signature.hash_chain_result = std::exchange(text_, {});
        stage_ = Stage::chain_result_read;
        return {};
      case Slot::chain:
        into_.signature.hash_chain = std::exchange(text_, {});
        stage_ = Stage::chain_read;
        return {};
      case Slot::signature:
        into_.signature.signature = std::exchange(text_, {});
        stage_ = Stage::done;
        return {};
      case Slot::fault:
        return end_fault(std::move(fault_));
    }
    return {};
  }

 private:
  enum class Stage { start, head_read, body_read, chain_result_read, chain_read, done };
  enum class Slot { ocsp, head, rest_body, attachments, chain_result, chain, signature, fault };

  Result<Slot> slot_for(std::string_view type) {
    const bool is_xml = type == "text/xml";
    if (stage_ == Stage::start) {
      if (type == message::kTypeOcsp) return Slot::ocsp;
      if (type == message::kTypeRestRequest) return head_of(HeadKind::rest_request);
      if (type == message::kTypeRestResponse) return head_of(HeadKind::rest_response);
      if (is_xml || type == "application/xop+xml") return head_of(HeadKind::soap);
    } else {
      const bool rest = into_.kind == HeadKind::rest_request || into_.kind == HeadKind::rest_response;
      if (is_xml) return Slot::fault;
      if (stage_ == Stage::head_read && rest && type == message::kTypeRestBody) return Slot::rest_body;
      if (stage_ == Stage::head_read && !rest && type == "multipart/mixed") return Slot::attachments;
      if (stage_ <= Stage::body_read && type == message::kTypeHashChainResult) return Slot::chain_result;
      if (stage_ == Stage::chain_result_read && type == message::kTypeHashChain) return Slot::chain;
      if (stage_ != Stage::chain_result_read && type == message::kTypeSignature) return Slot::signature;
    }
    return fault(FaultCode::invalid_content_type, "a part of type '" + std::string(type) + "' has no place here");
  }

  Slot head_of(HeadKind kind) {
    into_.kind = kind;
    return Slot::head;
  }

  std::size_t head_limit() const { return into_.kind == HeadKind::soap ? limits_.soap : limits_.rest_head; }

  Result<void> append_text(ByteView bytes) {
    if (text_.size() + bytes.size() > limits_.signature_part)
      return fault(FaultCode::invalid_message,
                   "a signature part is longer than " + std::to_string(limits_.signature_part) + " bytes");
    text_ += as_text(bytes);
    return {};
  }

  // A text/xml part in the message's place may be a Fault.
  Result<void> end_head() {
    stage_ = Stage::head_read;
    if (into_.kind != HeadKind::soap || as_text(into_.head).find("Fault") == std::string_view::npos) return {};
    auto soap = message::parse_soap(into_.head, into_.head_content_type);
    if (soap && std::holds_alternative<message::SoapFault>(*soap)) {
      into_.fault = std::get<message::SoapFault>(*std::move(soap));
      into_.kind = HeadKind::none;
      into_.head.clear();
    }
    return {};
  }

  Result<void> end_fault(Bytes bytes) {
    auto soap = message::parse_soap(std::move(bytes), "text/xml; charset=UTF-8");
    if (!soap) return soap.error();
    if (!std::holds_alternative<message::SoapFault>(*soap))
      return fault(FaultCode::invalid_content_type, "a text/xml part in place of the signature is no fault");
    into_.fault = std::get<message::SoapFault>(*std::move(soap));
    stage_ = Stage::done;
    return {};
  }

  IncomingMessage& into_;
  MessageLimits limits_;
  Stage stage_ = Stage::start;
  Slot slot_ = Slot::ocsp;
  std::optional<SpooledPart> part_;
  std::unique_ptr<AttachmentDecoder> nested_handler_;
  std::unique_ptr<message::MultipartParser> nested_;
  std::string text_;  // of the signature's parts, the one that is read
  Bytes fault_;
  MemoryBudget::Share memory_;
  std::size_t held_ = 0;
};

}  // namespace

evidence::MessageParts IncomingMessage::parts() const {
  evidence::MessageParts parts;
  parts.reserve(2 + attachments.size());
  parts.push_back({"/message.xml", pki::digest(pki::DigestAlgorithm::sha512, head)});
  if (rest_body) parts.push_back({"/attachment1", rest_body_digest});
  for (const Attachment& attachment : attachments)
    parts.push_back({"/attachment" + std::to_string(parts.size()), attachment.digest});
  return parts;
}

struct IncomingReader::State {
  State(net::BodyReader& input, std::string_view boundary, MessageLimits limits)
      : body(input), decoder(message, limits), parser(boundary, decoder) {}

  // False at the end of the input.
  net::Task<Result<bool>> step() {
    auto bytes = co_await read_message_octets(body);
    if (!bytes) co_return bytes.error();
    if (bytes->empty()) {
      if (auto over = parser.end(); !over) co_return over.error();
      co_return false;
    }
    if (auto fed = parser.feed(*bytes); !fed) co_return fed.error();
    co_return true;
  }

  IncomingMessage message;
  net::BodyReader& body;
  Decoder decoder;
  message::MultipartParser parser;
  bool ended = false;
};

IncomingReader::IncomingReader() = default;
IncomingReader::~IncomingReader() = default;

Result<std::unique_ptr<IncomingReader>> IncomingReader::make(net::BodyReader& body, std::string_view content_type,
                                                             MessageLimits limits) {
  auto type = message::ContentType::parse(content_type);
  if (!type) return type.error();
  if (type->type != "multipart/mixed")
    return fault(FaultCode::invalid_content_type, "a transport message is multipart/mixed, not '" + type->type + "'");
  std::string boundary = type->parameter("boundary");
  if (boundary.empty()) return fault(FaultCode::invalid_content_type, "a transport message without a boundary");
  std::unique_ptr<IncomingReader> reader(new IncomingReader);
  reader->state_ = std::make_unique<State>(body, std::move(boundary), limits);
  return reader;
}

net::Task<Result<void>> IncomingReader::read_head() {
  while (!state_->ended && !state_->decoder.head_complete()) {
    auto more = co_await state_->step();
    if (!more) co_return more.error();
    state_->ended = !*more;
  }
  co_return Result<void>();
}

net::Task<Result<void>> IncomingReader::read_rest() {
  while (!state_->ended) {
    auto more = co_await state_->step();
    if (!more) co_return more.error();
    state_->ended = !*more;
  }
  co_return Result<void>();
}

IncomingMessage& IncomingReader::message() { return state_->message; }

net::Task<Result<ByteView>> read_message_octets(net::BodyReader& body) {
  auto bytes = co_await body.read_some();
  if (bytes || bytes.error().code != to_string(FaultCode::network_error)) co_return bytes;
  co_return fault(FaultCode::io_error, bytes.error().text);
}

net::Task<void> drain(net::BodyReader& body) {
  for (;;) {
    auto bytes = co_await body.read_some();
    if (!bytes || bytes->empty()) co_return;
  }
}

net::Task<Result<void>> copy_spool(const Spool& from, net::BodyWriter& to) {
  return copy_spool(from, 0, from.size(), to);
}

net::Task<Result<void>> copy_spool(const Spool& from, std::uint64_t begin, std::uint64_t size, net::BodyWriter& to) {
  if (from.in_memory()) co_return co_await to.write(from.memory().subspan(begin, size));
  Bytes piece(std::min<std::uint64_t>(65536, size));
  const std::uint64_t end = begin + size;
  for (std::uint64_t at = begin; at < end;) {
    auto count = from.read_at(at, std::span(piece).first(std::min<std::uint64_t>(piece.size(), end - at)));
    if (!count) co_return count.error();
    if (*count == 0) co_return fault(FaultCode::io_error, "a spool file is shorter than what was written");
    if (auto written = co_await to.write(ByteView(piece).first(*count)); !written) co_return written;
    at += *count;
  }
  co_return Result<void>();
}

net::Task<Result<Bytes>> read_whole(net::BodyReader& body, std::size_t limit) {
  Bytes whole;
  for (;;) {
    auto bytes = co_await read_message_octets(body);
    if (!bytes) co_return bytes.error();
    if (bytes->empty()) co_return whole;
    if (auto added = append_within(whole, *bytes, limit, "message"); !added) co_return added.error();
  }
}

}  // namespace causeway::securityserver
