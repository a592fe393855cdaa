// SPDX-License-Identifier: MIT
// Whom a Central Server trusts. For this library only.
#pragma once

#include <string>
#include <vector>

#include "country/admin_api.hpp"
#include "country/country.hpp"

namespace causeway::country {

// The sections that `wanted` has, into `found`; throws as api_answer.hpp says.
void read_trust(AdminApi& api, const Country& wanted, Country& found);

// Gives certificates their octets, from the global configuration that the server made, and anchors
// their documents; says of which certificates it could not.
std::vector<std::string> add_octets(AdminApi& api, Country& country);

}  // namespace causeway::country
