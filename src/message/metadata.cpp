// SPDX-License-Identifier: MIT
#include "message/metadata.hpp"

#include <boost/json.hpp>

#include "base/utf8.hpp"
#include "base/uuid.hpp"
#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/multipart.hpp"
#include "message/soap_names.hpp"
#include "message/xml_encoding.hpp"
#include "pki/digest.hpp"
#include "xml/sax.hpp"
#include "xml/writing.hpp"

namespace causeway::message {
namespace {

namespace json = boost::json;

constexpr std::string_view kWsdlSoapNamespace = "http://schemas.xmlsoap.org/wsdl/soap/";
constexpr std::string_view kEndpointAddress = "http://example.org/xroad-endpoint";

bool accepts_json(const net::Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (!net::equals_ignoring_case(name, "accept")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      const auto type = ContentType::parse(rest.substr(0, comma));
      if (type && type->type == "application/json") return true;
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
  }
  return false;
}

void write_client(xml::Writer& writer, const ClientId& id) {
  writer.element("id:xRoadInstance", id.instance());
  writer.element("id:memberClass", id.member_class());
  writer.element("id:memberCode", id.member_code());
  if (id.is_subsystem()) writer.element("id:subsystemCode", id.subsystem());
}

std::string client_list_xml(std::span<const ListedClient> clients) {
  xml::Writer writer;
  writer.declaration();
  writer.open("xrd:clientList").attribute("xmlns:xrd", kXRoadNamespace).attribute("xmlns:id", kIdentifierNamespace);
  for (const ListedClient& client : clients) {
    writer.open("xrd:member");
    writer.open("xrd:id").attribute("id:objectType", client.id.is_subsystem() ? "SUBSYSTEM" : "MEMBER");
    write_client(writer, client.id);
    writer.close();
    writer.element("xrd:name", client.name);
    if (client.subsystem_name) writer.element("xrd:subsystemName", *client.subsystem_name);
    writer.close();
  }
  writer.close();
  return std::move(writer).finish();
}

void add_client(json::object& into, const ClientId& id) {
  into["xroad_instance"] = id.instance();
  into["member_class"] = id.member_class();
  into["member_code"] = id.member_code();
  if (id.is_subsystem()) into["subsystem_code"] = id.subsystem();
}

std::string client_list_json(std::span<const ListedClient> clients) {
  json::array members;
  members.reserve(clients.size());
  for (const ListedClient& client : clients) {
    json::object id{{"object_type", client.id.is_subsystem() ? "SUBSYSTEM" : "MEMBER"}};
    add_client(id, client.id);
    json::object member{{"id", std::move(id)}, {"name", client.name}};
    if (client.subsystem_name) member["subsystem_name"] = *client.subsystem_name;
    members.push_back(std::move(member));
  }
  return json::serialize(json::object{{"member", std::move(members)}});
}

// Envelope, Body, the request element, its children: what getWsdl asks for is the fourth level.
class WsdlQueryReader : public xml::SaxHandler {
 public:
  Result<void> element_begin(const xml::SaxName& name, std::span<const xml::SaxAttribute>, xml::SaxPlace) override {
    ++depth_;
    if (depth_ == 2) in_body_ = name.is(kSoapNamespace, "Body");
    if (depth_ == 4 && in_body_)
      target_ = name.is(kXRoadNamespace, "serviceCode")      ? &query.service_code
                : name.is(kXRoadNamespace, "serviceVersion") ? &query.service_version
                                                             : nullptr;
    return {};
  }
  Result<void> element_end(const xml::SaxName&, xml::SaxPlace) override {
    if (depth_-- == 4) target_ = nullptr;
    return {};
  }
  Result<void> characters(std::string_view text, xml::SaxPlace) override {
    if (target_ && depth_ == 4) *target_ += text;
    return {};
  }
  WsdlQuery query;

 private:
  std::size_t depth_ = 0;
  bool in_body_ = false;
  std::string* target_ = nullptr;
};

// Where the values of the addresses stand in the document.
class AddressFinder : public xml::SaxHandler {
 public:
  Result<void> element_begin(const xml::SaxName& name, std::span<const xml::SaxAttribute>,
                             xml::SaxPlace place) override {
    if (name.is(kWsdlSoapNamespace, "address")) tags.push_back(place);
    return {};
  }
  Result<void> element_end(const xml::SaxName&, xml::SaxPlace) override { return {}; }
  Result<void> characters(std::string_view, xml::SaxPlace) override { return {}; }
  Result<void> declaration(std::string_view encoding, xml::SaxPlace) override {
    declared = encoding;
    return {};
  }
  std::vector<xml::SaxPlace> tags;
  std::string declared;
};

// The place of the value of attribute `name` in a well-formed start tag, without quotes.
std::optional<xml::SaxPlace> attribute_value(std::string_view tag, std::string_view name) {
  constexpr std::string_view space = " \t\r\n";
  std::size_t at = tag.find_first_of(" \t\r\n/>", 1);
  for (;;) {
    at = tag.find_first_not_of(space, at);
    if (at == std::string_view::npos || tag[at] == '/' || tag[at] == '>') return std::nullopt;
    const std::size_t equals = tag.find('=', at);
    const std::string_view found = tag.substr(at, tag.find_first_of(" \t\r\n=", at) - at);
    const std::size_t begin = tag.find_first_of("\"'", equals) + 1;
    const std::size_t end = tag.find(tag[begin - 1], begin);
    if (found == name) return xml::SaxPlace{begin, end};
    at = end + 1;
  }
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// application/x-www-form-urlencoded; a broken escape stays as it is.
std::string form_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      result += static_cast<char>(high << 4 | low);
      i += 2;
    } else {
      result += text[i] == '+' ? ' ' : text[i];
    }
  }
  return result;
}

}  // namespace

MetadataDocument client_list(std::span<const ListedClient> clients, const net::Headers& request_headers) {
  if (accepts_json(request_headers)) return {"application/json; charset=utf-8", client_list_json(clients)};
  return {"text/xml; charset=UTF-8", client_list_xml(clients)};
}

Result<SoapMessage> method_list(const SoapMessage& request, std::string_view service,
                                std::span<const ServiceId> services) {
  xml::Writer writer;
  writer.open("xrd:" + std::string(service) + "Response");
  writer.attribute("xmlns:xrd", kXRoadNamespace).attribute("xmlns:id", kIdentifierNamespace);
  for (const ServiceId& id : services) {
    writer.open("xrd:service").attribute("id:objectType", "SERVICE");
    write_client(writer, id.client());
    writer.element("id:serviceCode", id.code());
    if (!id.version().empty()) writer.element("id:serviceVersion", id.version());
    writer.close();
  }
  writer.close();
  return soap_response_with(request, std::move(writer).finish());
}

Result<WsdlQuery> read_wsdl_query(const SoapMessage& request) {
  WsdlQueryReader reader;
  xml::SaxReader sax(reader);
  Result<void> read = sax.feed(request.bytes);
  if (read) read = sax.end();
  if (!read) return std::move(read).error();
  if (reader.query.service_code.find_first_not_of(" \t\r\n") == std::string::npos)
    return fault(FaultCode::invalid_request, "the body of getWsdl lacks serviceCode");
  return std::move(reader.query);
}

std::string WsdlAnswer::body() const {
  MultipartWriter writer(ContentType::parse(content_type)->parameter("boundary"));
  std::string text = writer.part("text/xml; charset=UTF-8");
  text += as_text(soap.bytes);
  text += writer.part(attachment_type, attachment_headers);
  text += wsdl;
  return text += writer.end();
}

Result<WsdlAnswer> wsdl_answer(const SoapMessage& request, std::string_view wsdl) {
  auto anonymous = anonymous_wsdl(wsdl);
  if (!anonymous) return std::move(anonymous).error();
  auto soap = soap_response_renamed(request, request.header.service.code() + "Response");
  if (!soap) return std::move(soap).error();
  net::Headers headers;
  headers.add("Content-Transfer-Encoding", "binary");
  headers.add("Content-ID", "<wsdl=" + random_uuid() + "@x-road.eu>");
  return WsdlAnswer{
      .content_type = "multipart/related; type=\"text/xml\"; charset=UTF-8; boundary=xroad" + random_letters(30),
      .soap = *std::move(soap),
      .attachment_type = "text/xml",
      .attachment_headers = std::move(headers),
      .wsdl = *std::move(anonymous)};
}

Result<std::string> anonymous_wsdl(std::string_view wsdl) {
  AddressFinder finder;
  xml::SaxReader sax(finder);
  Result<void> read = sax.feed(as_bytes(wsdl));
  if (read) read = sax.end();
  if (!read) return fault(FaultCode::internal_error, "the WSDL cannot be read: " + read.error().text);
  if (!is_utf8_xml(wsdl, finder.declared)) return anonymous_wsdl(utf8_xml(wsdl, finder.declared));
  std::string result;
  std::size_t from = 0;
  for (const xml::SaxPlace& tag : finder.tags) {
    const auto value = attribute_value(wsdl.substr(tag.begin, tag.end - tag.begin), "location");
    if (!value) continue;
    result.append(wsdl.substr(from, tag.begin + value->begin - from)).append(kEndpointAddress);
    from = tag.begin + value->end;
  }
  return result.append(wsdl.substr(from));
}

std::string rest_method_list(std::span<const ListedService> services) {
  json::array list;
  for (const ListedService& service : services) {
    json::object entry{{"object_type", "SERVICE"}, {"service_type", service.openapi ? "OPENAPI" : "REST"}};
    add_client(entry, service.id.client());
    entry["service_code"] = service.id.code();
    json::array endpoints;
    for (const ListedEndpoint& endpoint : service.endpoints)
      endpoints.push_back(json::object{{"method", endpoint.method}, {"path", endpoint.path}});
    entry["endpoint_list"] = std::move(endpoints);
    list.push_back(std::move(entry));
  }
  return json::serialize(json::object{{"service", std::move(list)}});
}

RestResponse rest_metadata_response(const RestRequest& request, std::string request_id, std::string content_type) {
  const Bytes digest = pki::digest(pki::DigestAlgorithm::sha512, as_bytes(request.head()));
  RestResponse response = rest_response(200, "OK", request.headers, request, std::move(request_id),
                                        rest_request_hash(digest, std::nullopt));
  response.headers.add("Content-Type", std::move(content_type));
  return response;
}

Result<std::string> openapi_service_code(const std::optional<std::string>& query) {
  std::string code;
  std::string_view rest = query ? std::string_view(*query) : std::string_view();
  while (!rest.empty()) {
    const auto end = rest.find_first_of("&;");
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos &&
        net::equals_ignoring_case(form_decoded(pair.substr(0, equals)), "serviceCode"))
      code = form_decoded(pair.substr(equals + 1));
  }
  if (code.empty() || !is_utf8(code))
    return fault(FaultCode::invalid_request, "getOpenAPI needs the query parameter serviceCode");
  return code;
}

}  // namespace causeway::message
