// SPDX-License-Identifier: MIT
#include "configurationproxy/settings.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::configurationproxy {
namespace {

class Settings : public ::testing::Test {
 protected:
  Result<ProxySettings> with(const std::string& lines) const {
    const auto file = directory.path() / "conf.d" / "local.ini";
    EXPECT_TRUE(make_directories(file.parent_path()));
    EXPECT_TRUE(write_file_atomically(file, "[configuration-proxy]\n" + lines));
    return ProxySettings::load(directory.path());
  }
  const testing::TemporaryDirectory directory;
};

TEST_F(Settings, HaveDefaultsBelowTheDirectory) {
  const auto settings = ProxySettings::load(directory.path());
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->instances, directory.path() / "confproxy");
  EXPECT_EQ(settings->published, directory.path() / "public");
  EXPECT_EQ(settings->address, "");
  EXPECT_EQ(settings->oldest_version, 2);
  EXPECT_EQ(settings->signature_digest, pki::DigestAlgorithm::sha512);
  EXPECT_EQ(settings->interval, std::chrono::seconds(60));
  EXPECT_EQ(settings->listen_port, 80);
}

TEST_F(Settings, AreReadAsXRoadWritesThem) {
  const auto settings = with(
      "address=0.0.0.0\nconfiguration-path=\"/etc/xroad/confproxy\"\ngenerated-conf-path=\"/var/lib/xroad/public\"\n"
      "signature-digest-algorithm-id=\"SHA-384\"\nhash-algorithm-uri=\"http://www.w3.org/2001/04/xmlenc#sha256\"\n"
      "minimum-global-configuration-version=5\n");
  ASSERT_TRUE(settings) << settings.error().text;
  EXPECT_EQ(settings->address, "");
  EXPECT_EQ(settings->instances, "/etc/xroad/confproxy");
  EXPECT_EQ(settings->published, "/var/lib/xroad/public");
  EXPECT_EQ(settings->signature_digest, pki::DigestAlgorithm::sha384);
  EXPECT_EQ(settings->part_hash, pki::DigestAlgorithm::sha256);
  EXPECT_EQ(settings->oldest_version, 5);
}

TEST_F(Settings, AddressIsAHostPerhapsWithAPort) {
  for (const char* good : {"cp.example.org", "10.0.0.1", "127.0.0.1:8080"}) {
    const auto settings = with(std::string("address = ") + good + "\n");
    ASSERT_TRUE(settings) << good;
    EXPECT_EQ(settings->address, good);
  }
}

TEST_F(Settings, WhatCannotBeUsedIsRefusedByItsName) {
  const std::pair<const char*, const char*> cases[] = {
      {"address = http://cp.example.org", "address"},
      {"address = cp.example.org/path", "address"},
      {"address = a b", "address"},
      {"signature-digest-algorithm-id = SHA-1", "signature-digest-algorithm-id"},
      {"hash-algorithm-uri = SHA-512", "hash-algorithm-uri"},
      {"minimum-global-configuration-version = 1", "minimum-global-configuration-version"},
      {"listen-port = 70000", "listen-port"},
      {"listen-tls-port = 0", "listen-tls-port"}};
  for (const auto& [line, name] : cases) {
    const auto settings = with(line);
    ASSERT_FALSE(settings) << line;
    EXPECT_EQ(settings.error().code, "malformed_configuration");
    EXPECT_NE(settings.error().text.find(name), std::string::npos) << settings.error().text;
  }
}

}  // namespace
}  // namespace causeway::configurationproxy
