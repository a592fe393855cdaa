// SPDX-License-Identifier: MIT
#include "securityserver/configuration/client_status.hpp"

#include <algorithm>
#include <array>

namespace causeway::securityserver {
namespace {

constexpr std::array<std::string_view, 8> kStatuses{
    "saved",    "registration in progress", "registered",           "deletion in progress", "global error",
    "disabled", "enabling in progress",     "disabling in progress"};

}  // namespace

std::span<const std::string_view> client_statuses() { return kStatuses; }

std::string_view to_string(ClientStatus status) { return kStatuses[static_cast<std::size_t>(status)]; }

std::optional<ClientStatus> client_status(std::string_view text) {
  const auto* const found = std::ranges::find(kStatuses, text);
  if (found == kStatuses.end()) return std::nullopt;
  return static_cast<ClientStatus>(found - kStatuses.begin());
}

ClientStatus status_by_configuration(ClientStatus status, bool listed) {
  switch (status) {
    case ClientStatus::saved:
    case ClientStatus::registration_in_progress:
    case ClientStatus::global_error:
    case ClientStatus::enabling_in_progress:
      return listed ? ClientStatus::registered : status;
    case ClientStatus::registered:
      return listed ? status : ClientStatus::global_error;
    case ClientStatus::disabling_in_progress:
      return listed ? status : ClientStatus::disabled;
    // Whoever was asked to go, or is out for a while, is not taken back by an old configuration.
    case ClientStatus::deletion_in_progress:
    case ClientStatus::disabled:
      return status;
  }
  return status;
}

}  // namespace causeway::securityserver
