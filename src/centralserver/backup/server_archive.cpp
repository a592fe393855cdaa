// SPDX-License-Identifier: MIT
#include "centralserver/backup/server_archive.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <vector>

#include "backup/tar_header.hpp"
#include "backup/tar_reader.hpp"
#include "base/file_reader.hpp"
#include "base/files.hpp"
#include "base/uuid.hpp"
#include "centralserver/backup/registry_dump.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "domain/fault_code.hpp"

namespace causeway::centralserver {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLabelFile = "label";
constexpr std::string_view kLabelBeginning = "central_CAUSEWAY_1_";
constexpr std::size_t kMaxLabel = 1024;
constexpr std::size_t kMaxFile = 16 << 20;
constexpr std::size_t kMaxDepth = 4;
constexpr std::size_t kPiece = 1 << 16;

Fault invalid(std::string why) { return {"invalid_archive", std::move(why)}; }

// Whoever restores enters the PIN again.
bool may_be_archived(const fs::path& name) {
  const std::string last = name.filename().string();
  return last != "autologin" && last != "custom-fetch-pin.sh" && last.find(".tmp") == std::string::npos;
}

// Beside the directory's sockets, where nobody else may look; gone with this.
class DumpFile {
 public:
  static Result<DumpFile> write(const Registry& registry, const fs::path& directory) {
    if (auto made = make_directories(directory / "run"); !made) return made.error();
    DumpFile file(directory / "run" / ("registry-" + random_uuid() + ".dump"));
    const mode_t before = ::umask(0077);
    std::ofstream out(file.path_, std::ios::binary);
    ::umask(before);
    auto dumped = dump_registry(registry, [&out](std::string_view line) -> Result<void> {
      out.write(line.data(), static_cast<std::streamsize>(line.size()));
      return {};
    });
    if (!dumped) return dumped.error();
    out.close();
    if (!out) return fault(FaultCode::io_error, "cannot write " + file.path_.string());
    return file;
  }
  ~DumpFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  DumpFile(DumpFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  DumpFile& operator=(DumpFile&&) = delete;
  const fs::path& path() const { return path_; }

 private:
  explicit DumpFile(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

// Writes one file after the other.
class ArchiveWriter {
 public:
  explicit ArchiveWriter(const ArchiveSink& sink) : sink_(sink) {}

  Result<void> add(const std::string& name, std::string_view content, unsigned mode = 0600) {
    auto header = backup::tar_header({.name = name, .size = content.size(), .mode = mode}, at_);
    if (!header) return header.error();
    return put(*header + std::string(content) + backup::tar_padding(content.size()));
  }

  // One that does not change meanwhile, of any size.
  Result<void> add_large(const std::string& name, const fs::path& path) {
    auto file = FileReader::open(path);
    if (!file) return file.error();
    auto header = backup::tar_header({.name = name, .size = file->size(), .mode = 0600}, at_);
    if (!header) return header.error();
    auto done = put(*header);
    std::vector<char> piece(kPiece);
    for (std::size_t left = file->size(); done && left > 0;) {
      auto count = file->read(std::span(piece).first(std::min(left, piece.size())));
      if (!count) return count.error();
      if (*count == 0) return fault(FaultCode::io_error, path.string() + " became shorter");
      left -= *count;
      done = put({piece.data(), *count});
    }
    return done ? put(backup::tar_padding(file->size())) : done;
  }

  Result<void> end() { return put(backup::tar_end()); }

 private:
  Result<void> put(std::string_view octets) { return octets.empty() ? Result<void>() : sink_(as_bytes(octets)); }

  const ArchiveSink& sink_;
  const TimePoint at_ = now();
};

// One that is deleted meanwhile was there no more.
Result<void> add_file(ArchiveWriter& archive, const std::string& name, const fs::path& path) {
  auto content = read_file(path, kMaxFile);
  std::error_code error;
  if (!content) return fs::exists(path, error) ? Result<void>(content.error()) : Result<void>();
  const bool is_open = name.starts_with("conf.d/") || name.ends_with(".crt");
  return archive.add(name, *content, is_open ? 0644 : 0600);
}

// By their names, so that the list of keys comes before the keys: a key that is made meanwhile is one
// too many, and none is missing.
Result<void> add_folder(ArchiveWriter& archive, const fs::path& directory, const char* folder) {
  std::vector<fs::path> files;
  std::error_code error;
  if (!fs::exists(directory / folder, error)) return {};
  for (fs::recursive_directory_iterator each(directory / folder, error), end; !error && each != end;
       each.increment(error)) {
    std::error_code gone;
    if (each->is_regular_file(gone) && may_be_archived(each->path())) files.push_back(each->path());
  }
  if (error) return fault(FaultCode::io_error, (directory / folder).string() + ": " + error.message());
  std::ranges::sort(files);
  for (const fs::path& file : files)
    if (auto added = add_file(archive, file.lexically_relative(directory).generic_string(), file); !added) return added;
  return {};
}

// A name that leads nowhere but into one of our folders.
Result<void> check_name(const std::string& name) {
  const fs::path path(name);
  const auto printable = [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '\\'; };
  if (!std::ranges::all_of(name, printable)) return invalid("a name with a space or a control character in it");
  if (name == kArchivedUsers || name == kRegistryDump) return {};
  std::size_t depth = 0;
  for (const fs::path& part : path) {
    if (part.empty() || part == "." || part == ".." || part == "/")
      return invalid("the name " + name + " leads out of its folder");
    ++depth;
  }
  const bool known = std::ranges::any_of(kArchivedFolders, [&](const char* each) { return *path.begin() == each; });
  if (!known || depth < 2 || depth > kMaxDepth || name.find("//") != std::string::npos)
    return invalid("the file " + name + " is no part of a backup");
  return {};
}

Result<void> unpack_large(backup::TarReader& tar, const fs::path& path) {
  std::ofstream out(path, std::ios::binary);
  std::vector<char> piece(kPiece);
  for (;;) {
    auto count = tar.read(piece);
    if (!count) return count.error();
    if (*count == 0) break;
    out.write(piece.data(), static_cast<std::streamsize>(*count));
  }
  out.close();
  return out ? Result<void>() : fault(FaultCode::io_error, "cannot write " + path.string());
}

Result<void> unpack(backup::TarReader& tar, const backup::TarEntry& entry, const fs::path& folder) {
  if (auto fine = check_name(entry.name); !fine) return fine;
  if (entry.name == kRegistryDump) return unpack_large(tar, folder / kRegistryDump);
  auto content = tar.read_all(kMaxFile);
  if (!content) return content.error();
  const fs::path path = folder / entry.name;
  if (auto made = make_directories(path.parent_path()); !made) return made;
  // No rights but those that an archive of ours gives.
  return write_file_atomically(path, *content, (entry.mode & 0044) | 0600);
}

Result<std::string> unpack_label(backup::TarReader& tar) {
  auto first = tar.next();
  if (!first) return first.error();
  if (!*first || (*first)->name != kLabelFile) return invalid("it is no backup: it begins with no label");
  auto label = tar.read_all(kMaxLabel);
  if (label && !is_archive_label(*label)) return invalid("it is no backup of a Central Server: " + *label);
  return label;
}

}  // namespace

std::string archive_label(const std::string& instance, const std::string& node) {
  return std::string(kLabelBeginning) + instance + (node == kOnlyNode ? "" : "_" + node);
}

bool is_archive_label(std::string_view label) {
  return label.size() > kLabelBeginning.size() && label.starts_with(kLabelBeginning);
}

Result<void> write_server_archive(const Registry& registry, const fs::path& directory, const ArchiveSink& sink) {
  auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  // First: what the rows name is in the files then.
  auto dump = DumpFile::write(registry, directory);
  if (!dump) return dump.error();
  ArchiveWriter archive(sink);
  auto done = archive.add(std::string(kLabelFile), archive_label(*instance, registry.node()));
  if (done) done = archive.add_large(kRegistryDump, dump->path());
  for (const char* folder : kArchivedFolders)
    if (done) done = add_folder(archive, directory, folder);
  if (done) done = add_file(archive, kArchivedUsers, directory / kArchivedUsers);
  return done ? archive.end() : done;
}

Result<std::string> unpack_server_archive(const fs::path& archive, const fs::path& folder) {
  auto file = FileReader::open(archive);
  if (!file) return file.error();
  if (file->size() > kMaxServerArchive) return invalid("it is larger than a backup may be");
  for (const char* each : kArchivedFolders)
    if (auto made = make_directories(folder / each); !made) return made.error();
  std::error_code error;
  fs::permissions(folder / "signer", fs::perms::owner_all, error);
  if (error) return fault(FaultCode::io_error, folder.string() + ": " + error.message());
  backup::TarReader tar([&file](std::span<char> into) { return file->read(into); });
  auto label = unpack_label(tar);
  if (!label) return label;
  bool has_registry = false;
  for (;;) {
    auto entry = tar.next();
    if (!entry) return entry.error();
    if (!*entry) break;
    if (auto done = unpack(tar, **entry, folder); !done) return done.error();
    has_registry = has_registry || (*entry)->name == kRegistryDump;
  }
  return has_registry ? label : invalid("it has no registry");
}

}  // namespace causeway::centralserver
