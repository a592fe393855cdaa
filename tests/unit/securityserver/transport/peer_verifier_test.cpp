// SPDX-License-Identifier: MIT
#include "securityserver/transport/peer_verifier.hpp"

#include <gtest/gtest.h>

#include "net/coroutines.hpp"
#include "net/io_threads.hpp"
#include "pki/certificate_builder.hpp"
#include "pki/ocsp_responder.hpp"

namespace causeway::securityserver {
namespace {

using namespace std::chrono_literals;
using pki::CertificateStatus;

pki::CertificateSpec spec(pki::CertificateKind kind, const std::string& subject) {
  return {.kind = kind,
          .subject = *pki::DistinguishedName::parse(subject),
          .not_before = now() - 1h,
          .not_after = now() + 1h};
}

// A CA and the authentication certificate of one server.
struct Peer {
  pki::PrivateKey ca_key = *pki::PrivateKey::generate_ec(), key = *pki::PrivateKey::generate_ec();
  pki::Certificate ca = *pki::self_sign_certificate(spec(pki::CertificateKind::root_ca, "CN=ca"), ca_key);
  pki::Certificate leaf =
      *pki::issue_certificate(spec(pki::CertificateKind::authentication, "CN=ss"), key.public_key(), ca, ca_key);
  std::vector<pki::Certificate> chain{leaf};

  std::vector<Bytes> responses(CertificateStatus status, TimePoint at,
                               std::optional<std::chrono::seconds> valid = {}) const {
    const pki::OcspResponder responder(
        ca, ca_key,
        [status, at](const pki::Certificate&, const std::string&) { return pki::OcspAnswer{status, at - 1min}; },
        {.issuers = {ca}, .valid = valid});
    return {responder.respond(pki::make_ocsp_request(leaf, ca), at)};
  }
};

// A global configuration that knows this one server.
class StandIn : public globalconf::View {
 public:
  explicit StandIn(const Peer& peer) : approved_{.certificate = peer.ca} {}
  pki::OcspPolicy policy;
  bool approves = true, registers = true;

  const pki::ApprovedCa* issuer_of(std::string_view, const pki::Certificate& certificate) const override {
    return approves && certificate.issuer_key() == approved_.certificate.subject_key() ? &approved_ : nullptr;
  }
  const pki::ApprovedCa* issuer_of(const pki::Certificate& certificate) const override {
    return issuer_of("", certificate);
  }
  std::vector<pki::Certificate> ocsp_signer_candidates() const override { return {approved_.certificate}; }
  pki::OcspPolicy ocsp_policy() const override { return policy; }
  const std::string& own_instance() const override { return instance_; }
  Result<void> check_valid(TimePoint) const override { return {}; }
  std::vector<std::string> instances() const override { return {instance_}; }
  bool has_instance(std::string_view) const override { return true; }
  std::vector<const globalconf::ServerEntry*> servers_of(const ClientId&) const override { return {}; }
  const globalconf::ServerEntry* server(const ServerId&) const override { return &server_; }
  const globalconf::ServerEntry* server_by_auth_certificate(const pki::Certificate&) const override {
    return registers ? &server_ : nullptr;
  }
  bool serves(const globalconf::ServerEntry&, const ClientId&) const override { return true; }
  bool in_global_group(const GlobalGroupId&, const ClientId&) const override { return false; }
  std::vector<globalconf::MemberEntry> members(std::string_view) const override { return {}; }
  std::vector<pki::Certificate> chain_of(const pki::Certificate& leaf, std::string_view) const override {
    return {leaf};
  }
  std::vector<pki::Certificate> all_cas() const override { return {approved_.certificate}; }

 private:
  std::string instance_ = "EE";
  pki::ApprovedCa approved_;
  globalconf::ServerEntry server_{*ServerId::make("EE", "GOV", "1", "ss"), "127.0.0.1", {}};
};

class PeerVerifierTest : public ::testing::Test {
 protected:
  // Of a provider, whose port for OCSP responses gives what `hand_out` says.
  std::string provider_fault(PeerVerifier& verifier) {
    const OcspFetch fetch = [this](const std::string&, std::vector<pki::Certificate>) { return fetched(); };
    const auto verified =
        net::block_on(threads_.at(0), verifier.verify_provider_side(peer_.chain, "127.0.0.1", client_, view_, fetch));
    return verified ? "" : verified.error().code;
  }
  std::string consumer_fault(PeerVerifier& verifier, const std::vector<Bytes>& responses, TimePoint at) {
    const auto verified = verifier.verify_consumer_side(peer_.chain, responses, client_, view_, at);
    return verified ? "" : verified.error().code;
  }

  const Peer peer_;
  std::shared_ptr<StandIn> view_ = std::make_shared<StandIn>(peer_);
  std::function<Result<std::vector<Bytes>>()> hand_out_ = [this] {
    return peer_.responses(CertificateStatus::good, now());
  };
  int asked_ = 0;

 private:
  net::Task<Result<std::vector<Bytes>>> fetched() {
    ++asked_;
    const auto hand_out = hand_out_;  // which may replace itself
    co_return hand_out();
  }

  net::IoThreads threads_{1};
  ClientId client_ = *ClientId::make("EE", "GOV", "1", "sub");
};

TEST_F(PeerVerifierTest, BelievesAConsumerNoLongerThanItsOcspResponseIsFresh) {
  PeerVerifier verifier(60s);
  view_->policy.freshness = 10s;
  const TimePoint at = now();
  const auto responses = peer_.responses(CertificateStatus::good, at - 5s);
  EXPECT_EQ(consumer_fault(verifier, responses, at), "");
  EXPECT_EQ(consumer_fault(verifier, responses, at + 4s), "");
  EXPECT_EQ(consumer_fault(verifier, responses, at + 6s), "ssl_authentication_failed");
}

TEST_F(PeerVerifierTest, BelievesAConsumerNoLongerThanUntilTheNextUpdate) {
  PeerVerifier verifier(60s);
  const TimePoint at = now();
  const auto responses = peer_.responses(CertificateStatus::good, at, 10s);
  EXPECT_EQ(consumer_fault(verifier, responses, at + 9s), "");
  EXPECT_EQ(consumer_fault(verifier, responses, at + 12s), "ssl_authentication_failed");
}

TEST_F(PeerVerifierTest, BelievesAConsumerNoLongerThanItsCertificateIsValid) {
  PeerVerifier verifier(3h);
  view_->policy.freshness = 24h;
  const TimePoint at = now();
  const auto responses = peer_.responses(CertificateStatus::good, at);
  EXPECT_EQ(consumer_fault(verifier, responses, at), "");
  EXPECT_EQ(consumer_fault(verifier, responses, at + 2h), "ssl_authentication_failed");
}

TEST_F(PeerVerifierTest, RefusesAConsumerThatBringsARevokedResponse) {
  PeerVerifier verifier(60s);
  EXPECT_EQ(consumer_fault(verifier, peer_.responses(CertificateStatus::good, now()), now()), "");
  EXPECT_EQ(consumer_fault(verifier, peer_.responses(CertificateStatus::revoked, now()), now()),
            "ssl_authentication_failed");
}

TEST_F(PeerVerifierTest, JudgesAnewUnderAnotherConfiguration) {
  PeerVerifier verifier(60s);
  const auto responses = peer_.responses(CertificateStatus::good, now());
  EXPECT_EQ(consumer_fault(verifier, responses, now()), "");
  EXPECT_EQ(provider_fault(verifier), "");
  view_ = std::make_shared<StandIn>(peer_);
  view_->registers = false;
  EXPECT_EQ(consumer_fault(verifier, responses, now()), "ssl_authentication_failed");
  EXPECT_EQ(provider_fault(verifier), "ssl_authentication_failed");
  view_ = std::make_shared<StandIn>(peer_);
  view_->approves = false;
  EXPECT_EQ(consumer_fault(verifier, responses, now()), "internal_error");
  EXPECT_EQ(provider_fault(verifier), "ssl_authentication_failed.cannot_create_cert_path.internal_error");
}

// The verdict comes after the new configuration, and is about the old one.
TEST_F(PeerVerifierTest, RemembersNoVerdictOfAnEarlierConfiguration) {
  PeerVerifier verifier(60s);
  const auto newer = std::make_shared<StandIn>(peer_);
  newer->registers = false;
  const auto older = view_;
  hand_out_ = [&]() -> Result<std::vector<Bytes>> {
    hand_out_ = [this] { return peer_.responses(CertificateStatus::good, now()); };
    view_ = newer;
    EXPECT_EQ(consumer_fault(verifier, peer_.responses(CertificateStatus::good, now()), now()),
              "ssl_authentication_failed");
    return peer_.responses(CertificateStatus::good, now());
  };
  EXPECT_EQ(provider_fault(verifier), "");
  ASSERT_EQ(view_, newer);
  EXPECT_EQ(provider_fault(verifier), "ssl_authentication_failed");
}

TEST_F(PeerVerifierTest, AsksAProviderOnceInAPeriod) {
  PeerVerifier verifier(60s);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(provider_fault(verifier), "");
  view_ = std::make_shared<StandIn>(peer_);
  EXPECT_EQ(provider_fault(verifier), "");
  EXPECT_EQ(asked_, 1);
}

TEST_F(PeerVerifierTest, SeesAfterAPeriodThatAProviderWasRevoked) {
  PeerVerifier verifier(0s);
  EXPECT_EQ(provider_fault(verifier), "");
  hand_out_ = [this] { return peer_.responses(CertificateStatus::revoked, now()); };
  EXPECT_EQ(provider_fault(verifier), "ssl_authentication_failed.invalid_cert_path.cert_validation");
  hand_out_ = [this] { return peer_.responses(CertificateStatus::good, now()); };
  EXPECT_EQ(provider_fault(verifier), "");
}

TEST_F(PeerVerifierTest, KeepsToTheResponsesOfLastTimeWhileThereAreNoOthers) {
  PeerVerifier verifier(0s);
  EXPECT_EQ(provider_fault(verifier), "");
  hand_out_ = [] { return fault(FaultCode::network_error, "nobody is there"); };
  EXPECT_EQ(provider_fault(verifier), "");
  EXPECT_EQ(asked_, 2);
  view_ = std::make_shared<StandIn>(peer_);
  view_->policy.freshness = -1s;  // they are too old now
  EXPECT_EQ(provider_fault(verifier), "ssl_authentication_failed.internal_error");
}

}  // namespace
}  // namespace causeway::securityserver
