// SPDX-License-Identifier: MIT
// The rows of a registry as text, of one moment, and a registry made of them again: by either engine of
// what either has written, and by a newer program of what an older one has.
//
// A line each, of JSON: what it is; for each table its name, the names of its columns and the highest
// number that was given in it; a row as an array; how many rows there were. Octets are in base64.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "centralserver/registry/registry.hpp"

namespace causeway::centralserver {

// Gets a line with its end.
using DumpSink = std::function<Result<void>(std::string_view)>;
// Gives the next line without its end; nothing when there is no more.
using DumpSource = std::function<Result<std::optional<std::string>>()>;

// Others may change the registry meanwhile.
Result<void> dump_registry(const Registry& registry, const DumpSink& sink);

// In one transaction: whatever the tables held is gone, or all is as it was. invalid_archive says what
// is wrong with the dump, with the number of its line.
Result<void> load_registry(store::Database& database, const DumpSource& source);

}  // namespace causeway::centralserver
