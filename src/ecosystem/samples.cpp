// SPDX-License-Identifier: MIT
#include "ecosystem/samples.hpp"

#include <fmt/format.h>

#include "base/files.hpp"
#include "ecosystem/registers/generator.hpp"
#include "ecosystem/soap_request.hpp"
#include "xml/writing.hpp"

namespace causeway::ecosystem {
namespace {

constexpr const char* kBoundary = "causeway-sample";

ServiceId soap_service(const ClientId& provider, std::string_view code) {
  return *ServiceId::make(provider, std::string(code), std::string(service::kSoapVersion));
}

std::string person_by_code(const std::string& code) {
  return fmt::format(R"(<p:personByCode xmlns:p="urn:causeway:population:1"><p:code>{}</p:code></p:personByCode>)",
                     xml::escape_text(code));
}

// Lines of one country's consumer, towards the other country where there is one.
class Lines {
 public:
  Lines(const Plan& plan, const PlannedInstance& own, const Ports& ports, const Layout& layout)
      : own_(own),
        partner_(plan.partner_of(own)),
        url_(consumer_url(own.consumer, ports)),
        tls_url_(consumer_tls_url(own.consumer, ports)),
        layout_(layout) {}

  Result<std::vector<Sample>> all() {
    const std::string person = "/persons/" + sample_person(own_.country);
    const std::string partner_person = "/persons/" + sample_person(partner_.country);
    rest("REST GET within the country", own_.app, rest_path(own_.population, service::kPopulation) + person);
    rest("REST GET across the border", own_.app, rest_path(partner_.population, service::kPopulation) + partner_person);
    rest("REST search across the border", own_.app,
         rest_path(partner_.population, service::kPopulation) + "/persons?surname=sa&limit=5");
    post("REST POST across the border", own_.app,
         rest_path(partner_.population, service::kPopulation) + partner_person + "/address",
         R"({"street":"Uus 1","postalCode":"10111","town":"Tallinn","region":"Harju maakond"})");
    rest("Large object across the border", own_.app, rest_path(partner_.lab, service::kObjects) + "/10M",
         "-o /dev/null");
    tls("REST GET over HTTPS with a client certificate",
        rest_path(partner_.business, service::kBusiness) + "/companies/" + sample_company(partner_.country));
    if (auto written = soap_lines(); !written) return written.error();
    plain("Clients of the country (listClients)", "/listClients");
    rest("REST services of a provider (listMethods)", own_.app, rest_path(partner_.population, "listMethods"));
    rest("Description of a service (getOpenAPI)", own_.app,
         rest_path(partner_.population, "getOpenAPI") + "?serviceCode=population");
    rest("Refused: no right", own_.visitor, rest_path(partner_.population, service::kPopulation) + partner_person, {},
         500);
    rest("Refused: the service is disabled", own_.app, rest_path(partner_.lab, service::kArchive) + "/1", {}, 500);
    rest("Refused: the client is not registered", own_.newcomer,
         rest_path(partner_.population, service::kPopulation) + partner_person, {}, 500);
    return samples_;
  }

 private:
  void add(const std::string& name, std::string curl, int expect) {
    samples_.push_back({own_.id + ": " + name, std::move(curl), expect});
  }
  void rest(const std::string& name, const ClientId& client, const std::string& path, const std::string& options = {},
            int expect = 200) {
    add(name,
        fmt::format("curl -sS{} -H 'X-Road-Client: {}' '{}{}'", options.empty() ? "" : " " + options, client.to_rest(),
                    url_, path),
        expect);
  }
  void post(const std::string& name, const ClientId& client, const std::string& path, const std::string& json) {
    rest(name, client, path, fmt::format("-H 'Content-Type: application/json' -d '{}'", json));
  }
  void tls(const std::string& name, const std::string& path) {
    add(name,
        fmt::format("curl -sSk --cert '{}' --key '{}' -H 'X-Road-Client: {}' '{}{}'",
                    layout_.app_certificate(own_).string(), layout_.app_key(own_).string(), own_.secure_app.to_rest(),
                    tls_url_, path),
        200);
  }
  void plain(const std::string& name, const std::string& path) {
    add(name, fmt::format("curl -sS '{}{}'", url_, path), 200);
  }
  Result<void> soap(const std::string& name, const std::string& file, const std::string& content_type,
                    const std::string& body) {
    const auto path = layout_.samples() / (own_.folder + "-" + file);
    if (auto written = write_file_atomically(path, body); !written) return written;
    add(name,
        fmt::format("curl -sS -H 'Content-Type: {}' --data-binary '@{}' '{}/'", content_type, path.string(), url_),
        200);
    return {};
  }

  Result<void> soap_lines() {
    const std::string id = own_.id + "-sample-soap";
    const std::string xml_type = "text/xml; charset=UTF-8";
    const auto own_service = soap_service(own_.population, service::kPersonByCode);
    const auto partner_service = soap_service(partner_.population, service::kPersonByCode);
    const auto echo_service = soap_service(partner_.lab, service::kEcho);
    auto written = soap("SOAP within the country", "person.xml", xml_type,
                        soap_request(own_.app, own_service, id + "-1", person_by_code(sample_person(own_.country))));
    if (!written) return written;
    written = soap("SOAP across the border", "foreign-person.xml", xml_type,
                   soap_request(own_.app, partner_service, id + "-2", person_by_code(sample_person(partner_.country))));
    if (!written) return written;
    const std::string echo =
        soap_request(own_.app, echo_service, id + "-3",
                     R"(<e:echo xmlns:e="urn:causeway:echo:1"><e:text>Tere! Hei!</e:text></e:echo>)");
    const MultipartRequest request = with_attachments(
        echo,
        {{"text", "text/plain; charset=UTF-8", "Õhtu on ilus."}, {"data", "application/octet-stream", "0123456789"}},
        kBoundary);
    return soap("SOAP with attachments across the border", "attachments.mime", request.content_type, request.body);
  }

  const PlannedInstance& own_;
  const PlannedInstance& partner_;
  const std::string url_, tls_url_;
  const Layout& layout_;
  std::vector<Sample> samples_;
};

}  // namespace

std::string sample_person(Country country) { return Generator(country).person().code; }

std::string sample_company(Country country) {
  std::optional<std::string> code;
  for (int number = 0; !code; ++number) code = registry_code(country, number);
  return *code;
}

std::string consumer_url(const PlannedServer& server, const Ports& ports) {
  return fmt::format("http://{}:{}", server.address, ports.consumer_http);
}

std::string consumer_tls_url(const PlannedServer& server, const Ports& ports) {
  return fmt::format("https://{}:{}", server.address, ports.consumer_https);
}

std::string rest_path(const ClientId& provider, std::string_view service_code) {
  return fmt::format("/r1/{}/{}", provider.to_rest(), encode_identifier_part(service_code));
}

Result<std::vector<Sample>> write_samples(const Plan& plan, const Ports& ports, const Layout& layout) {
  if (auto made = make_directories(layout.samples()); !made) return made.error();
  std::vector<Sample> samples;
  for (const PlannedInstance& instance : plan.instances) {
    auto lines = Lines(plan, instance, ports, layout).all();
    if (!lines) return lines.error();
    samples.insert(samples.end(), lines->begin(), lines->end());
  }
  return samples;
}

}  // namespace causeway::ecosystem
