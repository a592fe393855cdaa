// SPDX-License-Identifier: MIT
// Signatures that cannot be made, on either side, and that all is well again afterwards
// (messages.md section 5).
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "case.hpp"
#include "requests.hpp"
#include "signer/management.hpp"
#include "signer/run.hpp"

namespace causeway::conformance {
namespace {

using namespace std::chrono_literals;

class Signing : public ::testing::Test {
 protected:
  void SetUp() override {
    Country::shared().services().answer_with([](const ServiceRequest& request) {
      return request.target.starts_with("/soap") ? http_answer("text/xml", soap_answer(request.body))
                                                 : http_answer("application/json", "{}");
    });
  }
  // Whatever a case did to a signer is over before the next begins.
  void TearDown() override { EXPECT_TRUE(becomes("")) << "no recovery"; }
  static Answer ask() {
    return post_soap(soap_request(Country::shared().app(), Country::shared().service(), "getState", "g-1"));
  }
  static Answer ask_rest() { return send_rest("POST", "/r1/DEV/COM/provider/service/rest", {}, "x"); }

  // Asks until the answer has this code: keys are judged anew a moment after they changed.
  static bool becomes(const std::string& code) {
    std::string got;
    for (const auto end = std::chrono::steady_clock::now() + 120s; std::chrono::steady_clock::now() < end;) {
      got = ask().fault_code();
      if (got == code) return true;
      std::this_thread::sleep_for(50ms);
    }
    ADD_FAILURE() << "the fault code stays '" << got << "' and does not become '" << code << "'";
    return false;
  }
  static signer::SignerConnection connect(const std::filesystem::path& server) {
    auto connection = signer::SignerConnection::open(signer::signer_socket(server));
    if (!connection) throw std::runtime_error(connection.error().text);
    return *std::move(connection);
  }
  static std::string signing_certificate(signer::SignerConnection& connection) {
    const auto tokens = connection.list_tokens();
    if (!tokens) throw std::runtime_error(tokens.error().text);
    for (const auto& token : *tokens)
      for (const auto& key : token.keys)
        if (key.usage == signer::KeyUsage::signing)
          return key.certificates.at(0).certificate.hash_hex(pki::DigestAlgorithm::sha1);
    throw std::runtime_error("no signing key");
  }
};

TEST_F(Signing, SigningFailsInClientProxy) {
  const auto code =
      expects("the signer of the consumer's server does not answer", "server.clientproxy.cannot_create_signature");
  Country& country = Country::shared();
  country.stop_signer(country.consumer_directory());
  EXPECT_EQ(ask().fault_code(), code);
  EXPECT_TRUE(country.services().requests().empty());
  country.start_signer(country.consumer_directory());
}

TEST_F(Signing, SigningFailsInServerProxy) {
  const auto code =
      expects("the signer of the provider's server does not answer", "server.serverproxy.cannot_create_signature");
  Country& country = Country::shared();
  country.stop_signer(country.provider_directory());
  EXPECT_EQ(ask().fault_code(), code);
  country.start_signer(country.provider_directory());
}

TEST_F(Signing, RestartedSigner) {
  describes("a message that waits for a signer is signed when the signer is back");
  Country& country = Country::shared();
  for (const auto& server : {country.consumer_directory(), country.provider_directory()}) {
    country.stop_signer(server);
    auto waiting = std::async(std::launch::async, ask);
    country.start_signer(server);
    const Answer answer = waiting.get();
    EXPECT_EQ(answer.fault_code(), "") << answer.body << answer.problem;
  }
}

TEST_F(Signing, ShouldSignAllTheMessagesReceivedInParallel) {
  describes("many messages at once are all signed, each with an answer of its own");
  std::vector<std::thread> callers;
  std::vector<Answer> answers(24);
  for (std::size_t i = 0; i < answers.size(); ++i)
    callers.emplace_back([&, i] {
      answers[i] = post_soap(soap_request(Country::shared().app(), Country::shared().service(), "getState",
                                          "parallel-" + std::to_string(i)));
    });
  for (auto& caller : callers) caller.join();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i].fault_code(), "") << answers[i].body << answers[i].problem;
    EXPECT_NE(answers[i].body.find("<x:id>parallel-" + std::to_string(i) + "</x:id>"), std::string::npos);
  }
}

TEST_F(Signing, RestSigningFailsInClientProxy) {
  const auto code = expects("REST: a failure while the request is made is io_error, also of its signing",
                            "server.clientproxy.io_error");
  Country& country = Country::shared();
  country.stop_signer(country.consumer_directory());
  EXPECT_EQ(ask_rest().fault_code(), code);
  EXPECT_TRUE(country.services().requests().empty());
  country.start_signer(country.consumer_directory());
}

TEST_F(Signing, DisabledSigningCertificateOfClient) {
  const auto code =
      expects("the signing certificate of the consumer is disabled", "server.clientproxy.cannot_create_signature");
  auto signer = connect(Country::shared().consumer_directory());
  const std::string certificate = signing_certificate(signer);
  ASSERT_TRUE(signer.activate(certificate, false));
  EXPECT_TRUE(becomes(code));
  ASSERT_TRUE(signer.activate(certificate, true));
}

TEST_F(Signing, DisabledSigningCertificateOfService) {
  const auto code = expects("the signing certificate of the provider is disabled",
                            "server.serverproxy.service_failed.cannot_create_signature");
  auto signer = connect(Country::shared().provider_directory());
  const std::string certificate = signing_certificate(signer);
  ASSERT_TRUE(signer.activate(certificate, false));
  EXPECT_TRUE(becomes(code));
  ASSERT_TRUE(signer.activate(certificate, true));
}

TEST_F(Signing, TokenLoggedOut) {
  const auto of_service = expects(
      "the token is logged out: no signing key for the provider's server, no "
      "authentication key for the consumer's",
      "server.serverproxy.service_failed.cannot_create_signature");
  const auto of_client = also_expects("server.clientproxy.ssl_authentication_failed");
  for (const auto& [server, code] : {std::pair(Country::shared().provider_directory(), of_service),
                                     std::pair(Country::shared().consumer_directory(), of_client)}) {
    auto signer = connect(server);
    ASSERT_TRUE(signer.logout("0"));
    EXPECT_TRUE(becomes(code));
    ASSERT_TRUE(signer.login("0", Country::kPin));
    EXPECT_TRUE(becomes(""));
  }
}

}  // namespace
}  // namespace causeway::conformance
