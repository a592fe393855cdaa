// SPDX-License-Identifier: MIT
#include "ecosystem/description.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>

#include "base/files.hpp"
#include "ecosystem/central.hpp"
#include "ecosystem/centre/founding.hpp"
#include "ecosystem/evidence_url.hpp"
#include "ecosystem/keys.hpp"
#include "ecosystem/server_processes.hpp"
#include "ecosystem/trust_services.hpp"

namespace causeway::ecosystem {
namespace {

namespace json = boost::json;

pid_t pid_of(const Children& children, const std::string& name) {
  for (const Child& child : children.running()) {
    if (child.name == name) return child.pid;
  }
  return 0;
}

// As the supervisor tells it; what is not known is null.
json::object pids_of(const Layout& layout, const PlannedInstance& instance, const PlannedServer& server,
                     const Children& children) {
  json::object pids{{"supervisor", pid_of(children, process_name(instance, server.folder))},
                    {"proxy", nullptr},
                    {"signer", nullptr},
                    {"admin", nullptr}};
  for (const auto& [name, pid] : server_processes(layout.server(instance, server))) pids[name] = pid;
  return pids;
}

json::object to_json(const PlannedClient& client) {
  return {{"id", client.id.to_rest()},
          {"name", client.name},
          {"registered", client.registered},
          {"certificate_required", client.tls_required}};
}

json::object to_json(const Layout& layout, const PlannedInstance& instance, const PlannedServer& server,
                     const Ports& ports, const Children& children) {
  json::array clients;
  for (const PlannedClient& client : server.clients) clients.push_back(to_json(client));
  return {{"id", server.id.to_rest()},
          {"owner_name", server.owner_name},
          {"consumer_http", consumer_url(server, ports)},
          {"consumer_https", consumer_tls_url(server, ports)},
          {"transport", fmt::format("{}:{}", server.address, ports.transport)},
          {"ocsp", fmt::format("http://{}:{}/", server.address, ports.ocsp_exchange)},
          {"admin", nullptr},
          {"pids", pids_of(layout, instance, server, children)},
          {"directory", layout.server(instance, server).string()},
          {"clients", std::move(clients)}};
}

json::object centre_of(const Layout& layout, const PlannedInstance& instance, const InstancePorts& ports) {
  const std::string source = "http://" + source_address(ports);
  json::object centre{{"admin", nullptr},
                      {"internalconf", source + "/internalconf"},
                      {"externalconf", source + "/externalconf"},
                      {"directory", layout.central(instance).string()}};
  if (!centre_line(layout, instance, ports, "")) return centre;
  centre["admin"] = centre_url(ports);
  centre["certificate"] = centre_certificate(layout, instance).string();
  centre["api_key_file"] = layout.api_key(instance).string();
  return centre;
}

json::object services_of(const PlannedInstance& instance) {
  const auto rest = [](const ClientId& provider, std::string_view code) {
    return provider.to_rest() + "/" + std::string(code);
  };
  const auto soap = [](const ClientId& provider, std::string_view code) {
    return provider.to_rest() + "/" + std::string(code) + "/" + std::string(service::kSoapVersion);
  };
  return {{"rest",
           {rest(instance.population, service::kPopulation), rest(instance.business, service::kBusiness),
            rest(instance.lab, service::kObjects), rest(instance.lab, service::kRestEcho),
            rest(instance.lab, service::kArchive)}},
          {"soap",
           {soap(instance.population, service::kPersonByCode), soap(instance.population, service::kFindPersons),
            soap(instance.population, service::kChangeAddress), soap(instance.business, service::kCompanyByCode),
            soap(instance.business, service::kBoardMembers), soap(instance.lab, service::kEcho)}}};
}

json::object to_json(const Layout& layout, const PlannedInstance& instance, const Ports& ports,
                     const InstancePorts& own_ports, const Children& children) {
  json::array servers;
  for (const PlannedServer* server : instance.servers()) {
    servers.push_back(to_json(layout, instance, *server, ports, children));
  }
  const json::object app{{"client", instance.secure_app.to_rest()},
                         {"certificate", layout.app_certificate(instance).string()},
                         {"key", layout.app_key(instance).string()}};
  return {{"id", instance.id},
          {"anchor", internal_anchor_file(layout, instance).string()},
          {"central_server", centre_of(layout, instance, own_ports)},
          {"test_ca",
           {{"ca", certification_url(own_ports)},
            {"ocsp", ocsp_url(own_ports)},
            {"tsa", timestamping_url(own_ports)},
            {"directory", layout.test_ca(instance).string()}}},
          {"security_servers", std::move(servers)},
          {"credentials", {{"token_pin", kPin}, {"information_system", app}}},
          {"registers",
           {{"url", fmt::format("http://127.0.0.1:{}", own_ports.registers)},
            {"person", sample_person(instance.country)},
            {"company", sample_company(instance.country)}}},
          {"services", services_of(instance)}};
}

json::array to_json(const Children& children) {
  json::array processes{json::object{{"name", "up"}, {"pid", ::getpid()}}};
  for (const Child& child : children.running()) {
    processes.push_back(json::object{{"name", child.name}, {"pid", child.pid}, {"log", child.log.string()}});
  }
  return processes;
}

}  // namespace

std::string process_name(const PlannedInstance& instance, std::string_view role) {
  return fmt::format("{}-{}", instance.folder, role);
}

std::string evidence_line(const PlannedInstance& instance, const Ports& ports, const std::string& query_id) {
  return fmt::format("curl -sS '{}'", evidence_url(consumer_url(instance.consumer, ports), instance.app, query_id,
                                                   "requestOnly&unique&force"));
}

Result<void> write_description(const Plan& plan, const Ports& ports, const Layout& layout, const Children& children,
                               const std::vector<Sample>& samples, const std::string& latest_id) {
  json::array instances, sample_list;
  for (std::size_t i = 0; i < plan.instances.size(); ++i) {
    instances.push_back(to_json(layout, plan.instances[i], ports, ports.instances[i], children));
  }
  for (const Sample& sample : samples) {
    sample_list.push_back(json::object{{"name", sample.name}, {"curl", sample.curl}, {"expect", sample.expect}});
  }
  const PlannedInstance& first = plan.instances.front();
  const auto add_sample = [&](const std::string& name, const std::string& line) {
    sample_list.push_back(
        json::object{{"name", first.id + ": " + name}, {"curl", line + " -o /dev/null"}, {"expect", 200}});
  };
  const std::string evidence = evidence_line(first, ports, latest_id);
  add_sample("Container of an exchange (/asic)", evidence);
  add_sample("What a verifier needs (/verificationconf)",
             fmt::format("curl -sS '{}/verificationconf'", consumer_url(first.consumer, ports)));
  for (std::size_t i = 0; i < plan.instances.size(); ++i)
    if (const auto line = centre_line(layout, plan.instances[i], ports.instances[i], "/clients"))
      sample_list.push_back(json::object{{"name", plan.instances[i].id + ": Who takes part, by the Central Server"},
                                         {"curl", *line},
                                         {"expect", 200}});
  const json::object description{
      {"version", 1},
      {"directory", layout.root().string()},
      {"instances", std::move(instances)},
      {"processes", to_json(children)},
      {"samples", std::move(sample_list)},
      {"evidence",
       {{"curl", evidence}, {"verificationconf", (layout.server(first, first.consumer) / "globalconf").string()}}}};
  return write_file_atomically(layout.description(), json::serialize(description) + "\n");
}

}  // namespace causeway::ecosystem
