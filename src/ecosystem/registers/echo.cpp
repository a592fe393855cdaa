// SPDX-License-Identifier: MIT
#include "ecosystem/registers/echo.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <optional>

#include "base/spool.hpp"
#include "base/utf8.hpp"
#include "domain/fault_code.hpp"
#include "ecosystem/registers/exchange.hpp"
#include "ecosystem/registers/rest.hpp"
#include "ecosystem/registers/soap.hpp"
#include "message/content_type.hpp"
#include "message/multipart.hpp"
#include "pki/digest.hpp"

namespace causeway::ecosystem {
namespace {

constexpr std::size_t kShownBody = 64 * 1024;
constexpr std::size_t kMaxAttachments = 100;

int number_or(const std::string& text, int least, int most, int otherwise) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= least && value <= most ? value
                                                                                                     : otherwise;
}

// An attachment on its way back.
struct Attachment {
  std::string content_type;
  net::Headers headers;  // the others
  Spool content;
  pki::Hasher hasher{pki::DigestAlgorithm::sha256};
};

// The first part is the SOAP message, all others are attachments.
class Parts : public message::MultipartHandler {
 public:
  Result<void> part_begin(const net::Headers& headers) override {
    const std::string* type = headers.find("content-type");
    if (!soap_type) {
      soap_type = type ? *type : std::string();
      return {};
    }
    if (attachments.size() == kMaxAttachments) return fault(FaultCode::bad_request, "too many attachments");
    Attachment& attachment = attachments.emplace_back();
    attachment.content_type = type ? *type : "application/octet-stream";
    attachment.headers = headers;
    attachment.headers.remove("content-type");
    return {};
  }

  Result<void> part_data(ByteView bytes) override {
    if (attachments.empty()) {
      if (soap.size() + bytes.size() > kSmallBody) return fault(FaultCode::bad_request, "the SOAP part is too long");
      soap.insert(soap.end(), bytes.begin(), bytes.end());
      return {};
    }
    attachments.back().hasher.update(bytes);
    return attachments.back().content.append(bytes);
  }

  Result<void> part_end() override { return {}; }

  std::optional<std::string> soap_type;
  Bytes soap;
  std::vector<Attachment> attachments;
};

net::Task<Result<void>> read_parts(net::ServerCall& call, const std::string& content_type, Parts& parts) {
  const auto type = message::ContentType::parse(content_type);
  if (!type) co_return type.error();
  if (type->type != "multipart/related") {
    auto body = co_await read_body(call);
    if (!body) co_return body.error();
    parts.soap_type = content_type;
    parts.soap = *std::move(body);
    co_return Result<void>();
  }
  message::MultipartParser parser(type->parameter("boundary"), parts);
  for (;;) {
    const auto some = co_await call.body().read_some();
    if (!some) co_return some.error();
    if (some->empty()) co_return parser.end();
    if (auto fed = parser.feed(*some); !fed) co_return fed;
  }
}

net::Task<Result<void>> write_text(net::BodyWriter& out, std::string text) {
  co_return co_await out.write(as_bytes(text));
}

net::Task<Result<void>> write_parts(net::ServerCall& call, const Bytes& soap, std::vector<Attachment>& attachments) {
  message::MultipartWriter writer(message::top_boundary());
  net::ResponseHead head;
  head.headers.add("Content-Type",
                   "multipart/related; type=\"text/xml\"; start=\"<soap>\"; boundary=\"" + writer.boundary() + "\"");
  auto opened = co_await call.respond(std::move(head));
  if (!opened) co_return opened.error();
  net::BodyWriter& out = **opened;

  net::Headers soap_headers;
  soap_headers.add("Content-ID", "<soap>");
  std::string start = writer.part("text/xml; charset=UTF-8", soap_headers);
  start += as_text(soap);
  auto written = co_await write_text(out, std::move(start));
  if (!written) co_return written;
  Bytes buffer(64 * 1024);
  for (Attachment& attachment : attachments) {
    written = co_await write_text(out, writer.part(attachment.content_type, attachment.headers));
    if (!written) co_return written;
    for (std::uint64_t offset = 0; offset < attachment.content.size();) {
      const auto count = attachment.content.read_at(offset, buffer);
      if (!count) co_return count.error();
      written = co_await out.write(ByteView(buffer).first(*count));
      if (!written) co_return written;
      offset += *count;
    }
  }
  written = co_await write_text(out, writer.end());
  if (!written) co_return written;
  co_return co_await out.finish();
}

}  // namespace

net::Task<void> serve_rest_echo(net::ServerCall& call, std::string_view path) {
  namespace json = boost::json;
  pki::Hasher hasher(pki::DigestAlgorithm::sha256);
  std::uint64_t size = 0;
  std::string shown;
  for (;;) {
    const auto some = co_await call.body().read_some();
    if (!some) co_return call.abort();
    if (some->empty()) break;
    hasher.update(*some);
    size += some->size();
    if (size <= kShownBody) shown += as_text(*some);
  }

  const RestCall asked = rest_call_from_http(call.head(), {}, {});
  const auto text_of = [&asked](const char* name) {
    const auto found = asked.query.find(name);
    return found == asked.query.end() ? std::string() : found->second;
  };
  if (const int delay = number_or(text_of("delay"), 0, 60000, 0); delay > 0) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(delay));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }

  json::array headers;
  for (const auto& [name, value] : call.head().headers) {
    headers.push_back(json::object{{"name", name}, {"value", is_utf8(value) ? value : "(not UTF-8)"}});
  }
  json::object body{{"method", call.head().method},  {"path", path}, {"query", call.head().query().value_or("")},
                    {"headers", std::move(headers)}, {"size", size}, {"sha256", to_hex(hasher.finish())}};
  if (size <= kShownBody && is_utf8(shown)) body["body"] = shown;
  const int status = number_or(text_of("status"), 200, 599, 200);
  co_await answer_text(call, status, "application/json", json::serialize(body) + "\n");
}

net::Task<void> serve_soap_echo(net::ServerCall& call) {
  Parts parts;
  const std::string content_type = content_type_of(call.head());
  if (auto read = co_await read_parts(call, content_type, parts); !read) {
    co_return co_await answer_soap_fault(call, read.error());
  }
  auto parsed = message::parse_soap(std::move(parts.soap), parts.soap_type.value_or(""));
  if (!parsed) co_return co_await answer_soap_fault(call, parsed.error());
  const auto* request = std::get_if<message::SoapMessage>(&*parsed);
  if (!request) co_return co_await answer_soap_fault(call, fault(FaultCode::bad_request, "a Fault is no request"));

  std::vector<EchoedAttachment> echoed;
  for (Attachment& attachment : parts.attachments) {
    const std::string* id = attachment.headers.find("content-id");
    echoed.push_back({id ? *id : std::string(), attachment.content_type, attachment.content.size(),
                      to_hex(attachment.hasher.finish())});
  }
  const auto soap = echo_soap(*request, echoed);
  if (!soap) co_return co_await answer_soap_fault(call, soap.error());
  if (parts.attachments.empty()) {
    co_return co_await answer_text(call, 200, "text/xml; charset=UTF-8", to_text(*soap));
  }
  // A failure from here on cuts the connection, which the peer notices.
  (void)(co_await write_parts(call, *soap, parts.attachments)).ok();
}

}  // namespace causeway::ecosystem
