// SPDX-License-Identifier: MIT
// What the signer's tests share.
#pragma once

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace causeway::signer {

// Gone with everything in it when the test ends.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "causeway-signer-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A signer directory of X-Road's own tests (PIN "Secret1234"); none where the vectors are not at hand.
inline std::optional<std::filesystem::path> xroad_signer_directory() {
  const char* set = std::getenv("CAUSEWAY_XROAD_VECTORS");
  const std::filesystem::path vectors =
      set != nullptr ? std::filesystem::path(set) : std::filesystem::path(CAUSEWAY_SOURCE_DIR) / "../shared/vectors";
  const std::filesystem::path directory =
      vectors / "src/security-server/system-test/src/intTest/resources/container-files/etc/xroad/signer-predefined";
  std::error_code ignored;
  if (!std::filesystem::exists(directory / "keyconf.xml", ignored)) return std::nullopt;
  return directory;
}

}  // namespace causeway::signer
