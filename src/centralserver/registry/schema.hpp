// SPDX-License-Identifier: MIT
// The tables of the registry.
#pragma once

#include <span>

#include "store/migrations.hpp"

namespace causeway::centralserver {

std::span<const store::Migration> registry_migrations();

}  // namespace causeway::centralserver
