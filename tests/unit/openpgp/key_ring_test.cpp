// SPDX-License-Identifier: MIT
// What gpg itself makes, and what is made of what others do to it.
#include "openpgp/key_ring.hpp"

#include <gtest/gtest.h>

#include <csignal>

#include "base/files.hpp"
#include "openpgp/encryption.hpp"
#include "openpgp/signed_file.hpp"
#include "support/key_ring.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::openpgp {
namespace {

using testing::TestKeyRing;

class SignedFileTest : public ::testing::Test {
 protected:
  SignedFileTest() { ::signal(SIGPIPE, SIG_IGN); }

  std::string sign(const std::filesystem::path& home, std::string_view content, bool encrypted = false) {
    const std::string file = directory_ / "signed.gpg";
    const auto always = [] { return true; };
    auto gpg = encrypted ? start_encryption(home, {}, file, always) : start_signing(home, file, always);
    EXPECT_TRUE(gpg && gpg->write(as_bytes(content)));
    const auto ended = gpg->wait();
    EXPECT_TRUE(ended) << ended.error().text;
    return file;
  }
  // Its content, or the code of the fault.
  std::string opened(const std::filesystem::path& home, const std::string& file,
                     Signature signature = Signature::of_the_key_ring, std::uint64_t limit = 1 << 20) {
    const auto done = open_signed_file(home, file, directory_ / "plain", limit, signature);
    return done ? *read_file(directory_ / "plain") : done.error().code;
  }

  testing::TemporaryDirectory directory_;
};

TEST_F(SignedFileTest, AKeyRingIsMadeOnce) {
  const TestKeyRing ring(directory_ / "gpghome");
  const auto made = make_key_ring(ring.home(), "EX");
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(ring.run("--list-secret-keys =EX >/dev/null"), 0);
  const auto keys = [&] {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator(ring.home() / "private-keys-v1.d"))
      ++count;
    return count;
  };
  const std::size_t before = keys();
  ASSERT_TRUE(make_key_ring(ring.home(), "EX"));
  EXPECT_EQ(keys(), before);
  EXPECT_EQ(opened(ring.home(), sign(ring.home(), "content")), "content");
  EXPECT_EQ(opened(ring.home(), sign(ring.home(), "content", true)), "content");
}

TEST_F(SignedFileTest, OnlyWhatAKeyOfTheRingHasSignedIsOpened) {
  const TestKeyRing own(directory_ / "own", "own@example.org"), other(directory_ / "other", "other@example.org");
  const std::string file = sign(other.home(), "content");
  EXPECT_EQ(opened(own.home(), file), "invalid_signature");
  EXPECT_EQ(opened(own.home(), file, Signature::any), "content");
  ASSERT_EQ(other.run("--output '" + (directory_ / "other.key") + "' --export"), 0);
  ASSERT_EQ(own.run("--import '" + (directory_ / "other.key") + "'"), 0);
  EXPECT_EQ(opened(own.home(), file), "content");
  // Encrypted to us, by whomever: gpg itself is content with it.
  ASSERT_TRUE(write_file_atomically(directory_ / "content", "content"));
  ASSERT_EQ(own.run("--trust-model always --recipient own@example.org --output '" + (directory_ / "unsigned.gpg") +
                    "' --encrypt '" + (directory_ / "content") + "'"),
            0);
  EXPECT_EQ(opened(own.home(), directory_ / "unsigned.gpg"), "invalid_signature");
}

TEST_F(SignedFileTest, DamageAndBombsAreRefused) {
  const TestKeyRing ring(directory_ / "ring", "own@example.org");
  const std::string file = sign(ring.home(), std::string(100'000, 'x'));
  EXPECT_NE(opened(ring.home(), file, Signature::of_the_key_ring, 1000).size(), 100'000U);
  const std::string whole = *read_file(file);
  EXPECT_LT(whole.size(), 10'000U) << "it is compressed";
  for (const std::string& damaged : {std::string(), whole.substr(0, whole.size() / 2), std::string("tar"),
                                     whole.substr(0, 40) + "?" + whole.substr(41)}) {
    ASSERT_TRUE(write_file_atomically(file, damaged));
    const std::string code = opened(ring.home(), file);
    EXPECT_TRUE(code == "io_error" || code == "invalid_signature") << code;
  }
  EXPECT_EQ(opened(ring.home(), directory_ / "absent"), "io_error");
}

}  // namespace
}  // namespace causeway::openpgp
