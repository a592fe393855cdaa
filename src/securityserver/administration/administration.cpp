// SPDX-License-Identifier: MIT
#include "securityserver/administration/administration.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/parameters.hpp"
#include "base/spool.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/configuration_client.hpp"
#include "globalconf/http_fetcher.hpp"
#include "globalconf/view_holder.hpp"
#include "net/coroutines.hpp"
#include "net/http_client.hpp"
#include "net/io_threads.hpp"
#include "net/task_group.hpp"
#include "securityserver/administration/admin_status.hpp"
#include "securityserver/administration/ocsp_fetcher.hpp"
#include "securityserver/archiving/archiving_rounds.hpp"
#include "securityserver/management/status_rounds.hpp"
#include "securityserver/timestamping/timestamping_rounds.hpp"
#include "signer/client.hpp"

namespace causeway::securityserver {
namespace asio = boost::asio;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kSlice{200};          // how soon a hangup is noticed
constexpr std::chrono::milliseconds kOcspTick{1000};      // between looks at signer and configuration
constexpr std::chrono::seconds kWithoutConfiguration{3};  // between downloads while there is no valid one
constexpr std::chrono::seconds kSignerTimeout{3};
constexpr std::chrono::seconds kShortestInterval{1};
constexpr std::string_view kStrategy = "signer.ocsp-prioritization-strategy";

// Everything runs on one thread, that of `threads_`, but time-stamping and archiving.
class Administration {
 public:
  explicit Administration(Parameters parameters)
      : parameters_(std::move(parameters)),
        http_(net::HttpClient::make(threads_.at(0))),
        fetcher_(
            *http_,
            {.verify_certificate = parameters_.flag("configuration-client.global-conf-tls-cert-verification", true),
             .verify_host_name = parameters_.flag("configuration-client.global-conf-hostname-verification", true)}),
        client_({.anchor_file = "configuration-anchor.xml",
                 .directory = "globalconf",
                 .federations =
                     globalconf::FederationFilter(parameters_.text("configuration-client.allowed-federations", "none")),
                 .fixed_version = {}},
                fetcher_),
        view_("globalconf"),
        ocsp_(*http_, {.directory = "ocsp",
                       .preference = globalconf::cost_preference_from(parameters_.text(kStrategy, "NONE"), kStrategy)}),
        signer_(signer::SignerClient::make(threads_, "run/signer.sock", kSignerTimeout)) {}

  Result<void> run() {
    if (auto written = write_status(); !written) return written;
    timestamping_ = std::make_unique<TimestampingRounds>(TimestampingSettings::from(parameters_), view_,
                                                         TimestampingRounds::Files());
    StatusRounds::Settings statuses;
    statuses.activate_certificates = parameters_.flag("proxy-ui-api.automatic-activate-auth-certificate", false);
    statuses_ = std::make_unique<StatusRounds>(view_, std::move(statuses));
    auto archiving = ArchivingRounds::start(parameters_);
    if (!archiving) return archiving.error();
    tasks_.spawn("hangup signals", [this] { return heed_hangups(); });
    tasks_.spawn("signals to time-stamp", [this] { return heed_hurry(); });
    tasks_.spawn("global configuration", [this] { return follow_configuration(); });
    tasks_.spawn("OCSP responses", [this] { return follow_certificates(); });
    threads_.run_until_signal();
    // Whatever they wait for is cancelled; a download stores only what is complete.
    tasks_.stop();
    archiving->reset();
    timestamping_.reset();
    statuses_.reset();
    return {};
  }

 private:
  net::Task<void> heed_hangups() {
    asio::signal_set signals(threads_.at(0), SIGHUP);
    for (;;) {
      const auto [error, number] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
      if (error) continue;
      ++hangups_;
      timestamping_->hasten();
    }
  }

  // A hangup asks for everything; this only for a time-stamp.
  net::Task<void> heed_hurry() {
    asio::signal_set signals(threads_.at(0), SIGUSR1);
    for (;;) {
      const auto [error, number] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
      if (!error) timestamping_->hasten();
    }
  }

  // Ends early for a hangup, at once for one that came after the first `hangups`; and when the
  // time of day is past its end: a machine that slept has not counted, but what it has grew old.
  net::Task<void> pause(Clock::duration time, unsigned hangups) {
    const auto until = Clock::now() + time;
    const TimePoint end = now() + time;
    while (hangups == hangups_ && Clock::now() < until && now() <= end) co_await net::sleep_for(kSlice);
  }

  net::Task<void> follow_configuration() {
    const auto interval = std::max(
        parameters_.seconds("configuration-client.update-interval", std::chrono::seconds(60)), kShortestInterval);
    for (;;) {
      // One that comes while a download runs asks for what that may have missed.
      const unsigned hangups = hangups_;
      co_await download();
      co_await pause(status_.global_configuration.valid ? interval : std::min(interval, kWithoutConfiguration),
                     hangups);
    }
  }

  net::Task<void> download() {
    auto& status = status_.global_configuration;
    Result<globalconf::CycleReport> cycle = co_await client_.run_cycle();
    status.last_attempt = now();
    status.fault.reset();
    status.clock_ahead = client_.clock_ahead();
    if (cycle) {
      status.last_success = status.last_attempt;
      told_.clear();
      status.sources = std::move(cycle->federated);
      status.sources.insert(status.sources.begin(), std::move(cycle->own));
      for (const auto& source : status.sources)
        if (source.fault) log::warn("global configuration of {}: {}", source.instance, source.fault->text);
    } else {
      status.fault = cycle.error();
      tell("the global configuration could not be downloaded", cycle.error());
    }
    look_at_view();
    report();
  }

  // The same trouble once.
  void tell(const std::string& what, const Fault& fault) {
    std::string& last = told_[what];
    if (last != fault.text) log::error("{}: {}", what, fault.text);
    last = fault.text;
  }

  void look_at_view() {
    if (auto fresh = view_.refresh(); !fresh) tell("the global configuration cannot be used", fresh.error());
    const auto view = view_.current();
    status_.global_configuration.valid = view->check_valid(now()).ok();
    status_.global_configuration.expires = view->expires();
  }

  // Rounds when due (evidence.md 6.1), and at once when what they depend on has changed:
  // keys and certificates, the interval, or the configuration after a failure.
  net::Task<void> follow_certificates() {
    for (;;) {
      if (view_.current()->check_valid(now())) co_await look_at_certificates();
      co_await pause(kOcspTick, hangups_);
    }
  }

  net::Task<void> look_at_certificates() {
    const Result<std::uint64_t> version = co_await signer_->version();
    if (!version) {
      if (!status_.signer) log::error("{}", version.error().text);
      status_.signer = version.error();
      report();
      co_return;
    }
    status_.signer.reset();
    const auto view = view_.current();
    const bool changed = *version != signer_version_ || hangups_ != hangups_of_round_ ||
                         view->ocsp_fetch_interval() != status_.ocsp.interval ||
                         (!complete_ && view_.version() != view_version_);
    // By the time of day too, as in pause().
    const bool due = Clock::now() >= next_round_ || now() > status_.ocsp.next_round.value_or(TimePoint::max());
    if (!changed && !due) co_return;
    const auto tokens = co_await signer_->tokens();
    if (!tokens) co_return;
    hangups_of_round_ = hangups_;
    signer_version_ = *version;
    view_version_ = view_.version();
    co_await round(view, certificates_to_follow(*tokens, now()));
  }

  net::Task<void> round(std::shared_ptr<const globalconf::View> view, std::vector<pki::Certificate> certificates) {
    auto& status = status_.ocsp;
    status.interval = view->ocsp_fetch_interval();
    status.certificates = co_await ocsp_.run(view, std::move(certificates), now());
    complete_ = std::ranges::all_of(status.certificates, [](const auto& outcome) { return outcome.fault.empty(); });
    const auto retry =
        std::max(parameters_.seconds("signer.ocsp-retry-delay", std::chrono::seconds(60)), kShortestInterval);
    const auto wait = complete_ ? status.interval : std::min(retry, status.interval);
    next_round_ = Clock::now() + wait;
    status.last_round = now();
    status.next_round = now() + wait;
    report();
  }

  Result<void> write_status() {
    std::string text = to_json(status_);
    if (text == written_) return {};
    auto written = write_file_atomically("run/admin-status.json", text);
    if (written) written_ = std::move(text);
    return written;
  }
  void report() {
    if (auto written = write_status(); !written) log::error("{}", written.error().text);
  }

  const Parameters parameters_;
  net::IoThreads threads_{1};
  std::unique_ptr<net::HttpClient> http_;
  globalconf::HttpFetcher fetcher_;
  globalconf::ConfigurationClient client_;
  globalconf::ViewHolder view_;
  OcspFetcher ocsp_;
  std::unique_ptr<signer::SignerClient> signer_;
  std::unique_ptr<TimestampingRounds> timestamping_;
  std::unique_ptr<StatusRounds> statuses_;

  AdminStatus status_;
  std::string written_;
  std::map<std::string, std::string> told_;
  unsigned hangups_ = 0, hangups_of_round_ = 0;
  bool complete_ = false;  // the last round
  std::uint64_t signer_version_ = 0, view_version_ = 0;
  Clock::time_point next_round_{};
  net::TaskGroup tasks_{threads_.at(0)};
};

}  // namespace

Result<void> run_admin(const std::filesystem::path& directory) {
  if (::chdir(directory.c_str()) != 0)
    return fault(FaultCode::io_error, directory.string() + ": " + std::strerror(errno));
  for (const char* folder : {"run", "spool"})
    if (auto made = make_directories(folder); !made) return made;
  Spool::set_directory("spool");
  Result<Parameters> parameters = Parameters::load("conf.d");
  if (!parameters) return parameters.error();
  Administration administration(*std::move(parameters));
  return administration.run();
}

}  // namespace causeway::securityserver
