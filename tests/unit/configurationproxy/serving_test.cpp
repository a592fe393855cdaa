// SPDX-License-Identifier: MIT
#include "configurationproxy/serving.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "globalconf/http_fetcher.hpp"
#include "globalconf/source_keys.hpp"
#include "net/coroutines.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::configurationproxy {
namespace {

class ServingProxy : public ::testing::Test {
 protected:
  ServingProxy() {
    settings.directory = folder.path();
    settings.published = folder.path() / "public";
    settings.listen_address = "127.0.0.1";
    settings.listen_port = settings.listen_tls_port = 0;
    EXPECT_TRUE(make_directories(settings.published / "PROXY1" / "1" / "DEV"));
    EXPECT_TRUE(make_directories(folder.path() / "ssl"));
    EXPECT_TRUE(write_file_atomically(settings.published / "PROXY1" / "1" / "DEV" / "part.xml", "<part/>"));
    put_directory(now() + std::chrono::minutes(1));
  }
  void put_directory(TimePoint expires) const {
    text = "Expire-date: " + to_iso_seconds(expires) + "\r\n";
    EXPECT_TRUE(write_file_atomically(settings.published / "PROXY1" / "conf-v6", text));
  }
  void put_tls(const pki::PrivateKey& key, const pki::PrivateKey& of_certificate) const {
    const auto certificate = globalconf::make_source_certificate(of_certificate, "cp.dev");
    ASSERT_TRUE(certificate);
    // A chain: web servers take both, one after the other.
    ASSERT_TRUE(
        write_file_atomically(folder.path() / "ssl" / "confproxy.crt", certificate->to_pem() + certificate->to_pem()));
    ASSERT_TRUE(write_file_atomically(folder.path() / "ssl" / "confproxy.key", key.to_pem(), 0600));
  }
  globalconf::FetchedDocument get(const std::string& url) {
    const auto http = net::HttpClient::make(threads.at(0));
    globalconf::HttpFetcher fetcher(*http, {.verify_certificate = false, .verify_host_name = false});
    auto document = net::block_on(threads.at(0), fetcher.get(url, 1000));
    EXPECT_TRUE(document) << document.error().text;
    return document ? *std::move(document) : globalconf::FetchedDocument();
  }

  const testing::TemporaryDirectory folder;
  ProxySettings settings;
  mutable std::string text;
  net::IoThreads threads{1};
};

TEST_F(ServingProxy, GivesOutDirectoriesAndPartsAndNothingElse) {
  const auto serving = start_serving(settings);
  ASSERT_TRUE(serving) << serving.error().text;
  EXPECT_FALSE((*serving)->tls_port());
  const std::string base = "http://127.0.0.1:" + std::to_string((*serving)->port());
  EXPECT_EQ(to_text(get(base + "/PROXY1/conf?version=6").body), text);
  EXPECT_EQ(to_text(get(base + "/PROXY1/1/DEV/part.xml").body), "<part/>");
  EXPECT_EQ(get(base + "/PROXY1/conf").status, 404) << "version 2";
  EXPECT_EQ(get(base + "/PROXY1/conf-v6").status, 404);
  EXPECT_EQ(get(base + "/").status, 404);
  put_directory(now() - std::chrono::seconds(2));
  EXPECT_EQ(get(base + "/PROXY1/conf?version=6").status, 404) << "it has expired";
}

TEST_F(ServingProxy, SpeaksTlsWhenItHasACertificate) {
  const auto key = *pki::PrivateKey::generate_ec();
  put_tls(key, key);
  const auto serving = start_serving(settings);
  ASSERT_TRUE(serving) << serving.error().text;
  ASSERT_TRUE((*serving)->tls_port());
  const std::string url = "https://127.0.0.1:" + std::to_string(*(*serving)->tls_port()) + "/PROXY1/conf?version=6";
  EXPECT_EQ(to_text(get(url).body), text);
}

TEST_F(ServingProxy, DoesNotStartWithACertificateThatCannotBeUsed) {
  const auto key = *pki::PrivateKey::generate_ec(), other = *pki::PrivateKey::generate_ec();
  put_tls(key, other);
  EXPECT_EQ(start_serving(settings).error().code, "malformed_configuration") << "another key";
  std::filesystem::remove(folder.path() / "ssl" / "confproxy.key");
  EXPECT_EQ(start_serving(settings).error().code, "malformed_configuration") << "no key";
  put_tls(key, key);
  ASSERT_TRUE(write_file_atomically(folder.path() / "ssl" / "confproxy.crt", "garbage"));
  EXPECT_EQ(start_serving(settings).error().code, "malformed_configuration") << "no certificate";
}

TEST_F(ServingProxy, SaysWhenItCannotListen) {
  settings.listen_address = "192.0.2.1";  // of nobody
  EXPECT_EQ(start_serving(settings).error().code, "io_error");
}

}  // namespace
}  // namespace causeway::configurationproxy
