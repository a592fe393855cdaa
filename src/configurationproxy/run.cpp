// SPDX-License-Identifier: MIT
#include "configurationproxy/run.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <map>

#include "base/exclusive_lock.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "configurationproxy/republisher.hpp"
#include "configurationproxy/serving.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/http_fetcher.hpp"
#include "net/coroutines.hpp"
#include "net/http_client.hpp"
#include "net/io_threads.hpp"
#include "net/task_group.hpp"
#include "signer/run.hpp"

namespace causeway::configurationproxy {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kSlice{200};  // how soon a hangup is noticed
constexpr std::chrono::seconds kSignerTimeout{10};

// Two that publish in turn would delete each other's generations.
Result<ExclusiveLock> lock(const ProxySettings& settings) {
  const auto file = settings.directory / "run" / "configuration-proxy.lock";
  if (auto made = make_directories(file.parent_path()); !made) return std::move(made).error();
  auto taken = ExclusiveLock::take(file);
  if (!taken) return std::move(taken).error();
  if (!*taken)
    return fault(FaultCode::io_error,
                 "another configuration proxy runs in " + settings.directory.string() + "; stop it, or send it SIGHUP");
  return std::move(**taken);
}

// All on one thread, on which parsing may take a while: what is published is served by another.
class Rounds {
 public:
  explicit Rounds(const ProxySettings& settings)
      : settings_(settings),
        http_(net::HttpClient::make(threads_.at(0))),
        fetcher_(*http_,
                 {.verify_certificate = settings.verify_certificate, .verify_host_name = settings.verify_host_name}),
        signer_(signer::SignerClient::make(threads_, signer::signer_socket(settings.directory), kSignerTimeout)) {}

  Result<ProxyStatus> run_one(const std::optional<std::string>& instance) {
    std::vector<std::string> names;
    if (instance) {
      auto known = InstanceConfiguration::load(settings_.instances, *instance);
      if (!known) return std::move(known).error();
      names.push_back(*instance);
    } else {
      auto all = InstanceConfiguration::names(settings_.instances);
      if (!all) return std::move(all).error();
      names = *std::move(all);
    }
    for (const std::string& name : names) {
      Instance& one = instance_of(name);
      one.report = net::block_on(threads_.at(0), one.republisher.run_round());
    }
    // Whoever starts rounds from elsewhere asks for the status as well.
    if (!instance) write_status();
    return status();
  }

  void follow_until_signal() {
    tasks_.spawn("hangup signals", [this] { return heed_hangups(); });
    tasks_.spawn("rounds", [this] { return follow(); });
    threads_.run_until_signal();
    // Whatever they wait for is cancelled; what is published is always whole.
    tasks_.stop();
  }

 private:
  struct Instance {
    Instance(const ProxySettings& settings, const std::string& name, globalconf::Fetcher& fetcher,
             signer::SignerClient& signer)
        : republisher(settings, name, fetcher, signer) {}
    Republisher republisher;
    bool busy = false;
    std::optional<InstanceReport> report;
  };

  Instance& instance_of(const std::string& name) {
    auto& slot = instances_[name];
    if (!slot) slot = std::make_unique<Instance>(settings_, name, fetcher_, *signer_);
    return *slot;
  }

  ProxyStatus status() const {
    ProxyStatus status{now(), {}};
    const Fault waiting = fault(FaultCode::io_error, "its first round has not ended yet");
    for (const auto& [name, instance] : instances_)
      status.instances.push_back(instance->report.value_or(InstanceReport{name, status.updated, waiting, {}}));
    return status;
  }

  net::Task<void> heed_hangups() {
    asio::signal_set signals(threads_.at(0), SIGHUP);
    for (;;) {
      const auto [error, number] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
      if (!error) ++hangups_;
    }
  }

  net::Task<void> follow() {
    for (;;) {
      const auto until = Clock::now() + settings_.interval;
      const unsigned hangups = hangups_;
      begin_round();
      while (hangups == hangups_ && Clock::now() < until) co_await net::sleep_for(kSlice);
    }
  }

  // Each instance by itself: a source that answers slowly holds up nobody else's.
  void begin_round() {
    withdraw_expired();
    const auto names = InstanceConfiguration::names(settings_.instances);
    if (!names) {
      log::error("no instance is republished: {}", names.error().text);
      return;
    }
    if (names->empty()) log::warn("there is no instance in {}", settings_.instances.string());
    std::erase_if(instances_, [&](const auto& known) {
      return !known.second->busy && !std::ranges::binary_search(*names, known.first);
    });
    for (const std::string& name : *names) {
      Instance& instance = instance_of(name);
      if (instance.busy) {
        log::warn("{}: its source is slow, the round of before goes on", name);
        continue;
      }
      instance.busy = true;
      tasks_.spawn("instance " + name, [this, &instance] { return run(instance); });
    }
    write_status();
  }

  // Also of instances whose round does not end, and of those that are no more: another web
  // server may give out the document root.
  void withdraw_expired() const {
    std::error_code error;
    for (fs::directory_iterator it(settings_.published, error), end; !error && it != end; it.increment(error))
      for (const int version : Publication(it->path()).withdraw_expired(now()))
        log::error("{}: version {} has expired and is not published any more", it->path().filename().string(), version);
  }

  net::Task<void> run(Instance& instance) {
    struct Done {
      bool& busy;
      ~Done() { busy = false; }
    };
    const Done done{instance.busy};
    instance.report = co_await instance.republisher.run_round();
    write_status();
  }

  void write_status() const {
    if (auto written = write_file_atomically(settings_.directory / kStatusFile, to_json(status())); !written)
      log::error("{}", written.error().text);
  }

  const ProxySettings& settings_;
  net::IoThreads threads_{1};
  std::unique_ptr<net::HttpClient> http_;
  globalconf::HttpFetcher fetcher_;
  std::unique_ptr<signer::SignerClient> signer_;
  std::map<std::string, std::unique_ptr<Instance>> instances_;
  unsigned hangups_ = 0;
  net::TaskGroup tasks_{threads_.at(0)};
};

Result<void> make_folders(const ProxySettings& settings) {
  for (const auto& folder : {settings.instances, settings.published, settings.downloads})
    if (auto made = make_directories(folder); !made) return made;
  return {};
}

}  // namespace

Result<void> run_proxy(const ProxySettings& settings) {
  const auto alone = lock(settings);
  if (!alone) return alone.error();
  if (auto made = make_folders(settings); !made) return made;
  const auto serving = start_serving(settings);
  if (!serving) return serving.error();
  log::info("configuration proxy at http://{}:{}{}, instances in {}", settings.listen_address, (*serving)->port(),
            (*serving)->tls_port() ? fmt::format(" and https port {}", *(*serving)->tls_port()) : "",
            settings.instances.string());
  Rounds(settings).follow_until_signal();
  return {};
}

Result<ProxyStatus> run_round(const ProxySettings& settings, const std::optional<std::string>& instance) {
  const auto alone = lock(settings);
  if (!alone) return alone.error();
  if (auto made = make_folders(settings); !made) return std::move(made).error();
  return Rounds(settings).run_one(instance);
}

}  // namespace causeway::configurationproxy
