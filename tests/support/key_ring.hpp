// SPDX-License-Identifier: MIT
// Keys of gpg that are quickly made; its agent ends with them.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace causeway::testing {

class TestKeyRing {
 public:
  // A folder that is made, with a key for `user`, or none.
  explicit TestKeyRing(std::filesystem::path home, const std::string& user = {}) : home_(std::move(home)) {
    std::filesystem::create_directories(home_);
    std::filesystem::permissions(home_, std::filesystem::perms::owner_all);
    if (!user.empty() && run("--passphrase '' --quick-generate-key '" + user + "' future-default default never") != 0)
      std::abort();
  }
  ~TestKeyRing() { (void)system(("/usr/bin/gpgconf --homedir '" + home_.string() + "' --kill all").c_str()); }
  TestKeyRing(const TestKeyRing&) = delete;
  TestKeyRing& operator=(const TestKeyRing&) = delete;

  const std::filesystem::path& home() const { return home_; }
  // gpg's exit code.
  int run(const std::string& arguments) const {
    return system(
        ("/usr/bin/gpg --homedir '" + home_.string() + "' --batch --yes " + arguments + " 2>/dev/null").c_str());
  }

 private:
  std::filesystem::path home_;
};

}  // namespace causeway::testing
