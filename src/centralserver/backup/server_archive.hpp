// SPDX-License-Identifier: MIT
// What a Central Server's directory holds that may not be lost, as one tar archive: a label, the rows of
// the registry, settings, signing keys, users, TLS keys. Not what signs and encrypts backups, nor PINs.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "centralserver/registry/registry.hpp"

namespace causeway::centralserver {

inline constexpr std::uint64_t kMaxServerArchive = 4ULL << 30;

// Whose archive it is, as X-Road's labels are made: of the instance, and of the node if it is one of several.
std::string archive_label(const std::string& instance, const std::string& node);
bool is_archive_label(std::string_view label);

using ArchiveSink = std::function<Result<void>(ByteView)>;
// The server may run. instance_identifier_not_set before it is initialised.
Result<void> write_server_archive(const Registry& registry, const std::filesystem::path& directory,
                                  const ArchiveSink& sink);

// The parts of an unpacked archive.
inline constexpr const char* kRegistryDump = "registry.dump";
inline constexpr const char* kArchivedFolders[] = {"conf.d", "signer", "ssl"};
inline constexpr const char* kArchivedUsers = "users";

// Into `folder`, which is empty; all folders are made. The label. invalid_archive for whatever
// write_server_archive would not have written: names that lead elsewhere, entries that are no files, too
// much of anything.
Result<std::string> unpack_server_archive(const std::filesystem::path& archive, const std::filesystem::path& folder);

}  // namespace causeway::centralserver
