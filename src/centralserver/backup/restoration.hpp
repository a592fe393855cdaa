// SPDX-License-Identifier: MIT
// A Central Server's directory made what it was when a backup was made.
//
// First all of the backup is checked and lies ready in a folder of the directory; renaming that folder
// decides. From then on whoever starts the server finishes what was decided before it does anything else,
// however often it is killed on the way: there is the old state, or the new one.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "store/database.hpp"

namespace causeway::centralserver {

// The database of a server whose conf.d/ lies in `settings`, which is its directory, or a copy.
using OpenDatabase = std::function<Result<std::unique_ptr<store::Database>>(const std::filesystem::path& settings)>;

struct RestorePlace {
  std::filesystem::path directory;
  OpenDatabase open_database;
  std::string node;

  std::filesystem::path key_ring() const { return directory / "gpghome"; }
  // Of what was there before, in the form of a backup without signature.
  std::filesystem::path earlier_state() const { return directory / "conf_prerestore_backup.tar"; }
};

struct RestoreOptions {
  bool of_any_instance = false;  // and of any node; a copy of the present state that fails is no obstacle
  bool by_any_signer = false;
  bool keeps_settings = false;  // conf.d/ stays, and the registry goes into the database that it names
};

// Checks the backup, keeps a copy of the present state, and decides. Nothing has changed before, whatever
// the fault: invalid_signature, invalid_archive, wrong_instance, or what the disk, the settings and the
// database have to say.
Result<void> decide_restore(const RestorePlace& place, const std::filesystem::path& backup,
                            const RestoreOptions& options);

bool restore_is_decided(const std::filesystem::path& directory);
// While no process of the server runs. Nothing to do when nothing was decided. A fault that is_temporary:
// to be tried again. With any other one the old state stays, and nothing is decided any more.
Result<void> finish_restore(const RestorePlace& place);

}  // namespace causeway::centralserver
