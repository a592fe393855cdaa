// SPDX-License-Identifier: MIT
// A part that is being downloaded: in a file beside the one whose place it will take.
#pragma once

#include <filesystem>
#include <utility>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "pki/digest.hpp"

namespace causeway::globalconf {

// Of drafts; nobody reads them, and whoever watches a directory passes them over.
inline constexpr std::string_view kDraftSuffix = ".draft";

class PartDraft {
 public:
  // `file`: the place it is meant for. io_error, as below.
  static Result<PartDraft> open(const std::filesystem::path& file, pki::DigestAlgorithm algorithm);
  // Deletes what was not put in its place.
  ~PartDraft();
  PartDraft(PartDraft&& other) noexcept;
  PartDraft& operator=(PartDraft&&) = delete;

  const std::filesystem::path& path() const { return path_; }
  Result<void> write(ByteView bytes);
  // Everything was written: it is on the disk now. Its digest.
  Result<Bytes> finish();
  Result<void> put_in_place();

 private:
  PartDraft(std::filesystem::path file, int descriptor, pki::DigestAlgorithm algorithm);

  std::filesystem::path file_, path_;
  int descriptor_;
  pki::Hasher hasher_;
  bool in_place_ = false;
};

}  // namespace causeway::globalconf
