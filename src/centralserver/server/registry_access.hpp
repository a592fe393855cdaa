// SPDX-License-Identifier: MIT
// The registry of a server's directory, for its process and for commands beside it.
#pragma once

#include <memory>
#include <vector>

#include "admin/api_keys.hpp"
#include "centralserver/backup/restoration.hpp"
#include "centralserver/registry/registry.hpp"
#include "centralserver/server/settings.hpp"
#include "store/database.hpp"

namespace causeway::centralserver {

// One connection. database_error.
Result<std::unique_ptr<store::Database>> open_database(const CentralServerSettings& settings);
// The same, with the schema brought up to date.
Result<std::unique_ptr<Registry>> open_registry(const CentralServerSettings& settings);

// How the directory is restored, whatever its settings say by then. `node` is the name of this one.
RestorePlace restore_place(const std::filesystem::path& directory, std::string node = kOnlyNode);

// An API key for whoever may use the directory: how the first one is made. A server that runs takes
// it up within a minute. invalid_role for a role that there is not.
Result<admin::NewApiKey> make_api_key(const CentralServerSettings& settings, const admin::Names& roles);

}  // namespace causeway::centralserver
