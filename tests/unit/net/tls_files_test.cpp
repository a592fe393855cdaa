// SPDX-License-Identifier: MIT
#include "net/tls_files.hpp"

#include <gtest/gtest.h>

#include <future>
#include <vector>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::net {
namespace {

namespace fs = std::filesystem;

class TlsFilesTest : public ::testing::Test {
 protected:
  const causeway::testing::TemporaryDirectory folder;
  const TlsFiles files{folder.path() / "ssl" / "x.crt", folder.path() / "ssl" / "x.key"};
};

TEST_F(TlsFilesTest, AreMadeOnceAndKept) {
  EXPECT_TRUE(files.are_missing());
  EXPECT_EQ(read_tls_identity(files).error().code, "malformed_configuration");
  const auto made = read_or_make_tls_identity(files, "cs.example.org");
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_FALSE(files.are_missing());
  EXPECT_EQ(fs::status(files.key).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const auto again = read_or_make_tls_identity(files, "other.example.org");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->chain.front().der(), made->chain.front().der());
  EXPECT_TRUE(TlsServerContext::make({.identity = *again, .suites = {}, .acceptable_issuers = {}, .check = {}}));
}

TEST_F(TlsFilesTest, AreMadeByOneOfThoseThatNeedThemAtTheSameTime) {
  std::vector<std::future<Result<TlsIdentity>>> makers;
  for (int i = 0; i < 8; ++i)
    makers.push_back(
        std::async(std::launch::async, [&] { return read_or_make_tls_identity(files, "cs.example.org"); }));
  for (auto& maker : makers) {
    const auto made = maker.get();
    ASSERT_TRUE(made) << made.error().text;
    EXPECT_EQ(made->chain.front().der(), read_tls_identity(files)->chain.front().der());
  }
}

TEST_F(TlsFilesTest, OneWithoutTheOtherIsNeitherUsedNorReplaced) {
  ASSERT_TRUE(read_or_make_tls_identity(files, "cs.example.org"));
  fs::remove(files.key);
  const auto read = read_or_make_tls_identity(files, "cs.example.org");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, "malformed_configuration");
  EXPECT_NE(read.error().text.find("x.key"), std::string::npos);
}

TEST_F(TlsFilesTest, GarbageIsNamed) {
  ASSERT_TRUE(read_or_make_tls_identity(files, "cs.example.org"));
  ASSERT_TRUE(write_file_atomically(files.certificate, "garbage"));
  EXPECT_NE(read_tls_identity(files).error().text.find("x.crt"), std::string::npos);
}

}  // namespace
}  // namespace causeway::net
