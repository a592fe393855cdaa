// SPDX-License-Identifier: MIT
// Errors towards information systems that call by REST (messages.md section 6).
#include <boost/json.hpp>

#include "base/uuid.hpp"
#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/rest.hpp"
#include "xml/document.hpp"
#include "xml/writing.hpp"

namespace causeway::message {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kApplicationXml = "application/xml";
constexpr std::string_view kTextXml = "text/xml";

// The first media type of the Accept headers that is XML; quality is passed over, as Java does.
std::string_view error_type(const net::Headers& request_headers) {
  for (const auto& [name, value] : request_headers) {
    if (!net::equals_ignoring_case(name, "accept")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      std::string_view item = rest.substr(0, comma);
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
      item = item.substr(0, item.find(';'));
      while (item.starts_with(' ') || item.starts_with('\t')) item.remove_prefix(1);
      while (item.ends_with(' ') || item.ends_with('\t')) item.remove_suffix(1);
      if (net::equals_ignoring_case(item, kApplicationXml)) return kApplicationXml;
      if (net::equals_ignoring_case(item, kTextXml) || net::equals_ignoring_case(item, "text/*")) return kTextXml;
    }
  }
  return kJson;
}

std::string json_body(const Fault& fault, const std::string& detail) {
  return boost::json::serialize(boost::json::object{{"type", fault.code}, {"message", fault.text}, {"detail", detail}});
}

std::string xml_body(const Fault& fault, const std::string& detail) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<error><type>" + xml::escape_text(fault.code) +
         "</type><message>" + xml::escape_text(fault.text) + "</message><detail>" + xml::escape_text(detail) +
         "</detail></error>";
}

// Header values are one line of visible ASCII whatever a peer's fault code holds.
std::string header_value(std::string_view text) {
  std::string value;
  for (const char c : text) value += c > 0x20 && c < 0x7f ? c : '_';
  return value;
}

std::optional<Fault> read_json(std::string_view body) {
  boost::system::error_code error;
  const boost::json::value document = boost::json::parse(boost::json::string_view(body.data(), body.size()), error);
  const boost::json::object* object = error ? nullptr : document.if_object();
  if (!object) return std::nullopt;
  const auto member = [object](boost::json::string_view name) {
    const boost::json::value* value = object->if_contains(name);
    const boost::json::string* text = value ? value->if_string() : nullptr;
    return text ? std::string(text->data(), text->size()) : std::string();
  };
  return Fault{member("type"), member("message"), member("detail")};
}

std::optional<Fault> read_xml(std::string_view body) {
  const auto document = xml::Document::parse(body);
  if (!document) return std::nullopt;
  const auto member = [&](std::string_view name) {
    const auto child = document->root().child("", name);
    return child ? child->text() : std::string();
  };
  return Fault{member("type"), member("message"), member("detail")};
}

}  // namespace

RestError rest_error(const Fault& fault, const net::Headers& request_headers) {
  const std::string detail = fault.detail.empty() ? random_uuid() : fault.detail;
  const std::string_view type = error_type(request_headers);
  RestError error;
  error.head.status = fault.code.starts_with("server.") ? 500 : 400;
  error.head.reason = error.head.status == 500 ? "Internal Server Error" : "Bad Request";
  error.head.headers.add("X-Road-Error", header_value(fault.code));
  error.head.headers.add("Content-Type", std::string(type) + (type == kJson ? "" : ";charset=utf-8"));
  error.body = type == kJson ? json_body(fault, detail) : xml_body(fault, detail);
  return error;
}

std::optional<Fault> parse_rest_error(std::string_view content_type, std::string_view body) {
  const auto type = ContentType::parse(content_type);
  if (!type) return std::nullopt;
  if (type->type == kJson) return read_json(body);
  if (type->type == kTextXml || type->type == kApplicationXml) return read_xml(body);
  return std::nullopt;
}

}  // namespace causeway::message
