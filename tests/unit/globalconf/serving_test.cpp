// SPDX-License-Identifier: MIT
// Configuration published, served and downloaded over real sockets.
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "globalconf/configuration_client.hpp"
#include "globalconf/configuration_server.hpp"
#include "globalconf/http_fetcher.hpp"
#include "globalconf/publisher.hpp"
#include "globalconf/view.hpp"
#include "net/coroutines.hpp"
#include "pki/certificate_builder.hpp"
#include "support/temporary_directory.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::globalconf {
namespace {

TEST(ServedPath, MapsDirectoriesByVersionAndKeepsInsideTheRoot) {
  struct Case {
    const char* path;
    const char* query;
    const char* served;
  };
  const Case cases[] = {
      {"/internalconf", "", "V2/internalconf"},
      {"/internalconf", "version=6", "V6/internalconf"},
      {"/externalconf", "a=b&version=3&c", "V3/externalconf"},
      {"/externalconf", "version=abc", "V2/externalconf"},
      {"/externalconf", "myversion=6", "V2/externalconf"},
      {"/externalconf", "version=../6", "V2/externalconf"},
      {"/V6/20260301/shared-params.xml", "", "V6/20260301/shared-params.xml"},
      {"/managementservices.wsdl", "", "managementservices.wsdl"},
      {"/../secret", "", ""},
      {"/V6/../../secret", "", ""},
      {"/%2e%2e/secret", "", ""},
      {"/V6/internalconf.tmp", "", ""},
      {"/.hidden", "", ""},
      {"", "", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(served_path(c.path, c.query), c.served) << c.path << "?" << c.query;
}

class Serving : public ::testing::Test {
 protected:
  Serving() : threads(1), server(*serve_configuration(threads, {}, docroot.path())) {
    PublisherOptions options;
    options.instance = "DEV";
    options.docroot = docroot.path();
    options.addresses = {"127.0.0.1:" + std::to_string(server->port())};
    options.oldest_version = 5;
    publisher.emplace(options, sample_pki().internal(), sample_pki().external());
  }
  ~Serving() override { server->stop(std::chrono::seconds(1)); }

  testing::TemporaryDirectory docroot, folder;
  net::IoThreads threads;
  std::unique_ptr<net::HttpServer> server;
  std::optional<Publisher> publisher;
};

net::Task<Result<CycleReport>> run_cycle(net::IoThreads& threads, ConfigurationClientOptions options) {
  const auto http = net::HttpClient::make(threads.current());
  HttpFetcher fetcher(*http);
  ConfigurationClient client(std::move(options), fetcher);
  co_return co_await client.run_cycle();
}

net::Task<Result<FetchedDocument>> fetch(net::IoThreads& threads, std::string url, std::size_t limit,
                                         HttpFetcherOptions options) {
  const auto http = net::HttpClient::make(threads.current());
  HttpFetcher fetcher(*http, options);
  co_return co_await fetcher.get(std::move(url), limit);
}

TEST_F(Serving, APublishedConfigurationIsDownloadedOverHttp) {
  ASSERT_TRUE(publisher->publish(sample_instance()));
  ConfigurationClientOptions options;
  options.anchor_file = folder.path() / "anchor.xml";
  options.directory = folder.path() / "globalconf";
  ASSERT_TRUE(write_file_atomically(options.anchor_file, write_anchor(publisher->internal_anchor())));
  auto report = net::block_on(threads.at(0), run_cycle(threads, options));
  ASSERT_TRUE(report) << report.error().text;
  EXPECT_EQ(report->own.version, 6);
  auto view = load_view(options.directory.string());
  ASSERT_TRUE(view) << view.error().text;
  EXPECT_TRUE((*view)->check_valid(now()));
  EXPECT_EQ((*view)->servers_of(client_id("DEV/COM/200/client")).size(), 1U);
}

TEST_F(Serving, AbsentVersionsAndFilesAreNotFound) {
  ASSERT_TRUE(publisher->publish(sample_instance()));
  const std::string base = "http://127.0.0.1:" + std::to_string(server->port());
  const auto status = [&](const std::string& target) {
    auto answer = net::block_on(threads.at(0), fetch(threads, base + target, 1 << 20, {}));
    return answer ? answer->status : 0;
  };
  EXPECT_EQ(status("/internalconf?version=6"), 200);
  EXPECT_EQ(status("/externalconf?version=5"), 200);
  EXPECT_EQ(status("/internalconf?version=4"), 404);
  EXPECT_EQ(status("/internalconf"), 404);
  EXPECT_EQ(status("/V6"), 404);
  EXPECT_EQ(status("/none.xml"), 404);
}

TEST_F(Serving, ADocumentBeyondTheLimitIsRefused) {
  ASSERT_TRUE(publisher->publish(sample_instance()));
  const std::string url = "http://127.0.0.1:" + std::to_string(server->port()) + "/internalconf?version=6";
  EXPECT_TRUE(net::block_on(threads.at(0), fetch(threads, url, 1 << 20, {})));
  EXPECT_FALSE(net::block_on(threads.at(0), fetch(threads, url, 100, {})));
}

TEST_F(Serving, TheExternalDirectoryHasOnlySharedParameters) {
  ASSERT_TRUE(publisher->publish(sample_instance()));
  const auto identifiers = [&](const std::string& name, const pki::Certificate& certificate) {
    auto directory =
        open_signed_directory(*read_file(docroot.path() / "V6" / name), std::vector<Bytes>{certificate.der()}, now());
    std::vector<std::string> found;
    for (const DirectoryPart& part : directory->parts) found.push_back(part.content_identifier);
    return found;
  };
  EXPECT_EQ(identifiers("externalconf", sample_pki().external_certificate),
            std::vector<std::string>{"SHARED-PARAMETERS"});
  EXPECT_EQ(identifiers("internalconf", sample_pki().internal_certificate),
            (std::vector<std::string>{"SHARED-PARAMETERS", "PRIVATE-PARAMETERS", "MONITORING", "FETCHINTERVAL",
                                      "NEXTUPDATE"}));
}

TEST_F(Serving, AWebServerThatNobodyVouchesForIsRefusedOverTls) {
  pki::CertificateSpec spec{pki::CertificateKind::tls, *pki::DistinguishedName::parse("CN=localhost"),
                            time_of("2020-01-01T00:00:00Z"), time_of("2040-01-01T00:00:00Z")};
  spec.alt_names = {"127.0.0.1"};
  const auto certificate = *pki::self_sign_certificate(spec, sample_pki().server_key);
  net::TlsServerOptions tls{{sample_pki().server_key, {certificate}}, {}, {}, {}, {}, true};
  net::ListenOptions listen;
  listen.tls = *net::TlsServerContext::make(std::move(tls));
  const auto secure = *serve_configuration(threads, listen, docroot.path());
  ASSERT_TRUE(publisher->publish(sample_instance()));
  const auto code = [&](const std::string& host, HttpFetcherOptions options) {
    const std::string url = "https://" + host + ":" + std::to_string(secure->port()) + "/internalconf?version=6";
    auto answer = net::block_on(threads.at(0), fetch(threads, url, 1 << 20, options));
    return answer ? "ok" : answer.error().code;
  };
  HttpFetcherOptions options;
  EXPECT_EQ(code("127.0.0.1", options), "ssl_authentication_failed");
  options.verify_certificate = false;
  EXPECT_EQ(code("127.0.0.1", options), "ok");
  EXPECT_EQ(code("localhost", options), "ssl_authentication_failed");
  options.verify_host_name = false;
  EXPECT_EQ(code("localhost", options), "ok");
  secure->stop(std::chrono::seconds(1));
}

PublisherOptions options_in(const testing::TemporaryDirectory& docroot) {
  PublisherOptions options;
  options.instance = "DEV";
  options.docroot = docroot.path();
  options.addresses = {"127.0.0.1:1"};
  return options;
}

TEST(Publisher, ReplacesNothingWhenOneVersionCannotBeMade) {
  testing::TemporaryDirectory docroot;
  PublisherOptions options = options_in(docroot);
  options.oldest_version = 6;
  Publisher publisher(options, sample_pki().internal(), sample_pki().external());
  ASSERT_TRUE(publisher.publish(sample_instance()));
  const auto before = read_file(docroot.path() / "V6/internalconf");
  auto description = sample_instance();
  description.management.reset();
  EXPECT_FALSE(publisher.publish(description));
  EXPECT_EQ(*read_file(docroot.path() / "V6/internalconf"), *before);
  EXPECT_FALSE(publisher.publish(sample_instance("OTHER")));
  // The good description stays in force.
  EXPECT_TRUE(publisher.renew(now() + std::chrono::seconds(1)));
  EXPECT_NE(*read_file(docroot.path() / "V6/internalconf"), *before);
}

TEST(Publisher, DeletesGenerationsThatNobodyCanStillBeReading) {
  testing::TemporaryDirectory docroot;
  PublisherOptions options = options_in(docroot);
  options.oldest_version = 6;
  Publisher publisher(options, sample_pki().internal(), sample_pki().external());
  const TimePoint start = now();
  const auto generations = [&] {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(docroot.path() / "V6")) count += entry.is_directory();
    return count;
  };
  ASSERT_TRUE(publisher.publish(sample_instance(), start));
  ASSERT_TRUE(publisher.publish(sample_instance(), start + std::chrono::seconds(60)));
  EXPECT_EQ(generations(), 2U);
  ASSERT_TRUE(publisher.renew(start + std::chrono::seconds(630)));
  EXPECT_EQ(generations(), 1U) << "the first was named for the last time 630 s before";
  ASSERT_TRUE(publisher.publish(sample_instance(), start + std::chrono::seconds(700)));
  ASSERT_TRUE(publisher.renew(start + std::chrono::seconds(1200)));
  EXPECT_EQ(generations(), 2U) << "the second was named until 700 s";
}

TEST(Publisher, RenewingMakesNoPartsAnew) {
  testing::TemporaryDirectory docroot;
  PublisherOptions options = options_in(docroot);
  Publisher publisher(options, sample_pki().internal(), sample_pki().external());
  const TimePoint start = now();
  ASSERT_TRUE(publisher.publish(sample_instance(), start));
  const auto parts = [&] {
    std::map<std::string, std::filesystem::file_time_type> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(docroot.path()))
      if (entry.path().extension() == ".xml") found.emplace(entry.path().string(), entry.last_write_time());
    return found;
  };
  const auto before = parts();
  EXPECT_EQ(before.size(), kVersions.size() * 5);
  ASSERT_TRUE(publisher.renew(start + std::chrono::seconds(60)));
  EXPECT_EQ(parts(), before);
}

TEST(Publisher, RenewsByItself) {
  testing::TemporaryDirectory docroot;
  PublisherOptions options = options_in(docroot);
  options.oldest_version = 6;
  options.interval = std::chrono::seconds(1);
  Publisher publisher(options, sample_pki().internal(), sample_pki().external());
  ASSERT_TRUE(publisher.publish(sample_instance(), now() - std::chrono::seconds(30)));
  const auto before = *read_file(docroot.path() / "V6/internalconf");
  publisher.renew_periodically();
  for (int i = 0; i < 600 && *read_file(docroot.path() / "V6/internalconf") == before; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_NE(*read_file(docroot.path() / "V6/internalconf"), before);
}

}  // namespace
}  // namespace causeway::globalconf
