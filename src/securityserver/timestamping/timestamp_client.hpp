// SPDX-License-Identifier: MIT
// Asks time-stamping services, and believes only what an approved authority signed
// (evidence.md section 3).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "globalconf/view.hpp"
#include "net/http_client.hpp"
#include "net/task.hpp"
#include "securityserver/timestamping/service_breaker.hpp"
#include "securityserver/timestamping/timestamping_settings.hpp"

namespace causeway::securityserver {

struct GrantedTimestamp {
  Bytes token;  // DER, with the authority's certificate
  TimePoint time;
  std::string service;
};

// For many threads, each with an HTTP client of its own.
class TimestampClient {
 public:
  // `http` gives the client of the thread that asks.
  TimestampClient(TimestampingSettings settings, std::function<net::HttpClient&()> http)
      : settings_(settings), http_(std::move(http)) {}

  // Over `digest`, which is by the algorithm of the settings. The services are asked one
  // after the other, by preference and by how they fared. global_conf_outdated,
  // mlog.no_timestamping_provider_found; timestamping_failed, with each one's reason.
  net::Task<Result<GrantedTimestamp>> stamp(Bytes digest, std::shared_ptr<const globalconf::View> view,
                                            std::vector<std::string> urls);

  const TimestampingSettings& settings() const { return settings_; }
  std::vector<TimestampingServiceState> states(const std::vector<std::string>& urls) const {
    return breaker_.states(urls);
  }

 private:
  net::Task<Result<GrantedTimestamp>> ask(const std::string& url, const Bytes& digest, const globalconf::View& view);
  net::Task<Result<Bytes>> post(const std::string& url, const Bytes& digest);
  std::vector<std::string> preferred(const std::vector<std::string>& urls, const globalconf::View& view) const;

  const TimestampingSettings settings_;
  const std::function<net::HttpClient&()> http_;
  ServiceBreaker breaker_;
};

}  // namespace causeway::securityserver
