// SPDX-License-Identifier: MIT
#include "ecosystem/evidence_url.hpp"

#include <fmt/format.h>

namespace causeway::ecosystem {

std::string evidence_url(const std::string& server, const ClientId& owner, const std::string& query_id,
                         std::string_view flags) {
  return fmt::format("{}/asic?xRoadInstance={}&memberClass={}&memberCode={}&subsystemCode={}&queryId={}&{}", server,
                     owner.instance(), owner.member_class(), owner.member_code(), owner.subsystem(), query_id, flags);
}

}  // namespace causeway::ecosystem
