// SPDX-License-Identifier: MIT
// registrations.json and those who change it, one after the other: the administration, which follows
// the global configuration, and whoever sends requests to the centre.
#pragma once

#include <filesystem>
#include <functional>

#include "base/result.hpp"
#include "securityserver/configuration/registrations.hpp"

namespace causeway::securityserver {

class RegistrationFile {
 public:
  // Beside `configuration`, which is server.yaml.
  explicit RegistrationFile(std::filesystem::path configuration) : configuration_(std::move(configuration)) {}

  // What `change` makes of what stands there now is there afterwards, whole, or nothing of it.
  // io_error, also when others hold it for more than ten seconds; malformed_server_conf.
  Result<void> change(const std::function<void(Registrations&)>& change) const;

 private:
  const std::filesystem::path configuration_;
};

}  // namespace causeway::securityserver
