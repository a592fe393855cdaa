// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamping_rounds.hpp"

#include "base/files.hpp"
#include "base/log.hpp"
#include "net/coroutines.hpp"

namespace causeway::securityserver {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kSlice{200};  // how soon a wish or the end is noticed
// The proxy holds a longer silence for the end of this process.
constexpr std::chrono::seconds kSignOfLife{30};
constexpr std::size_t kMaxStatus = 1UL << 20;

std::optional<TimePoint> failing_before(const std::filesystem::path& status_file) {
  const auto text = read_file(status_file, kMaxStatus);
  const auto status = text ? read_timestamping_status(*text) : Result<TimestampingStatus>(text.error());
  return status ? status->failing_since : std::nullopt;
}

}  // namespace

TimestampingRounds::TimestampingRounds(const TimestampingSettings& settings, const globalconf::ViewHolder& view,
                                       Files files)
    : view_(view),
      files_(std::move(files)),
      http_(net::HttpClient::make(threads_.at(0))),
      client_(settings, [this]() -> net::HttpClient& { return *http_; }),
      timestamper_(files_.log_directory, client_),
      schedule_(Clock::now(), settings.retry_delay, settings.records_limit) {
  status_.acceptable_failure_period = settings.acceptable_failure_period;
  status_.failing_since = failing_before(files_.status);
  tasks_.spawn("time-stamping", [this] { return run(); });
}

net::Task<void> TimestampingRounds::run() {
  auto told = Clock::time_point::min();
  for (;;) {
    if (hastened_.exchange(false)) schedule_.hasten(Clock::now());
    const bool due = Clock::now() >= schedule_.due();
    if (due) co_await round();
    if (due || Clock::now() - kSignOfLife >= told) {
      report();
      told = Clock::now();
    }
    if (Clock::now() < schedule_.due()) co_await net::sleep_for(kSlice);
  }
}

Result<std::vector<std::string>> TimestampingRounds::services() {
  if (configuration_) {
    configuration_->reload_if_changed();
  } else {
    auto opened = ConfigurationHolder::open(files_.configuration, std::chrono::milliseconds(0));
    if (!opened) return opened.error();
    configuration_ = *std::move(opened);
  }
  return configuration_->current()->timestamping_urls;
}

net::Task<void> TimestampingRounds::round() {
  auto urls = services();
  if (urls) urls_ = *urls;
  auto outcome = co_await timestamper_.run(schedule_.limit(), view_.current(), urls_);
  // Why there are no services says more than that there are none.
  note(!outcome && !urls ? Result<Timestamper::Round>(urls.error()) : outcome);
}

void TimestampingRounds::note(const Result<Timestamper::Round>& round) {
  const auto interval = view_.current()->timestamping_interval();
  if (round) {
    if (status_.failing_since) log::info("time-stamping succeeds again");
    schedule_.succeeded(Clock::now(), round->more, interval);
    status_.last_success = now();
    status_.failing_since.reset();
    status_.fault.reset();
  } else {
    if (!status_.fault || status_.fault->text != round.error().text)
      log::error("time-stamping failed: {}", round.error().text);
    schedule_.failed(Clock::now(), interval);
    if (!status_.failing_since) status_.failing_since = now();
    status_.fault = round.error();
  }
  status_.interval = timestamping_interval(interval);
}

void TimestampingRounds::report() {
  status_.updated = now();
  if (const auto waiting = timestamper_.waiting()) status_.waiting = *waiting;
  status_.next_round =
      status_.updated + std::chrono::duration_cast<TimePoint::duration>(schedule_.due() - Clock::now());
  status_.services = client_.states(urls_);
  auto written = write_file_atomically(files_.status, to_json(status_));
  if (!written) log::error("{}", written.error().text);
}

}  // namespace causeway::securityserver
