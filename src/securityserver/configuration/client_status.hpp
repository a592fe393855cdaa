// SPDX-License-Identifier: MIT
// How far the registration of a client at this Security Server is (trust.md 9.5).
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace causeway::securityserver {

enum class ClientStatus {
  saved,
  registration_in_progress,
  registered,
  deletion_in_progress,
  global_error,
  disabled,
  enabling_in_progress,
  disabling_in_progress
};

// As X-Road stores them, "registration in progress"; in the order of the enumerators.
std::span<const std::string_view> client_statuses();
std::string_view to_string(ClientStatus status);
std::optional<ClientStatus> client_status(std::string_view text);

// What a status becomes once the global configuration lists the client for this server, or does
// not; often the same.
ClientStatus status_by_configuration(ClientStatus status, bool listed);

}  // namespace causeway::securityserver
