// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/service_breaker.hpp"

#include <algorithm>

namespace causeway::securityserver {
namespace {

constexpr std::chrono::seconds kFirstRest{10}, kLongestRest{600};

}  // namespace

ServiceBreaker::Known& ServiceBreaker::known(const std::string& url) {
  const auto found = std::ranges::find(services_, url, [](const Known& known) { return known.state.url; });
  if (found != services_.end()) return *found;
  services_.push_back(
      {.state = {.url = url, .last_success = {}, .last_failure = {}, .fault = {}, .resting_until = {}}});
  return services_.back();
}

const ServiceBreaker::Known* ServiceBreaker::find(std::string_view url) const {
  const auto found =
      std::ranges::find(services_, url, [](const Known& known) { return std::string_view(known.state.url); });
  return found == services_.end() ? nullptr : &*found;
}

std::vector<std::string> ServiceBreaker::ordered(std::vector<std::string> urls, TimePoint at) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<TimePoint, std::size_t>> order;
  for (std::size_t i = 0; i < urls.size(); ++i) {
    const Known* known = find(urls[i]);
    order.emplace_back(known == nullptr ? at : std::max(known->state.resting_until.value_or(at), at), i);
  }
  std::ranges::sort(order);
  std::vector<std::string> sorted;
  for (const auto& [ready, index] : order) sorted.push_back(std::move(urls[index]));
  return sorted;
}

void ServiceBreaker::succeeded(const std::string& url, TimePoint at) {
  const std::lock_guard lock(mutex_);
  Known& service = known(url);
  service.state.last_success = at;
  service.state.fault.reset();
  service.state.resting_until.reset();
  service.rest = {};
}

void ServiceBreaker::failed(const std::string& url, Fault fault, TimePoint at) {
  const std::lock_guard lock(mutex_);
  Known& service = known(url);
  service.rest = std::clamp(service.rest * 2, kFirstRest, kLongestRest);
  service.state.last_failure = at;
  service.state.fault = std::move(fault);
  service.state.resting_until = at + service.rest;
}

std::vector<TimestampingServiceState> ServiceBreaker::states(const std::vector<std::string>& urls) const {
  const std::lock_guard lock(mutex_);
  std::vector<TimestampingServiceState> states;
  for (const std::string& url : urls) {
    const Known* service = find(url);
    states.push_back(service != nullptr
                         ? service->state
                         : TimestampingServiceState{
                               .url = url, .last_success = {}, .last_failure = {}, .fault = {}, .resting_until = {}});
  }
  return states;
}

}  // namespace causeway::securityserver
