// SPDX-License-Identifier: MIT
#include "requests.hpp"

#include "message/soap.hpp"
#include "net/coroutines.hpp"

namespace causeway::conformance {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxAnswer = 512UL << 20;

std::string identifier(const std::string& element, const ClientId& id, const std::string& service) {
  const std::string type = !service.empty() ? "SERVICE" : id.is_subsystem() ? "SUBSYSTEM" : "MEMBER";
  std::string xml = "<x:" + element + " i:objectType=\"" + type + "\"><i:xRoadInstance>" + id.instance() +
                    "</i:xRoadInstance><i:memberClass>" + id.member_class() + "</i:memberClass><i:memberCode>" +
                    id.member_code() + "</i:memberCode>";
  if (id.is_subsystem()) xml += "<i:subsystemCode>" + id.subsystem() + "</i:subsystemCode>";
  if (!service.empty()) xml += "<i:serviceCode>" + service + "</i:serviceCode>";
  return xml + "</x:" + element + ">";
}

std::string between(const std::string& text, const std::string& open, const std::string& close) {
  const auto from = text.find(open);
  if (from == std::string::npos) return "";
  const auto to = text.find(close, from + open.size());
  return to == std::string::npos ? "" : text.substr(from + open.size(), to - from - open.size());
}

net::Task<Answer> exchange(net::Endpoint endpoint, std::shared_ptr<const net::TlsClientContext> tls,
                           net::RequestHead head, std::string body) {
  Answer answer;
  net::Url url{tls != nullptr, std::move(endpoint), head.target};
  auto response = co_await Country::shared().client().fetch(std::move(url), std::move(head), to_bytes(body), kMaxAnswer,
                                                            std::move(tls), {10s, 60s});
  if (!response) {
    answer.problem = response.error().text;
    co_return answer;
  }
  answer.status = response->head.status;
  answer.headers = response->head.headers;
  answer.body = to_text(response->body);
  co_return answer;
}

}  // namespace

std::string Answer::fault_code() const {
  if (const std::string* code = headers.find("x-road-error")) return *code;
  return between(body, "<faultcode>", "</faultcode>");
}

std::string Answer::fault_text() const {
  if (headers.find("x-road-error")) return between(body, "\"message\":\"", "\",");
  return between(body, "<faultstring>", "</faultstring>");
}

SoapParts soap_parts(const ClientId& client, const ClientId& provider, const std::string& service,
                     const std::string& id) {
  SoapParts parts;
  parts.header = identifier("client", client, "") + identifier("service", provider, service) + "<x:id>" + id +
                 "</x:id><x:userId>EE37702211234</x:userId><x:protocolVersion>4.0</x:protocolVersion>";
  parts.body = "<t:" + service + " xmlns:t=\"http://test.example/\"><t:name>Ülle</t:name></t:" + service + ">";
  return parts;
}

std::string soap_text(const SoapParts& parts) {
  return parts.xml_declaration +
         "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" "
         "xmlns:x=\"http://x-road.eu/xsd/xroad.xsd\" xmlns:i=\"http://x-road.eu/xsd/identifiers\">"
         "<soap:Header>" +
         parts.header + "</soap:Header><soap:Body>" + parts.body + "</soap:Body></soap:Envelope>";
}

std::string soap_request(const ClientId& client, const ClientId& provider, const std::string& service,
                         const std::string& id) {
  return soap_text(soap_parts(client, provider, service, id));
}

std::string soap_answer(const std::string& request) {
  std::string answer = request;
  const std::string service = between(request, "<i:serviceCode>", "</i:serviceCode>");
  for (const std::string& tag : {"<t:" + service + " ", "</t:" + service + ">"}) {
    const auto at = answer.find(tag);
    if (at != std::string::npos) answer.insert(at + tag.size() - 1, "Response");
  }
  return answer;
}

std::shared_ptr<const net::TlsClientContext> client_tls(const Identity* identity) {
  net::TlsClientOptions options;
  if (identity)
    options.identity = std::make_shared<const net::TlsIdentity>(
        net::TlsIdentity{identity->key, std::vector<pki::Certificate>{identity->certificate}});
  auto made = net::TlsClientContext::make(std::move(options));
  return made ? *made : nullptr;
}

Answer send(const net::Endpoint& endpoint, std::shared_ptr<const net::TlsClientContext> tls, net::RequestHead head,
            const std::string& body) {
  return net::block_on(Country::shared().threads().at(0), exchange(endpoint, std::move(tls), std::move(head), body));
}

Answer post(const std::string& content_type, const std::string& body, const HeaderList& more) {
  net::RequestHead head;
  head.method = "POST";
  head.target = "/";
  if (!content_type.empty()) head.headers.add("Content-Type", content_type);
  for (const auto& [name, value] : more) head.headers.add(name, value);
  return send(Country::shared().consumer_http(), nullptr, std::move(head), body);
}

Answer post_soap(const std::string& soap) { return post("text/xml; charset=UTF-8", soap); }

Answer send_rest(const std::string& method, const std::string& target, HeaderList headers, const std::string& body) {
  net::RequestHead head;
  head.method = method;
  head.target = target;
  bool has_client = false;
  for (auto& [name, value] : headers) {
    has_client = has_client || net::equals_ignoring_case(name, "x-road-client");
    head.headers.add(std::move(name), std::move(value));
  }
  if (!has_client) head.headers.add("X-Road-Client", Country::shared().app().to_rest());
  return send(Country::shared().consumer_http(), nullptr, std::move(head), body);
}

}  // namespace causeway::conformance
