// SPDX-License-Identifier: MIT
#include "openpgp/encryption.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::openpgp {
namespace {

bool always() { return true; }

class EncryptionTest : public ::testing::Test {
 protected:
  EncryptionTest() { ::signal(SIGPIPE, SIG_IGN); }
  static Result<supervision::ChildProgram> shell(const std::string& command) {
    return supervision::ChildProgram::start({"/bin/bash", "-c", command}, std::chrono::seconds(60), always);
  }
  testing::TemporaryDirectory directory_;
};

// Made here by gpg itself, and opened by it again.
TEST_F(EncryptionTest, GpgSignsAndEncryptsForItsRecipients) {
  const std::string home = directory_ / "gpghome";
  std::filesystem::create_directory(home);
  std::filesystem::permissions(home, std::filesystem::perms::owner_all);
  const std::string gpg = "/usr/bin/gpg --homedir '" + home + "' --batch --yes ";
  const auto run = [&](const std::string& command) {
    auto program = shell(command);
    const auto ended = program->wait();
    EXPECT_TRUE(ended.ok()) << (ended.ok() ? "" : ended.error().text);
  };
  for (const char* name : {"server@example.org", "auditor@example.org"})
    run(gpg + "--passphrase '' --quick-generate-key " + name + " future-default default never");
  for (const std::vector<std::string>& recipients : {std::vector<std::string>{}, {"auditor@example.org"}}) {
    const std::string output = directory_ / "archive.zip.gpg";
    auto encryption = start_encryption(home, recipients, output, always);
    ASSERT_TRUE(encryption.ok()) << encryption.error().text;
    ASSERT_TRUE(encryption->write(as_bytes(std::string(200000, 'z'))).ok());
    const auto ended = encryption->wait();
    ASSERT_TRUE(ended.ok()) << ended.error().text;
    EXPECT_EQ(read_file(output)->find(std::string(100, 'z')), std::string::npos);
    run(gpg + "--status-file '" + (directory_ / "status") + "' --output '" + (directory_ / "plain") + "' --decrypt '" +
        output + "'");
    EXPECT_EQ(*read_file(directory_ / "plain"), std::string(200000, 'z'));
    const std::string status = *read_file(directory_ / "status");
    EXPECT_NE(status.find("GOODSIG"), std::string::npos) << status;
  }
  auto unknown = start_encryption(home, {"nobody@example.org"}, directory_ / "none.gpg", always);
  EXPECT_FALSE(unknown->wait().ok());
  run("/usr/bin/gpgconf --homedir '" + home + "' --kill all");
}

}  // namespace
}  // namespace causeway::openpgp
