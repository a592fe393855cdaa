// SPDX-License-Identifier: MIT
// What a large configuration costs one process, measured apart from any exchange:
//
//   scale_bench globalconf MEMBERS      scale_bench services SERVICES RIGHTS
#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>

#include "base/files.hpp"
#include "ecosystem/crowd.hpp"
#include "globalconf/image_file.hpp"
#include "globalconf/image_writer.hpp"
#include "globalconf/view_holder.hpp"
#include "securityserver/access/access_rights.hpp"
#include "securityserver/configuration/configuration_holder.hpp"
#include "support/temporary_directory.hpp"

namespace causeway {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLookups = 1'000'000;

template <class T>
T good(Result<T> result) {
  if (result) return *std::move(result);
  std::cerr << result.error().text << "\n";
  std::exit(1);
}
void good(const Result<void>& result) {
  if (result) return;
  std::cerr << result.error().text << "\n";
  std::exit(1);
}

double status_mb(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key)) return std::stod(line.substr(key.size())) / 1024;
  return 0;
}

double cpu_ms() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1000 + static_cast<double>(time.tv_usec) / 1000;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

void measure(const std::string& what, const std::function<void()>& work) {
  ::malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
  const double before = status_mb("VmRSS:"), cpu = cpu_ms();
  const auto start = Clock::now();
  work();
  const std::chrono::duration<double, std::milli> took = Clock::now() - start;
  fmt::print("{:<32} {:>9.1f} ms  CPU {:>9.1f} ms  memory {:>+8.1f} MB, at most {:>+8.1f} MB\n", what, took.count(),
             cpu_ms() - cpu, status_mb("VmRSS:") - before, status_mb("VmHWM:") - before);
  std::fflush(stdout);
}

void measure_lookups(const std::string& what, const std::function<bool(std::size_t)>& look) {
  const auto start = Clock::now();
  std::size_t found = 0;
  for (std::size_t i = 0; i < kLookups; ++i) found += look(i) ? 1 : 0;
  const std::chrono::duration<double, std::nano> took = Clock::now() - start;
  fmt::print("{:<32} {:>9.0f} ns, {} of {} found\n", what, took.count() / kLookups, found, kLookups);
}

void write_global_configuration(const std::filesystem::path& folder, std::size_t members, std::size_t generation) {
  globalconf::InstanceDescription description;
  description.instance = "EE";
  description.member_classes = {{"GOV", "Public sector"}, {"COM", "Private sector"}};
  good(ecosystem::add_members(description, members));
  description.members.front().name += fmt::format(" {}", generation);
  auto shared = good(globalconf::shared_parameters_of(description, globalconf::kNewestVersion));
  shared.sources.push_back({"127.0.0.1", {}, {}});
  const globalconf::ConfigurationDirectory directory(folder);
  globalconf::PartMetadata metadata{"SHARED-PARAMETERS", "EE", std::nullopt, std::nullopt, std::nullopt, "6"};
  good(directory.save_own_instance("EE"));
  good(directory.save(directory.file("EE", "shared-params.xml"),
                      globalconf::write_shared_parameters(shared, globalconf::kNewestVersion), metadata));
  fmt::print("shared parameters: {} members, {:.1f} MB\n", members,
             static_cast<double>(std::filesystem::file_size(directory.file("EE", "shared-params.xml"))) / 1e6);
}

// As the administration does when it has downloaded the document.
void save_image(const std::filesystem::path& document) {
  globalconf::ImageWriter writer(std::filesystem::file_size(document));
  const auto settings =
      good(globalconf::read_shared_parameters_file(document, std::size_t{1} << 30, globalconf::kNewestVersion, writer));
  good(globalconf::save_image(writer.finish(settings, globalconf::kNewestVersion), document, document));
}

// Of the crowd: member i has the subsystems register-i, portal-i, archive-i.
std::vector<ClientId> some_clients(std::size_t members) {
  std::vector<ClientId> clients;
  for (std::size_t i = 0; i < 10'000; ++i) {
    const std::size_t member = i * 7919 % members;
    clients.push_back(good(ClientId::make("EE", member % 5 == 0 ? "GOV" : "COM", std::to_string(20'000'000 + member),
                                          fmt::format("portal-{}", member))));
  }
  return clients;
}

void run_globalconf(std::size_t members) {
  const testing::TemporaryDirectory folder;
  write_global_configuration(folder.path(), members, 0);
  globalconf::ViewHolder holder(folder.path());
  measure("load", [&] { good(holder.refresh()); });
  measure("look, nothing changed", [&] { good(holder.refresh()); });
  write_global_configuration(folder.path(), members, 1);
  measure("reload", [&] { good(holder.refresh()); });
  save_image(folder.path() / "EE" / "shared-params.xml");
  globalconf::ViewHolder other(folder.path());
  measure("load by the image", [&] { good(other.refresh()); });
  const auto view = other.current();
  const std::vector<ClientId> clients = some_clients(members);
  measure_lookups("servers_of", [&](std::size_t i) { return !view->servers_of(clients[i % clients.size()]).empty(); });
  measure_lookups("has_client", [&](std::size_t i) { return view->has_client(clients[i % clients.size()]); });
  const auto* server = view->servers_of(clients.front()).front();
  measure_lookups("serves", [&](std::size_t i) { return view->serves(*server, clients[i % clients.size()]); });
}

void run_services(std::size_t services, std::size_t rights) {
  const testing::TemporaryDirectory folder;
  const ClientId lab = good(ClientId::make("EE", "GOV", "1", "lab"));
  const auto base_client = [](const ClientId& id) {
    return securityserver::Client{
        .id = id, .information_system_certificates = {}, .services = {}, .rights = {}, .local_groups = {}};
  };
  const std::string file = (folder.path() / "server.yaml").string();
  {
    securityserver::ServerConfiguration configuration{good(ServerId::make("EE", "GOV", "1", "ss1")), {}, {}};
    configuration.clients.emplace(lab.member(), base_client(lab.member()));
    securityserver::Client client = base_client(lab);
    good(ecosystem::add_services(client, "http://127.0.0.1:1234/objects", services, rights));
    configuration.clients.emplace(lab, std::move(client));
    measure("export", [&] { good(write_file_atomically(file, export_configuration(configuration))); });
  }
  fmt::print("server.yaml: {} services, {} rights, {:.1f} MB\n", services, rights,
             static_cast<double>(std::filesystem::file_size(file)) / 1e6);
  std::unique_ptr<securityserver::ConfigurationHolder> holder;
  measure("load", [&] { holder = good(securityserver::ConfigurationHolder::open(file, std::chrono::seconds(0))); });
  measure("reload", [&] { good(holder->reload()); });
  const auto configuration = holder->current();
  const auto view = globalconf::empty_view();
  std::vector<ServiceId> called;
  for (std::size_t i = 0; i < 10'000; ++i)
    called.push_back(good(ServiceId::make(lab, fmt::format("beekeeping-{}", i * 7919 % services))));
  const std::vector<ClientId> callers = some_clients(100'000);
  const securityserver::RequestedEndpoint get{"GET", "/a/b"};
  measure_lookups("check_access", [&](std::size_t i) {
    const auto* provider = configuration->find_client(lab);
    const auto& caller = callers[i / 20 % callers.size()];
    return check_access(*provider, called[i % called.size()], caller, get, *view).ok();
  });
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 2 && words[0] == "globalconf") {
    run_globalconf(std::stoul(words[1]));
  } else if (words.size() == 3 && words[0] == "services") {
    run_services(std::stoul(words[1]), std::stoul(words[2]));
  } else {
    std::cerr << "scale_bench globalconf MEMBERS | services SERVICES RIGHTS\n";
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace causeway

int main(int count, char** words) { return causeway::run({words + 1, words + count}); }
