// SPDX-License-Identifier: MIT
// Answers made of SOAP messages: octets are put in and taken out at the places that
// reading found; whatever else the message holds stays as it is.
#include <array>

#include "base/utf8.hpp"
#include "base/uuid.hpp"
#include "domain/fault_code.hpp"
#include "message/rest.hpp"
#include "message/soap.hpp"
#include "message/soap_names.hpp"
#include "message/xml_encoding.hpp"
#include "pki/digest.hpp"

namespace causeway::message {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kAlgorithmAttribute = "algorithmId";

Result<SoapMessage> read_message(std::string_view xml) {
  auto read = parse_soap(to_bytes(xml), "text/xml");
  if (!read) return std::move(read).error();
  auto* message = std::get_if<SoapMessage>(&*read);
  if (!message) return fault(FaultCode::internal_error, "a SOAP answer turned out to be a Fault");
  return std::move(*message);
}

// Whether the message's places are known, and its octets can be mixed with ours.
bool can_be_spliced(const SoapMessage& message) {
  return message.layout.id_end > 0 && is_utf8_xml(as_text(message.bytes), message.layout.encoding);
}

// The same message in UTF-8, read again as its places moved.
Result<SoapMessage> renewed(const SoapMessage& message) {
  return read_message(utf8_xml(as_text(message.bytes), message.layout.encoding));
}

// "<x:name" of a start tag that is well-formed.
std::string_view name_of(std::string_view tag) { return tag.substr(1, tag.find_first_of(" \t\r\n/>", 1) - 1); }
// What stands between name and '>' or "/>", white space at its front included.
std::string_view attributes_of(std::string_view tag) {
  tag.remove_prefix(1 + name_of(tag).size());
  tag.remove_suffix(tag.ends_with("/>") ? 2 : 1);
  while (!tag.empty() && kSpace.find(tag.back()) != std::string_view::npos) tag.remove_suffix(1);
  return tag;
}
std::string with_prefix_of(std::string_view name, std::string_view local) {
  const auto colon = name.find(':');
  return std::string(name.substr(0, colon == std::string_view::npos ? 0 : colon + 1)).append(local);
}

std::string_view at(std::string_view text, SoapLayout::Span span) {
  return text.substr(span.begin, span.end - span.begin);
}

std::string request_hash_element(std::string_view text, const SoapLayout& layout, std::string_view hash) {
  const std::string_view tag = at(text, layout.id_tag);
  const std::string name = with_prefix_of(name_of(tag), "requestHash");
  std::string element(at(text, layout.header_space));
  element.append("<").append(name).append(attributes_of(tag)).append(" ").append(kAlgorithmAttribute);
  element.append("=\"").append(pki::digest_uri(pki::DigestAlgorithm::sha512)).append("\">");
  return element.append(hash).append("</").append(name).append(">");
}

Result<SoapMessage> with_body(const SoapMessage& message, std::string_view element) {
  if (!can_be_spliced(message)) {
    const auto utf8 = renewed(message);
    return utf8 ? with_body(*utf8, element) : utf8.error();
  }
  const std::string_view text = as_text(message.bytes);
  std::string answer(text.substr(0, message.layout.body_tag.begin));
  answer.append(element).append(text.substr(message.layout.body_end));
  return read_message(answer);
}

// The body element of `request` under another name and with other contents.
std::string body_element(const SoapMessage& request, std::string_view name, std::string_view inner_xml) {
  const std::string_view tag = at(as_text(request.bytes), request.layout.body_tag);
  const std::string full = with_prefix_of(name_of(tag), name);
  std::string element = "<" + full;
  return element.append(attributes_of(tag)).append(">").append(inner_xml).append("</").append(full).append(">");
}

// As Java escapes for XML 1.0: quotes too, C1 control characters as numbers, and what XML
// cannot hold left out.
void append_escaped(std::string& out, std::string_view text) {
  std::string utf8;
  if (!is_utf8(text)) text = utf8 = latin1_to_utf8(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    const unsigned char next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      case 0x7f:
        out += "&#127;";
        break;
      case 0xc2:
        if (next >= 0x80 && next < 0xa0 && next != 0x85) {
          out += "&#" + std::to_string(next) + ";";
          ++i;
        } else {
          out += text[i];
        }
        break;
      case 0xef:  // U+FFFE and U+FFFF
        if (next == 0xbf && i + 2 < text.size() && static_cast<unsigned char>(text[i + 2]) >= 0xbe) {
          i += 2;
        } else {
          out += text[i];
        }
        break;
      default:
        if (c >= 0x20 || c == '\t' || c == '\n' || c == '\r') out += text[i];
    }
  }
}

}  // namespace

Result<SoapMessage> with_request_hash(const SoapMessage& response, ByteView request_bytes) {
  if (!can_be_spliced(response)) {
    const auto utf8 = renewed(response);
    return utf8 ? with_request_hash(*utf8, request_bytes) : utf8.error();
  }
  const std::string_view text = as_text(response.bytes);
  const SoapLayout& layout = response.layout;
  if (attributes_of(at(text, layout.id_tag)).find(kAlgorithmAttribute) != std::string_view::npos)
    return fault(FaultCode::invalid_soap, "header field 'id' of the response has an attribute algorithmId");
  const std::string hash = to_base64(pki::digest(pki::DigestAlgorithm::sha512, request_bytes));
  const std::string element = request_hash_element(text, layout, hash);

  // Two changes, in the order of their places.
  struct Change {
    SoapLayout::Span span;
    std::string_view text;
  };
  std::array<Change, 2> changes{Change{{layout.id_end, layout.id_end}, element}, Change{layout.request_hash, {}}};
  const bool drop = layout.request_hash.end > 0;
  if (!drop) changes[1].span = {text.size(), text.size()};
  if (changes[1].span.begin < changes[0].span.begin) std::swap(changes[0], changes[1]);

  SoapMessage answer{.bytes = {},
                     .header = response.header,
                     .body_element = response.body_element,
                     .body_namespace = response.body_namespace,
                     .rpc_encoded = response.rpc_encoded,
                     .layout = {}};
  answer.bytes.reserve(text.size() + element.size() + kXmlDeclaration.size());
  const auto append = [&answer](std::string_view piece) {
    answer.bytes.insert(answer.bytes.end(), piece.begin(), piece.end());
  };
  append(kXmlDeclaration);
  std::size_t from = layout.start;
  for (const Change& change : changes) {
    append(text.substr(from, change.span.begin - from));
    append(change.text);
    from = change.span.end;
  }
  append(text.substr(from));
  answer.header.request_hash = hash;
  answer.header.request_hash_algorithm = std::string(pki::digest_uri(pki::DigestAlgorithm::sha512));
  return answer;
}

Result<SoapMessage> soap_response(const SoapMessage& request, std::string_view name, std::string_view inner_xml) {
  if (!can_be_spliced(request)) {
    const auto utf8 = renewed(request);
    return utf8 ? soap_response(*utf8, name, inner_xml) : utf8.error();
  }
  return with_body(request, body_element(request, name, inner_xml));
}

Result<SoapMessage> soap_response_renamed(const SoapMessage& request, std::string_view name,
                                          std::string_view appended) {
  if (!can_be_spliced(request)) {
    const auto utf8 = renewed(request);
    return utf8 ? soap_response_renamed(*utf8, name, appended) : utf8.error();
  }
  const std::string_view text = as_text(request.bytes);
  const SoapLayout& layout = request.layout;
  std::string_view inner;
  if (!at(text, layout.body_tag).ends_with("/>")) {
    inner = text.substr(layout.body_tag.end, layout.body_end - layout.body_tag.end);
    inner = inner.substr(0, inner.rfind("</"));
  }
  return with_body(request, body_element(request, name, std::string(inner).append(appended)));
}

Result<SoapMessage> soap_response_with(const SoapMessage& request, std::string_view element_xml) {
  return with_body(request, element_xml);
}

std::string soap_fault_xml(const Fault& fault) {
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><SOAP-ENV:Envelope "
      "xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\"><SOAP-ENV:Body><SOAP-ENV:Fault><faultcode>";
  append_escaped(xml, fault.code);
  xml += "</faultcode><faultstring>";
  append_escaped(xml, fault.text);
  xml += "</faultstring><faultactor>";
  append_escaped(xml, fault.actor);
  xml += "</faultactor><detail><faultDetail xmlns=\"\">";
  append_escaped(xml, fault.detail.empty() ? random_uuid() : fault.detail);
  return xml += "</faultDetail></detail></SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>";
}

}  // namespace causeway::message
