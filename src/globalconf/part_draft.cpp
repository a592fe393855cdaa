// SPDX-License-Identifier: MIT
#include "globalconf/part_draft.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/files.hpp"

namespace causeway::globalconf {
namespace {

Fault io_fault(std::string_view doing, const std::filesystem::path& path) {
  return {"io_error", std::string(doing) + " " + path.string() + ": " + std::strerror(errno)};
}

}  // namespace

PartDraft::PartDraft(std::filesystem::path file, int descriptor, pki::DigestAlgorithm algorithm)
    : file_(std::move(file)),
      path_(file_.string() + std::string(kDraftSuffix)),
      descriptor_(descriptor),
      hasher_(algorithm) {}

PartDraft::PartDraft(PartDraft&& other) noexcept
    : file_(std::move(other.file_)),
      path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      hasher_(std::move(other.hasher_)),
      in_place_(std::exchange(other.in_place_, true)) {}

Result<PartDraft> PartDraft::open(const std::filesystem::path& file, pki::DigestAlgorithm algorithm) {
  if (auto made = make_directories(file.parent_path()); !made) return std::move(made).error();
  const std::string path = file.string() + std::string(kDraftSuffix);
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return io_fault("cannot create", path);
  return PartDraft(file, descriptor, algorithm);
}

PartDraft::~PartDraft() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!in_place_) ::unlink(path_.c_str());
}

Result<void> PartDraft::write(ByteView bytes) {
  hasher_.update(bytes);
  for (std::string_view rest = as_text(bytes); !rest.empty();) {
    const ssize_t count = ::write(descriptor_, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_fault("cannot write", path_);
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<Bytes> PartDraft::finish() {
  if (::fsync(descriptor_) != 0) return io_fault("cannot write", path_);
  ::close(std::exchange(descriptor_, -1));
  return hasher_.finish();
}

Result<void> PartDraft::put_in_place() {
  if (::rename(path_.c_str(), file_.c_str()) != 0) return io_fault("cannot replace", file_);
  in_place_ = true;
  return {};
}

}  // namespace causeway::globalconf
