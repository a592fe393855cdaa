// SPDX-License-Identifier: MIT
#include "securityserver/administration/ocsp_fetcher.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/files.hpp"
#include "globalconf/shared_parameters.hpp"
#include "net/coroutines.hpp"
#include "test_responder.hpp"

namespace causeway::securityserver {
namespace {

namespace fs = std::filesystem;
using globalconf::CostPreference;

// An instance with this one CA.
class StandIn : public globalconf::View {
 public:
  explicit StandIn(const Pki& pki) {
    approved.certificate = pki.ca;
    globalconf::CertificationService service;
    service.top.certificate = pki.ca.der();
    parameters.certification_services.push_back(service);
  }
  void add_responder(const std::string& url, std::optional<globalconf::CostType> cost = {}) {
    approved.ocsp_urls.push_back(url);
    parameters.certification_services[0].top.ocsp.push_back({url, std::nullopt, cost});
  }

  const pki::ApprovedCa* issuer_of(std::string_view, const pki::Certificate& certificate) const override {
    return certificate.issuer_key() == approved.certificate.subject_key() ? &approved : nullptr;
  }
  const pki::ApprovedCa* issuer_of(const pki::Certificate& certificate) const override {
    return issuer_of("", certificate);
  }
  std::vector<pki::Certificate> ocsp_signer_candidates() const override { return {approved.certificate}; }
  pki::OcspPolicy ocsp_policy() const override { return {}; }
  const std::string& own_instance() const override { return instance; }
  Result<void> check_valid(TimePoint) const override { return {}; }
  std::vector<std::string> instances() const override { return {instance}; }
  bool has_instance(std::string_view id) const override { return id == instance; }
  std::vector<const globalconf::ServerEntry*> servers_of(const ClientId&) const override { return {}; }
  const globalconf::ServerEntry* server(const ServerId&) const override { return nullptr; }
  const globalconf::ServerEntry* server_by_auth_certificate(const pki::Certificate&) const override { return nullptr; }
  bool serves(const globalconf::ServerEntry&, const ClientId&) const override { return false; }
  bool in_global_group(const GlobalGroupId&, const ClientId&) const override { return false; }
  std::vector<globalconf::MemberEntry> members(std::string_view) const override { return {}; }
  std::vector<pki::Certificate> chain_of(const pki::Certificate& leaf, std::string_view) const override {
    return {leaf};
  }
  std::vector<pki::Certificate> all_cas() const override { return {approved.certificate}; }
  const globalconf::InstanceSettings* settings(std::string_view) const override { return &parameters; }
  int version_of(std::string_view) const override { return version; }

  std::string instance = "EE";
  pki::ApprovedCa approved{.certificate = *pki::self_sign_certificate(spec(pki::CertificateKind::root_ca, "CN=none"),
                                                                      *pki::PrivateKey::generate_ec())};
  globalconf::SharedParameters parameters;
  int version = 6;
};

class OcspFetcherTest : public ::testing::Test {
 protected:
  OcspFetcherTest() {
    std::string directory = (fs::temp_directory_path() / "causeway-ocsp-XXXXXX").string();
    directory_ = ::mkdtemp(directory.data());
  }
  ~OcspFetcherTest() override {
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }

  std::vector<OcspOutcome> fetch(std::vector<pki::Certificate> certificates,
                                 CostPreference preference = CostPreference::none) {
    net::IoThreads threads(1);
    return net::block_on(threads.at(0), fetch_on(threads.at(0), std::move(certificates), preference));
  }
  fs::path file(const pki::Certificate& certificate) const {
    return directory_ / "cache" / (certificate.hash_hex(pki::DigestAlgorithm::sha1) + ".ocsp");
  }

  Pki pki_;
  std::shared_ptr<StandIn> view_ = std::make_shared<StandIn>(pki_);
  fs::path directory_;

 private:
  net::Task<std::vector<OcspOutcome>> fetch_on(boost::asio::io_context& context,
                                               std::vector<pki::Certificate> certificates, CostPreference preference) {
    const auto http = net::HttpClient::make(context);
    OcspFetcher fetcher(*http, {.directory = directory_ / "cache", .preference = preference});
    co_return co_await fetcher.run(view_, std::move(certificates), now());
  }
};

TEST_F(OcspFetcherTest, StoresAVerifiedResponseUnderTheCertificatesName) {
  Responder responder(pki_);
  view_->add_responder(responder.url());
  const auto outcomes = fetch({pki_.leaf});
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes[0].fault, "");
  EXPECT_EQ(outcomes[0].status, "good");
  EXPECT_EQ(responder.content_type, "application/ocsp-request");
  const auto stored = read_file(file(pki_.leaf));
  ASSERT_TRUE(stored.ok());
  EXPECT_TRUE(pki::verify_ocsp_response(as_bytes(*stored), pki_.leaf, view_->approved, *view_, now()).ok());
}

TEST_F(OcspFetcherTest, KeepsAResponseThatSaysRevoked) {
  Responder responder(pki_);
  responder.status = pki::CertificateStatus::revoked;
  view_->add_responder(responder.url());
  const auto outcomes = fetch({pki_.leaf});
  EXPECT_EQ(outcomes[0].status, "revoked");
  EXPECT_TRUE(fs::exists(file(pki_.leaf)));
}

TEST_F(OcspFetcherTest, GoesOnToTheNextResponderUntilOneVerifies) {
  const Pki stranger;
  Responder broken(pki_), lying(stranger), garbled(pki_), good(pki_);
  broken.http_status = 503;
  garbled.garbage = true;
  for (const Responder* responder : {&broken, &lying, &garbled}) view_->add_responder(responder->url());
  view_->add_responder("http://127.0.0.1:1/nobody");
  view_->add_responder("not an address");
  view_->add_responder(good.url());
  const auto outcomes = fetch({pki_.leaf});
  EXPECT_EQ(outcomes[0].fault, "");
  EXPECT_EQ(outcomes[0].responder, good.url());
  EXPECT_EQ(broken.requests + lying.requests + garbled.requests, 3);
}

TEST_F(OcspFetcherTest, AFailureLeavesTheEarlierResponseInPlace) {
  Responder responder(pki_);
  view_->add_responder(responder.url());
  fetch({pki_.leaf});
  const std::string before = *read_file(file(pki_.leaf));
  responder.garbage = true;
  const auto outcomes = fetch({pki_.leaf});
  EXPECT_NE(outcomes[0].fault, "");
  EXPECT_EQ(*read_file(file(pki_.leaf)), before);
}

TEST_F(OcspFetcherTest, AsksTheResponderThatTheCertificateNamesLast) {
  Responder named(pki_);
  const auto leaf = pki_.issue(named.url());
  view_->add_responder("http://127.0.0.1:1/nobody");
  const auto outcomes = fetch({leaf});
  EXPECT_EQ(outcomes[0].fault, "");
  EXPECT_EQ(outcomes[0].responder, named.url());
}

TEST_F(OcspFetcherTest, TellsOfCertificatesThatNobodyAnswersFor) {
  const Pki stranger;
  const auto outcomes = fetch({stranger.leaf, pki_.leaf});
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_NE(outcomes[1].fault.find("names an OCSP responder"), std::string::npos);
}

TEST_F(OcspFetcherTest, OrdersRespondersByWhatTheyCost) {
  using globalconf::CostType;
  view_->add_responder("undefined", CostType::undefined);
  view_->add_responder("paid", CostType::paid);
  view_->add_responder("free", CostType::free);
  const auto leaf = pki_.issue("named");
  const auto order = [&](CostPreference preference) {
    return ocsp_responders_of(*view_, leaf, view_->approved, preference);
  };
  using List = std::vector<std::string>;
  EXPECT_EQ(order(CostPreference::none), (List{"undefined", "paid", "free", "named"}));
  EXPECT_EQ(order(CostPreference::free_first), (List{"free", "paid", "undefined", "named"}));
  EXPECT_EQ(order(CostPreference::paid_first), (List{"paid", "free", "undefined", "named"}));
  EXPECT_EQ(order(CostPreference::only_free), (List{"free", "named"}));
  EXPECT_EQ(order(CostPreference::only_paid), (List{"paid", "named"}));
  view_->version = 5;
  EXPECT_EQ(order(CostPreference::only_paid), (List{"undefined", "paid", "free", "named"}));
  EXPECT_EQ(globalconf::cost_preference_from("ONLY_FREE", "x"), CostPreference::only_free);
  EXPECT_EQ(globalconf::cost_preference_from("whatever", "x"), CostPreference::none);
}

TEST(CertificatesToFollow, AreActiveRegisteredAndValid) {
  const Pki pki;
  const auto token = [&](bool active, std::string status, const pki::Certificate& certificate) {
    signer::TokenInfo info;
    info.keys.emplace_back().certificates.push_back({.id = "1",
                                                     .certificate = certificate,
                                                     .member = {},
                                                     .active = active,
                                                     .status = std::move(status),
                                                     .activation_error = {}});
    return info;
  };
  EXPECT_EQ(certificates_to_follow({token(true, "registered", pki.leaf)}, now()).size(), 1U);
  EXPECT_TRUE(certificates_to_follow({token(false, "registered", pki.leaf)}, now()).empty());
  EXPECT_TRUE(certificates_to_follow({token(true, "saved", pki.leaf)}, now()).empty());
  EXPECT_TRUE(certificates_to_follow({token(true, "registered", pki.ca)}, now()).empty());
  EXPECT_TRUE(certificates_to_follow({token(true, "registered", pki.leaf)}, now() + std::chrono::hours(2)).empty());
}

}  // namespace
}  // namespace causeway::securityserver
