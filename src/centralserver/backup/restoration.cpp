// SPDX-License-Identifier: MIT
#include "centralserver/backup/restoration.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>

#include "base/files.hpp"
#include "base/log.hpp"
#include "centralserver/backup/registry_dump.hpp"
#include "centralserver/backup/server_archive.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "domain/fault_code.hpp"
#include "openpgp/signed_file.hpp"
#include "store/sqlite.hpp"

namespace causeway::centralserver {
namespace {

namespace fs = std::filesystem;

// In the server's directory: what is being prepared, what is decided, what is done or was given up.
constexpr const char* kPrepared = "restore.prepared";
constexpr const char* kDecided = "restore";
constexpr const char* kOver = "restore.over";
// In that folder.
constexpr const char* kNew = "new";                    // as unpacked; files go from here to their places
constexpr const char* kOld = "old";                    // what was in these places
constexpr const char* kSettings = "settings";          // a copy of conf.d/, to know the database by
constexpr const char* kLoaded = "registry-is-loaded";  // so is the registry
constexpr const char* kNoUsers = "no-users";
constexpr std::size_t kMaxLine = 64 << 20;

Fault io(const fs::path& path, const std::error_code& error) {
  return fault(FaultCode::io_error, path.string() + ": " + error.message());
}

Result<void> rename_to(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  return error ? Result<void>(io(from, error)) : Result<void>();
}

Result<void> remove_tree(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  return error ? Result<void>(io(path, error)) : Result<void>();
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

// All that was written so far is on the disk before what comes next.
void flush(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::syncfs(file);
  ::close(file);
}

Result<void> load(store::Database& database, const fs::path& dump) {
  std::ifstream in(dump, std::ios::binary);
  if (!in) return fault(FaultCode::io_error, "cannot open " + dump.string());
  return load_registry(database, [&in]() -> Result<std::optional<std::string>> {
    std::string line;
    if (!std::getline(in, line)) return std::optional<std::string>();
    if (line.size() > kMaxLine) return Fault{"invalid_archive", "a line of the registry is too long"};
    return std::optional(std::move(line));
  });
}

// The instance of a dump, which any database takes: tried in one that is thrown away.
Result<std::string> try_registry(const fs::path& folder) {
  const fs::path trial = folder / "trial.db";
  auto instance = [&]() -> Result<std::string> {
    auto database = store::open_sqlite(trial.string(), {.durable = false});
    if (!database) return database.error();
    if (auto loaded = load(**database, folder / kNew / kRegistryDump); !loaded) return loaded.error();
    auto registry = Registry::open(*std::move(database));
    if (!registry) return registry.error();
    return instance_identifier(*registry);
  }();
  for (const char* beside : {"", "-wal", "-shm"}) {
    std::error_code ignored;
    fs::remove(trial.string() + beside, ignored);
  }
  return instance;
}

// Nothing where nothing was initialised.
Result<std::optional<Registry>> present_registry(const RestorePlace& place) {
  auto database = place.open_database(place.directory);
  if (!database) return database.error();
  auto registry = Registry::open(*std::move(database), place.node);
  if (!registry) return registry.error();
  if (auto instance = instance_identifier(*registry); !instance) {
    if (instance.error().code == "instance_identifier_not_set") return std::optional<Registry>();
    return instance.error();
  }
  return std::optional(*std::move(registry));
}

Result<void> keep_earlier_state(const RestorePlace& place, const Registry& registry) {
  const fs::path part = place.earlier_state().string() + ".part";
  std::error_code error;
  fs::remove(part, error);
  std::ofstream out(part, std::ios::binary);
  fs::permissions(part, fs::perms::owner_read | fs::perms::owner_write, error);
  auto written = write_server_archive(registry, place.directory, [&out](ByteView octets) -> Result<void> {
    out.write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
    return {};
  });
  if (!written) return written;
  out.close();
  if (!out) return fault(FaultCode::io_error, "cannot write " + part.string());
  return rename_to(part, place.earlier_state());
}

Result<void> copy_settings(const fs::path& from, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder / kSettings, error);
  if (!error && is_there(from / "conf.d"))
    fs::copy(from / "conf.d", folder / kSettings / "conf.d", fs::copy_options::recursive, error);
  return error ? Result<void>(io(folder / kSettings, error)) : Result<void>();
}

Result<void> check_origin(const std::string& label, const std::string& instance, const std::optional<Registry>& present,
                          const RestoreOptions& options) {
  if (!label.starts_with(archive_label(instance, kOnlyNode)))
    return Fault{"invalid_archive", "the label " + label + " is of another instance than the registry, " + instance};
  if (options.of_any_instance || !present) return {};
  auto own = instance_identifier(*present);
  if (!own) return own.error();
  const std::string expected = archive_label(*own, present->node());
  if (label != expected) return Fault{"wrong_instance", "the backup is " + label + ", not " + expected};
  return {};
}

// Into the folder of what is prepared.
Result<void> prepare(const RestorePlace& place, const fs::path& backup, const RestoreOptions& options,
                     const fs::path& folder) {
  const fs::path archive = folder / "archive.tar";
  auto opened =
      openpgp::open_signed_file(place.key_ring(), backup, archive, kMaxServerArchive,
                                options.by_any_signer ? openpgp::Signature::any : openpgp::Signature::of_the_key_ring);
  if (!opened) return opened;
  auto label = unpack_server_archive(archive, folder / kNew);
  if (!label) return label.error();
  if (auto removed = remove_tree(archive); !removed) return removed;
  if (!is_there(folder / kNew / kArchivedUsers))
    if (auto noted = write_file_atomically(folder / kNoUsers, ""); !noted) return noted;
  auto instance = try_registry(folder);
  if (!instance) return instance.error();

  auto present = present_registry(place);
  if (!present && !options.of_any_instance) return present.error();
  const std::optional<Registry> none;
  if (auto fine = check_origin(*label, *instance, present ? *present : none, options); !fine) return fine;
  if (options.keeps_settings)
    if (auto removed = remove_tree(folder / kNew / "conf.d"); !removed) return removed;
  if (auto copied = copy_settings(options.keeps_settings ? place.directory : folder / kNew, folder); !copied)
    return copied;
  if (auto database = place.open_database(folder / kSettings); !database)
    return database.error().while_doing("the database that the settings name");
  if (present && *present)
    if (auto kept = keep_earlier_state(place, **present); !kept && !options.of_any_instance) return kept;
  return {};
}

Result<void> finish_registry(const RestorePlace& place, const fs::path& folder) {
  if (is_there(folder / kLoaded)) return {};
  auto database = place.open_database(folder / kSettings);
  if (!database) return database.error();
  if (auto loaded = load(**database, folder / kNew / kRegistryDump); !loaded) return loaded;
  return write_file_atomically(folder / kLoaded, "");
}

// What is no longer in the folder of the new is in its place already.
Result<void> finish_files(const RestorePlace& place, const fs::path& folder) {
  if (auto made = make_directories(folder / kOld); !made) return made;
  if (is_there(folder / kNoUsers))
    if (auto removed = remove_tree(place.directory / kArchivedUsers); !removed) return removed;
  for (const char* name : {kArchivedFolders[0], kArchivedFolders[1], kArchivedFolders[2], kArchivedUsers}) {
    const fs::path here = place.directory / name;
    if (!is_there(folder / kNew / name)) continue;
    if (is_there(here))
      if (auto moved = rename_to(here, folder / kOld / name); !moved) return moved;
    if (auto moved = rename_to(folder / kNew / name, here); !moved) return moved;
  }
  flush(place.directory);
  return {};
}

}  // namespace

Result<void> decide_restore(const RestorePlace& place, const fs::path& backup, const RestoreOptions& options) {
  if (restore_is_decided(place.directory)) return fault(FaultCode::io_error, "another restore is not finished yet");
  const fs::path folder = place.directory / kPrepared;
  if (auto removed = remove_tree(folder); !removed) return removed;
  if (auto made = make_directories(folder / kNew); !made) return made;
  std::error_code error;
  fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return io(folder, error);
  auto done = prepare(place, backup, options, folder);
  if (done) {
    flush(folder);
    done = rename_to(folder, place.directory / kDecided);
  }
  if (!done && !remove_tree(folder)) log::warn("{} is left behind", folder.string());
  return done;
}

bool restore_is_decided(const fs::path& directory) { return is_there(directory / kDecided); }

Result<void> finish_restore(const RestorePlace& place) {
  const fs::path folder = place.directory / kDecided, over = place.directory / kOver;
  // Of earlier ones.
  for (const char* left : {kPrepared, kOver})
    if (auto removed = remove_tree(place.directory / left); !removed) return removed;
  if (!is_there(folder)) return {};
  auto registry = finish_registry(place, folder);
  if (!registry && store::is_temporary(registry.error())) return registry;
  auto done = registry ? finish_files(place, folder) : registry;
  // Files that cannot be renamed are tried again at the next start.
  if (registry && !done) return done;
  if (auto moved = rename_to(folder, over); !moved) return moved;
  if (auto removed = remove_tree(over); !removed) return removed;
  return done;
}

}  // namespace causeway::centralserver
