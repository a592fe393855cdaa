// SPDX-License-Identifier: MIT
// A database that keeps the statements it has prepared: the registry asks the same few again
// and again. For this library only.
#pragma once

#include <memory>

#include "store/database.hpp"

namespace causeway::centralserver {

// Once the schema is as it will stay.
std::unique_ptr<store::Database> keep_statements(std::unique_ptr<store::Database> database);

}  // namespace causeway::centralserver
