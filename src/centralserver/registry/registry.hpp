// SPDX-License-Identifier: MIT
// The registry of a Central Server: who is a member, which servers are registered, whom the
// instance trusts. What it holds is read and changed through the nouns beside this file
// (members.hpp, security_servers.hpp, ...).
//
// A Registry is one connection, used by one thread at a time; several, also of other nodes,
// may have the same database. All faults of the nouns are registry_fault.hpp's, or
// database_error.
#pragma once

#include <memory>
#include <string>

#include "store/database.hpp"

namespace causeway::centralserver {

inline constexpr const char* kOnlyNode = "node_0";

class Registry {
 public:
  // Brings the schema up to date. `node` is the name of this node among those that share the
  // database (center.ha-node-name).
  static Result<Registry> open(std::unique_ptr<store::Database> database, std::string node = kOnlyNode);

  store::Database& database() const { return *database_; }
  const std::string& node() const { return node_; }

 private:
  Registry(std::unique_ptr<store::Database> database, std::string node)
      : database_(std::move(database)), node_(std::move(node)) {}

  std::unique_ptr<store::Database> database_;
  std::string node_;
};

// What is read while one lives is of one moment, whatever others change meanwhile.
class RegistrySnapshot {
 public:
  static Result<RegistrySnapshot> take(const Registry& registry);
  ~RegistrySnapshot();
  RegistrySnapshot(RegistrySnapshot&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  RegistrySnapshot& operator=(RegistrySnapshot&&) = delete;

 private:
  explicit RegistrySnapshot(store::Database& database) : database_(&database) {}
  store::Database* database_;
};

}  // namespace causeway::centralserver
