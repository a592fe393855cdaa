// SPDX-License-Identifier: MIT
// Which federated instances a server takes part with: the system parameter
// configuration-client.allowed-federations (trust.md section 6).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace causeway::globalconf {

class FederationFilter {
 public:
  // A comma list of instances, "all" or "none", ignoring case; "none" anywhere wins over
  // all else, then "all". Empty: none.
  explicit FederationFilter(std::string_view allowed = {});

  // The own instance is never asked about: it is always allowed.
  bool allows(std::string_view instance) const;

 private:
  bool all_ = false;
  std::vector<std::string> instances_;
};

}  // namespace causeway::globalconf
