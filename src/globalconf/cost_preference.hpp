// SPDX-License-Identifier: MIT
// Services by what they cost, as the configuration says from version 6 on
// (trust.md section 4.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "globalconf/shared_parameters.hpp"
#include "globalconf/view.hpp"

namespace causeway::globalconf {

inline constexpr int kFirstVersionWithCosts = 6;

enum class CostPreference { none, free_first, paid_first, only_free, only_paid };

// "NONE", "FREE_FIRST", ...; anything else is `none`, with a line in the log that names
// `parameter`.
CostPreference cost_preference_from(std::string_view text, std::string_view parameter);

struct PricedUrl {
  std::string url;
  std::optional<CostType> cost = {};
};

// The addresses in the order in which to ask them. Those of equal cost keep theirs; what
// costs nobody knows comes last.
std::vector<std::string> ordered_by_cost(std::vector<PricedUrl> services, CostPreference preference);

// What the time-stamping service at exactly this address costs; nothing when the own
// instance does not approve it, or says nothing of costs.
std::optional<CostType> cost_of_timestamping(const View& view, std::string_view url);

}  // namespace causeway::globalconf
