// SPDX-License-Identifier: MIT
// Where everything of an ecosystem lies below its directory.
#pragma once

#include <filesystem>
#include <string>

#include "ecosystem/plan.hpp"

namespace causeway::ecosystem {

class Layout {
 public:
  // `root` becomes absolute: children run elsewhere.
  explicit Layout(const std::filesystem::path& root) : root_(std::filesystem::absolute(root).lexically_normal()) {}

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path lock() const { return root_ / "lock"; }
  std::filesystem::path state() const { return root_ / "state.json"; }
  std::filesystem::path description() const { return root_ / "ecosystem.json"; }
  std::filesystem::path samples() const { return root_ / "samples"; }
  std::filesystem::path log(const std::string& process) const { return root_ / "log" / (process + ".log"); }

  std::filesystem::path instance(const PlannedInstance& instance) const { return root_ / instance.folder; }
  std::filesystem::path central(const PlannedInstance& instance) const { return root_ / instance.folder / "central"; }
  // Of the Central Server's administration interface.
  std::filesystem::path api_key(const PlannedInstance& instance) const { return central(instance) / "api-key"; }
  // How many members the configuration has at least; looked at all the time.
  std::filesystem::path member_count(const PlannedInstance& instance) const { return central(instance) / "members"; }
  std::filesystem::path test_ca(const PlannedInstance& instance) const { return root_ / instance.folder / "test-ca"; }
  std::filesystem::path registers(const PlannedInstance& instance) const {
    return root_ / instance.folder / "registers";
  }
  std::filesystem::path server(const PlannedInstance& instance, const PlannedServer& server) const {
    return root_ / instance.folder / server.folder;
  }
  // Of the information system that calls with a certificate.
  std::filesystem::path app_certificate(const PlannedInstance& instance) const {
    return root_ / instance.folder / "credentials" / "mobile.crt";
  }
  std::filesystem::path app_key(const PlannedInstance& instance) const {
    return root_ / instance.folder / "credentials" / "mobile.key";
  }

 private:
  std::filesystem::path root_;
};

}  // namespace causeway::ecosystem
