// SPDX-License-Identifier: MIT
#include "bench/running_ecosystem.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <exception>
#include <thread>

#include "base/files.hpp"
#include "domain/fault_code.hpp"
#include "ecosystem/output.hpp"
#include "ecosystem/server_processes.hpp"

namespace causeway::bench {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t kLogLines = 20;
constexpr std::chrono::seconds kStopGrace{30};

std::string text_of(const json::object& from, std::string_view name) { return std::string(from.at(name).as_string()); }

RunningServer server_of(const json::object& from) {
  RunningServer server{.id = text_of(from, "id"),
                       .directory = text_of(from, "directory"),
                       .consumer_url = text_of(from, "consumer_http"),
                       .pids = {}};
  for (const auto& [name, pid] : from.at("pids").as_object())
    if (!pid.is_null()) server.pids[std::string(name)] = static_cast<pid_t>(pid.as_int64());
  return server;
}

// A client that may call over HTTP; empty: there is none.
std::string client_of(const json::object& server) {
  for (const json::value& each : server.at("clients").as_array()) {
    const json::object& client = each.as_object();
    if (client.at("registered").as_bool() && !client.at("certificate_required").as_bool()) return text_of(client, "id");
  }
  return {};
}

// The service whose fifth part is `code`.
std::string service_of(const json::array& services, std::string_view code) {
  for (const json::value& each : services) {
    std::string_view rest = each.as_string();
    for (int i = 0; i < 4; ++i) rest.remove_prefix(std::min(rest.find('/'), rest.size() - 1) + 1);
    if (rest.substr(0, rest.find('/')) == code) return std::string(each.as_string());
  }
  return {};
}

bool is_public_body(const std::string& server_id) { return server_id.find("/GOV/") != std::string::npos; }

}  // namespace

std::vector<pid_t> RunningServer::processes() const {
  std::vector<pid_t> all;
  for (const auto& [name, pid] : pids) all.push_back(pid);
  return all;
}

RunningEcosystem::~RunningEcosystem() { up_.stop_all(kStopGrace); }

std::vector<pid_t> RunningEcosystem::pair() const {
  auto all = consumer_.processes();
  const auto more = provider_.processes();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

Result<std::unique_ptr<RunningEcosystem>> RunningEcosystem::start(const EcosystemOptions& options) {
  if (auto made = make_directories(options.directory); !made) return made.error();
  const auto description = options.directory / "ecosystem.json";
  const auto log = options.directory / "up.log";
  std::error_code ignored;
  std::filesystem::remove(description, ignored);  // that of a run before
  std::filesystem::remove(log, ignored);
  std::vector<std::string> arguments{"up", "--federation", "--dir", options.directory.string()};
  arguments.insert(arguments.end(), options.more.begin(), options.more.end());
  std::unique_ptr<RunningEcosystem> running(new RunningEcosystem());
  if (auto started = running->up_.start("up", arguments, log); !started) return started.error();
  const auto until = std::chrono::steady_clock::now() + options.patience;
  while (!std::filesystem::exists(description, ignored)) {
    if (!running->up_.reap().empty())
      return fault(FaultCode::io_error, "causeway up has ended:\n" + ecosystem::last_lines(log, kLogLines));
    if (std::chrono::steady_clock::now() > until)
      return fault(FaultCode::io_error, "causeway up is not ready in time:\n" + ecosystem::last_lines(log, kLogLines));
    std::this_thread::sleep_for(20ms);
  }
  const auto text = read_file(description);
  if (!text) return text.error();
  if (auto good = running->read(*text); !good) return good.error();
  return running;
}

Result<void> RunningEcosystem::read(const std::string& description) {
  try {
    const json::value whole = json::parse(description);
    const json::array& instances = whole.at("instances").as_array();
    for (const json::value& each : instances.at(0).at("security_servers").as_array()) {
      const json::object& server = each.as_object();
      if (client_of(server).empty() || is_public_body(text_of(server, "id"))) continue;
      consumer_ = server_of(server);
      client_ = client_of(server);
    }
    for (const json::value& each : instances.at(1).at("security_servers").as_array())
      if (is_public_body(text_of(each.as_object(), "id"))) provider_ = server_of(each.as_object());
    const json::object& services = instances.at(1).at("services").as_object();
    object_service_ = service_of(services.at("rest").as_array(), "objects");
    soap_service_ = service_of(services.at("soap").as_array(), "echo");
    registers_url_ = text_of(instances.at(1).at("registers").as_object(), "url");
  } catch (const std::exception& error) {
    return fault(FaultCode::io_error, fmt::format("ecosystem.json: {}", error.what()));
  }
  if (consumer_.id.empty() || provider_.id.empty() || object_service_.empty() || soap_service_.empty())
    return fault(FaultCode::io_error, "ecosystem.json names no pair of servers with the services to measure");
  return {};
}

Result<void> RunningEcosystem::check_alive() {
  if (!up_.reap().empty()) return fault(FaultCode::io_error, "causeway up has ended");
  for (const RunningServer* server : {&consumer_, &provider_}) {
    // The supervisor starts again what ended, under another id.
    const auto now = ecosystem::server_processes(server->directory);
    for (const auto& [name, pid] : server->pids) {
      if (name == "supervisor") continue;
      const auto found = now.find(name);
      if (found == now.end() || found->second != pid)
        return fault(FaultCode::io_error, fmt::format("the {} of {} has ended", name, server->id));
    }
  }
  return {};
}

}  // namespace causeway::bench
