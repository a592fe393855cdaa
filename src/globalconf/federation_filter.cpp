// SPDX-License-Identifier: MIT
#include "globalconf/federation_filter.hpp"

#include <algorithm>

#include "net/http_message.hpp"

namespace causeway::globalconf {

FederationFilter::FederationFilter(std::string_view allowed) {
  bool none = false;
  while (!allowed.empty()) {
    const std::size_t comma = allowed.find(',');
    std::string_view name = allowed.substr(0, comma);
    allowed.remove_prefix(comma == std::string_view::npos ? allowed.size() : comma + 1);
    const std::size_t first = name.find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    name = name.substr(first, name.find_last_not_of(" \t") - first + 1);
    none = none || net::equals_ignoring_case(name, "none");
    all_ = all_ || net::equals_ignoring_case(name, "all");
    instances_.emplace_back(name);
  }
  if (none) {
    all_ = false;
    instances_.clear();
  }
}

bool FederationFilter::allows(std::string_view instance) const {
  return all_ || std::any_of(instances_.begin(), instances_.end(),
                             [&](const std::string& name) { return net::equals_ignoring_case(name, instance); });
}

}  // namespace causeway::globalconf
