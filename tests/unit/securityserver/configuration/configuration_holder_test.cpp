// SPDX-License-Identifier: MIT
#include "securityserver/configuration/configuration_holder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/files.hpp"
#include "pki/certificate_builder.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::securityserver {
namespace {

using testing::TemporaryDirectory;
constexpr std::chrono::milliseconds kNoWatching{0};

std::string with_clients(int count) {
  std::string text = "version: 1\nserver: DEV/COM/1/ss\nclients:\n  - id: DEV/COM/1\n";
  for (int i = 1; i < count; ++i) text += "  - id: DEV/COM/1/sub" + std::to_string(i) + "\n";
  return text;
}

class Holder : public ::testing::Test {
 protected:
  void write(std::string_view text) { ASSERT_TRUE(write_file_atomically(file_, text).ok()); }

  TemporaryDirectory directory_;
  std::string file_ = directory_ / "server.yaml";
};

TEST_F(Holder, FailsToOpenABrokenFile) {
  write("nonsense");
  EXPECT_FALSE(ConfigurationHolder::open(file_, kNoWatching).ok());
}

TEST_F(Holder, ReloadsOnlyWhatChanged) {
  write(with_clients(1));
  auto holder = *ConfigurationHolder::open(file_, kNoWatching);
  const auto first = holder->current();
  EXPECT_FALSE(holder->reload_if_changed());
  EXPECT_EQ(holder->current(), first);
  write(with_clients(2));
  EXPECT_TRUE(holder->reload_if_changed());
  EXPECT_EQ(holder->current()->clients.size(), 2U);
  EXPECT_EQ(first->clients.size(), 1U) << "a snapshot that is held does not change";
}

TEST_F(Holder, ABrokenFileKeepsTheOldSnapshotUntilItIsMended) {
  write(with_clients(2));
  auto holder = *ConfigurationHolder::open(file_, kNoWatching);
  write("nonsense");
  EXPECT_FALSE(holder->reload_if_changed());
  EXPECT_FALSE(holder->reload().ok());
  EXPECT_EQ(holder->current()->clients.size(), 2U);
  std::filesystem::remove(file_);
  EXPECT_FALSE(holder->reload_if_changed());
  EXPECT_EQ(holder->current()->clients.size(), 2U);
  write(with_clients(3));
  EXPECT_TRUE(holder->reload_if_changed());
  EXPECT_EQ(holder->current()->clients.size(), 3U);
}

TEST_F(Holder, SeesAChangeInAReferencedFile) {
  write(with_clients(1) + "    certificates: [{file: is.pem}]\n");
  EXPECT_FALSE(ConfigurationHolder::open(file_, kNoWatching).ok());
  write(with_clients(1));
  auto holder = *ConfigurationHolder::open(file_, kNoWatching);
  write(with_clients(1) + "    certificates: [{file: is.pem}]\n");
  EXPECT_FALSE(holder->reload_if_changed()) << "the certificate is absent";
  ASSERT_TRUE(write_file_atomically(directory_ / "is.pem", "still no certificate").ok());
  int calls = 0;
  holder->on_change([&](const auto&) { ++calls; });
  EXPECT_FALSE(holder->reload_if_changed());
  EXPECT_EQ(calls, 0);
  write(with_clients(2));
  EXPECT_TRUE(holder->reload_if_changed());
  EXPECT_EQ(calls, 1);
}

// It may have been read as it was before it changed.
TEST_F(Holder, LooksAgainAtAReferencedFileThatChangedJustBeforeItWasRead) {
  const auto key = pki::PrivateKey::generate_ec();
  const pki::CertificateSpec spec{.kind = pki::CertificateKind::tls,
                                  .subject = *pki::DistinguishedName::parse("CN=is"),
                                  .not_before = now() - std::chrono::hours{1},
                                  .not_after = now() + std::chrono::hours{1}};
  ASSERT_TRUE(write_file_atomically(directory_ / "is.pem", pki::self_sign_certificate(spec, *key)->to_pem()).ok());
  write(with_clients(1) + "    certificates: [{file: is.pem}]\n");
  auto holder = *ConfigurationHolder::open(file_, kNoWatching);
  EXPECT_TRUE(holder->reload_if_changed());
  EXPECT_FALSE(holder->reload_if_changed());
}

TEST_F(Holder, WatchesByItselfWhileOthersRead) {
  write(with_clients(1));
  auto holder = *ConfigurationHolder::open(file_, std::chrono::milliseconds{1});
  std::atomic<bool> stop{false};
  std::thread reader([&] {
    while (!stop) EXPECT_GE(holder->current()->clients.size(), 1U);
  });
  for (int i = 2; i < 20; ++i) {
    write(with_clients(i));
    while (holder->current()->clients.size() != static_cast<std::size_t>(i)) std::this_thread::yield();
  }
  stop = true;
  reader.join();
}

}  // namespace
}  // namespace causeway::securityserver
