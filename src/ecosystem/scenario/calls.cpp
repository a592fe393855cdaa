// SPDX-License-Identifier: MIT
#include "ecosystem/scenario/calls.hpp"

#include <fmt/format.h>

#include <chrono>

#include "ecosystem/registers/objects.hpp"
#include "ecosystem/samples.hpp"
#include "ecosystem/soap_request.hpp"
#include "pki/digest.hpp"
#include "xml/writing.hpp"

namespace causeway::ecosystem {
namespace {

constexpr std::uint64_t kLarge = 200'000'000;
constexpr std::string_view kXml = "text/xml; charset=UTF-8";

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

ServiceId soap_service(const ClientId& provider, std::string_view code, std::string_view version) {
  return *ServiceId::make(provider, std::string(code), std::string(version));
}

Result<Reply> soap_call(Kit& kit, const PlannedInstance& from, const PlannedInstance& to, const ServiceId& service,
                        const std::string& body) {
  const std::string id = kit.new_id(service.code());
  return kit.soap(from, to, {service.client(), id, std::string(kXml), soap_request(from.app, service, id, body)});
}

// What a REST answer has to carry besides the service's own (messages.md 2.5).
Result<void> check_exchange_headers(const Reply& reply, const ClientId& client, const ClientId& provider) {
  if (reply.header("x-road-client") != client.to_rest()) return unexpected("x-road-client is not the client");
  if (!reply.header("x-road-service").starts_with(provider.to_rest())) {
    return unexpected("x-road-service is not the service");
  }
  if (reply.header("x-road-request-hash").empty()) return unexpected("there is no x-road-request-hash");
  return {};
}

}  // namespace

StepOutcome rest_get(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  const std::string code = sample_person(to.country);
  const auto reply = kit.rest_ok(from, to, to.population, service::kPopulation,
                                 {.path = "/persons/" + code, .json = {}, .object = {}});
  if (!reply) return reply.error();
  if (auto checked = check_exchange_headers(*reply, from.app, to.population); !checked) return checked.error();
  if (json_text(reply->body, {"code"}) != code) return unexpected("another person came back");
  return fmt::format("{} {}, {}", json_text(reply->body, {"givenName"}), json_text(reply->body, {"surname"}),
                     json_text(reply->body, {"address", "town"}));
}

StepOutcome rest_post(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  const std::string street =
      fmt::format("Uus {}", 1 + std::chrono::steady_clock::now().time_since_epoch().count() % 900);
  const std::string body =
      fmt::format(R"({{"street":"{}","postalCode":"10111","town":"Tallinn","region":"Harju maakond"}})", street);
  const std::string path = "/persons/" + sample_person(to.country);
  const auto reply = kit.rest_ok(from, to, to.population, service::kPopulation,
                                 {.method = "POST", .path = path + "/address", .json = body, .object = {}});
  if (!reply) return reply.error();
  const auto person =
      kit.rest_ok(from, to, to.population, service::kPopulation, {.path = path, .json = {}, .object = {}});
  if (!person) return person.error();
  if (json_text(person->body, {"address", "street"}) != street) return unexpected("the address was not changed");
  return "new address: " + street;
}

StepOutcome rest_over_tls(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  const auto reply = kit.rest_ok(from, to, to.business, service::kBusiness,
                                 {.path = "/companies/" + sample_company(to.country),
                                  .json = {},
                                  .object = {},
                                  .tls = true,
                                  .show_certificate = true});
  if (!reply) return reply.error();
  return json_text(reply->body, {"name"});
}

StepOutcome soap_plain(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  const std::string code = sample_person(to.country);
  const auto service = soap_service(to.population, service::kPersonByCode, service::kSoapVersion);
  const auto reply = soap_call(
      kit, from, to, service,
      fmt::format(R"(<p:personByCode xmlns:p="urn:causeway:population:1"><p:code>{}</p:code></p:personByCode>)", code));
  if (!reply) return reply.error();
  if (reply->body.find("personByCodeResponse") == std::string::npos ||
      reply->body.find("<code>" + code + "</code>") == std::string::npos) {
    return unexpected("the person is not in the answer");
  }
  if (reply->body.find("requestHash") == std::string::npos) return unexpected("there is no requestHash");
  return fmt::format("{} octets with requestHash", reply->size);
}

StepOutcome soap_attachments(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  const std::string id = kit.new_id(service::kEcho);
  const std::string soap = soap_request(from.app, soap_service(to.lab, service::kEcho, service::kSoapVersion), id,
                                        R"(<e:echo xmlns:e="urn:causeway:echo:1"><e:text>Tere!</e:text></e:echo>)");
  std::string octets(100'000, '\0');
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<char>(i * 7);
  const std::string text = "Õhtu on ilus.";
  const MultipartRequest request = with_attachments(
      soap, {{"text", "text/plain; charset=UTF-8", text}, {"octets", "application/octet-stream", octets}},
      "causeway-demo-boundary");
  const auto reply = kit.soap(from, to, {to.lab, id, request.content_type, request.body});
  if (!reply) return reply.error();
  if (!reply->header("Content-Type").starts_with("multipart/related")) return unexpected("the answer has one part");
  const std::string hash = to_hex(pki::digest(pki::DigestAlgorithm::sha256, as_bytes(octets)));
  if (reply->body.find(hash) == std::string::npos) return unexpected("the service got another attachment");
  if (reply->body.find(octets) == std::string::npos || reply->body.find(text) == std::string::npos) {
    return unexpected("an attachment did not come back as it went");
  }
  return fmt::format("2 attachments, {} octets back", reply->size);
}

StepOutcome large_download(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  const auto start = std::chrono::steady_clock::now();
  const auto reply =
      kit.rest_ok(from, to, to.lab, service::kObjects, {.path = fmt::format("/{}", kLarge), .json = {}, .object = {}});
  if (!reply) return reply.error();
  const double took = milliseconds_since(start);
  if (reply->size != kLarge || reply->sha256 != object_sha256(kLarge)) return unexpected("other octets came");
  return transfer_text(kLarge, took);
}

StepOutcome large_upload(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  const auto start = std::chrono::steady_clock::now();
  const auto reply =
      kit.rest_ok(from, to, to.lab, service::kObjects, {.method = "POST", .path = "/", .json = {}, .object = kLarge});
  if (!reply) return reply.error();
  const double took = milliseconds_since(start);
  if (json_text(reply->body, {"sha256"}) != object_sha256(kLarge)) return unexpected("other octets arrived");
  return transfer_text(kLarge, took);
}

StepOutcome list_clients(Kit& kit, const PlannedInstance& from) {
  Call call{.url = consumer_url(from.consumer, kit.ports()) + "/listClients",
            .headers = {},
            .body = {},
            .object = {},
            .tls = {}};
  call.headers.add("Accept", "application/json");
  const auto reply = kit.caller().call(call);
  if (!reply) return reply.error();
  if (reply->status != 200 || reply->body.find(from.app.subsystem()) == std::string::npos) {
    return unexpected(fmt::format("status {}, {}", reply->status, reply->body.substr(0, 200)));
  }
  if (reply->body.find(from.newcomer.subsystem()) != std::string::npos) return unexpected("it lists the unregistered");
  return fmt::format("{} octets of JSON", reply->size);
}

StepOutcome rest_metadata(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  const auto methods = kit.rest_ok(from, to, to.population, "listMethods", {.path = {}, .json = {}, .object = {}});
  if (!methods) return methods.error();
  if (methods->body.find("/persons/*/address") == std::string::npos) return unexpected("listMethods lacks an endpoint");
  const auto allowed = kit.rest_ok(from, to, to.lab, "allowedMethods", {.path = {}, .json = {}, .object = {}});
  if (!allowed) return allowed.error();
  if (allowed->body.find("\"objects\"") == std::string::npos) return unexpected("allowedMethods lacks a service");
  const auto openapi =
      kit.rest_ok(from, to, to.population, "getOpenAPI", {.path = "?serviceCode=population", .json = {}, .object = {}});
  if (!openapi) return openapi.error();
  if (openapi->body.find("Population register") == std::string::npos ||
      openapi->body.find("127.0.0.1") != std::string::npos) {
    return unexpected("getOpenAPI is not the description, or tells the service's address");
  }
  return fmt::format("listMethods, allowedMethods, getOpenAPI ({} octets)", openapi->size);
}

StepOutcome soap_metadata(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  for (const std::string_view code : {"listMethods", "allowedMethods"}) {
    const auto reply = soap_call(kit, from, to, soap_service(to.population, code, {}),
                                 fmt::format(R"(<xrd:{} xmlns:xrd="http://x-road.eu/xsd/xroad.xsd"/>)", code));
    if (!reply) return reply.error();
    if (reply->body.find(service::kPersonByCode) == std::string::npos) {
      return unexpected(fmt::format("{} lacks a service", code));
    }
  }
  const auto wsdl = soap_call(kit, from, to, soap_service(to.population, "getWsdl", {}),
                              R"(<xrd:getWsdl xmlns:xrd="http://x-road.eu/xsd/xroad.xsd">)"
                              R"(<xrd:serviceCode>personByCode</xrd:serviceCode>)"
                              R"(<xrd:serviceVersion>v1</xrd:serviceVersion></xrd:getWsdl>)");
  if (!wsdl) return wsdl.error();
  if (wsdl->body.find("http://example.org/xroad-endpoint") == std::string::npos) {
    return unexpected("getWsdl tells the service's address");
  }
  return fmt::format("listMethods, allowedMethods, getWsdl ({} octets)", wsdl->size);
}

}  // namespace causeway::ecosystem
