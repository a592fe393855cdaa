// SPDX-License-Identifier: MIT
#include "globalconf/cost_preference.hpp"

#include <array>
#include <utility>

#include "base/log.hpp"

namespace causeway::globalconf {
namespace {

constexpr std::array<std::pair<std::string_view, CostPreference>, 5> kNames{{{"NONE", CostPreference::none},
                                                                             {"FREE_FIRST", CostPreference::free_first},
                                                                             {"PAID_FIRST", CostPreference::paid_first},
                                                                             {"ONLY_FREE", CostPreference::only_free},
                                                                             {"ONLY_PAID", CostPreference::only_paid}}};

}  // namespace

CostPreference cost_preference_from(std::string_view text, std::string_view parameter) {
  for (const auto& [name, preference] : kNames)
    if (text == name) return preference;
  log::warn("{} \"{}\" is unknown; NONE is used", parameter, text);
  return CostPreference::none;
}

std::vector<std::string> ordered_by_cost(std::vector<PricedUrl> services, CostPreference preference) {
  const bool free_first = preference == CostPreference::free_first || preference == CostPreference::only_free;
  const auto wanted = free_first ? CostType::free : CostType::paid;
  const auto rank = [&](const PricedUrl& service) {
    if (preference == CostPreference::none || service.cost == wanted) return 0;
    return service.cost.value_or(CostType::undefined) == CostType::undefined ? 2 : 1;
  };
  const bool only = preference == CostPreference::only_free || preference == CostPreference::only_paid;
  std::vector<std::string> urls;
  for (int wanted_rank = 0; wanted_rank <= (only ? 0 : 2); ++wanted_rank)
    for (PricedUrl& service : services)
      if (rank(service) == wanted_rank) urls.push_back(std::move(service.url));
  return urls;
}

std::optional<CostType> cost_of_timestamping(const View& view, std::string_view url) {
  const InstanceSettings* parameters = view.settings(view.own_instance());
  if (parameters == nullptr || view.version_of(view.own_instance()) < kFirstVersionWithCosts) return std::nullopt;
  for (const TimestampingService& service : parameters->timestamping_services)
    if (service.url == url) return service.cost;
  return std::nullopt;
}

}  // namespace causeway::globalconf
