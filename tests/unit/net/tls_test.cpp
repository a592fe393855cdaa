// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "base/files.hpp"
#include "unit/net/certificates.hpp"
#include "unit/net/loopback.hpp"

namespace causeway::net {
namespace {

using Wanted = TlsServerOptions::ClientCertificate;

// messages.md section 4.1 and 2.1.
constexpr const char* kTransportSuites = "ECDHE-RSA-AES256-SHA384:DHE-RSA-AES256-SHA256:ECDHE-ECDSA-AES256-SHA384";

TlsServerOptions server_options(Wanted wanted = Wanted::none, PeerCheck check = {}) {
  TlsServerOptions options{TestPki::instance().issue("server"), {}, wanted, {}, std::move(check), true};
  options.acceptable_issuers = {TestPki::instance().intermediate()};
  return options;
}

TlsClientOptions client_options(bool with_certificate = false, PeerCheck check = {}) {
  TlsClientOptions options;
  if (with_certificate) options.identity = std::make_shared<TlsIdentity>(TestPki::instance().issue("client"));
  options.check = std::move(check);
  return options;
}

std::string names(const std::vector<pki::Certificate>& chain) {
  std::string all;
  for (const auto& certificate : chain) all += certificate.subject_rfc2253() + " ";
  return all;
}

// Answers with the names of the certificates the client showed, and the body.
Task<void> who(ServerCall& call) {
  auto body = co_await read_text(call.body());
  const std::string answer = names(call.peer_certificates()) + (body ? *body : "");
  auto sent = co_await call.respond(ResponseHead{200, {}, {}}, as_bytes(answer));
}

class Tls : public testing::Test {
 protected:
  void serve(TlsServerOptions tls, ListenOptions options = {}, Handler handler = who) {
    auto context = TlsServerContext::make(std::move(tls));
    ASSERT_TRUE(context) << context.error().text;
    options.tls = server_context_ = *context;
    auto started = HttpServer::start(threads_, std::move(options), std::move(handler));
    ASSERT_TRUE(started) << started.error().text;
    server_ = *std::move(started);
  }

  Result<Answer> ask(const std::shared_ptr<const TlsClientContext>& tls, std::string body = {}) {
    return block_on(threads_.at(0), call(*client_, {"127.0.0.1", server_->port()}, tls, post("/"), std::move(body)));
  }
  static std::shared_ptr<const TlsClientContext> context(TlsClientOptions options) {
    auto made = TlsClientContext::make(std::move(options));
    EXPECT_TRUE(made) << made.error().text;
    return *made;
  }
  std::string s_client(const std::string& options) const {
    return run_command(
        "printf 'GET / HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' | timeout 20 openssl "
        "s_client -ign_eof -connect 127.0.0.1:" +
        std::to_string(server_->port()) + " " + options);
  }

  IoThreads threads_{2};
  std::unique_ptr<HttpClient> client_ = HttpClient::make(threads_.at(0));
  std::shared_ptr<const TlsServerContext> server_context_;
  std::unique_ptr<HttpServer> server_;
};

// Files of an identity, for the openssl and curl tools.
class PemFiles {
 public:
  explicit PemFiles(const TlsIdentity& identity) {
    std::string chain;
    for (const auto& certificate : identity.chain) chain += certificate.to_pem();
    std::filesystem::create_directories(folder_);
    EXPECT_TRUE(write_file_atomically(key(), identity.key.to_pem()));
    EXPECT_TRUE(write_file_atomically(chain_file(), chain));
  }
  ~PemFiles() { std::filesystem::remove_all(folder_); }
  std::string key() const { return folder_ + "/key.pem"; }
  std::string chain_file() const { return folder_ + "/chain.pem"; }
  std::string session() const { return folder_ + "/session.pem"; }

 private:
  std::string folder_ = testing::TempDir() + "causeway-net-" + std::to_string(::getpid());
};

TEST_F(Tls, CarriesMessagesAndKeepsTheConnection) {
  serve(server_options());
  std::atomic<int> checks = 0;
  const auto tls = context(client_options(false, [&checks](const std::vector<pki::Certificate>& chain) -> Result<void> {
    EXPECT_EQ(names(chain), "CN=server CN=intermediate ");
    ++checks;
    return {};
  }));
  const auto first = ask(tls, "hello");
  ASSERT_TRUE(first) << first.error().text;
  EXPECT_EQ(first->body, "hello");
  const std::string large(3000000, 'z');
  const auto second = ask(tls, large);
  ASSERT_TRUE(second) << second.error().text;
  EXPECT_TRUE(second->reused);
  EXPECT_EQ(second->body, large);
  EXPECT_EQ(checks, 1);
}

TEST_F(Tls, RefusesAServerThatTheCheckRefuses) {
  serve(server_options());
  const auto answer = ask(context(client_options(
      false, [](const auto&) -> Result<void> { return Fault{"ssl_authentication_failed", "not one of ours"}; })));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ssl_authentication_failed");
  EXPECT_NE(answer.error().text.find("not one of ours"), std::string::npos);
}

TEST_F(Tls, AsksForAClientCertificateWithoutInsisting) {
  serve(server_options(Wanted::requested));
  EXPECT_EQ(ask(context(client_options(false)))->body, "");
  EXPECT_EQ(ask(context(client_options(true)))->body, "CN=client CN=intermediate ");
}

TEST_F(Tls, InsistsOnAClientCertificate) {
  serve(server_options(Wanted::required));
  EXPECT_FALSE(ask(context(client_options(false))));
  EXPECT_EQ(ask(context(client_options(true)))->body, "CN=client CN=intermediate ");
}

TEST_F(Tls, TellsAClientThatItsCertificateWasRefused) {
  serve(
      server_options(Wanted::required, [](const auto&) -> Result<void> { return Fault{"access_denied", "unknown"}; }));
  const auto answer = ask(context(client_options(true)));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ssl_authentication_failed") << answer.error().text;
}

TEST_F(Tls, TellsAClientThatStillSendsThatItsCertificateWasRefused) {
  serve(
      server_options(Wanted::required, [](const auto&) -> Result<void> { return Fault{"access_denied", "unknown"}; }));
  const auto conversation = [](HttpClient& client, Endpoint endpoint,
                               std::shared_ptr<const TlsClientContext> tls) -> Task<std::string> {
    auto opened = co_await client.open(std::move(endpoint), std::move(tls), ClientTimeouts{});
    if (!opened) co_return opened.error().code;
    auto writer = co_await (*opened)->request(post("/"));
    const std::string piece(65536, 'x');
    for (int i = 0; i < 16384; ++i)
      if (auto written = co_await (*writer)->write(as_bytes(piece)); !written) break;
    auto response = co_await (*opened)->response();
    co_return response ? "answered" : response.error().code;
  };
  EXPECT_EQ(
      block_on(threads_.at(0), conversation(*client_, {"127.0.0.1", server_->port()}, context(client_options(true)))),
      "ssl_authentication_failed");
}

class TlsResumption : public Tls, public testing::WithParamInterface<const char*> {};

TEST_P(TlsResumption, KeepsTheWholeChainOnBothSidesAndChecksAgain) {
  std::atomic<int> server_checks = 0, client_checks = 0;
  std::atomic<bool> revoked = false;
  ListenOptions closing;
  closing.close_after_response = true;
  TlsServerOptions options = server_options(Wanted::required, [&](const auto& chain) -> Result<void> {
    EXPECT_EQ(names(chain), "CN=client CN=intermediate ");
    ++server_checks;
    if (revoked) return Fault{"access_denied", "revoked"};
    return {};
  });
  options.suites.tls12 = GetParam();
  serve(std::move(options), closing, [](ServerCall& call) -> Task<void> { co_await who(call); });
  TlsClientOptions wanted = client_options(true, [&](const auto& chain) -> Result<void> {
    EXPECT_EQ(names(chain), "CN=server CN=intermediate ");
    ++client_checks;
    return {};
  });
  const auto tls = context(std::move(wanted));
  for (int i = 1; i <= 3; ++i) {
    const auto answer = ask(tls);
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_FALSE(answer->reused);
    EXPECT_EQ(answer->body, "CN=client CN=intermediate ");
    EXPECT_EQ(server_checks, i);
    EXPECT_EQ(client_checks, i);
  }
  EXPECT_EQ(SSL_CTX_sess_hits(server_context_->handle()), 2);
  revoked = true;
  EXPECT_FALSE(ask(tls));
}

// A thousand sessions with the longest chains that OpenSSL takes would hold 100 MB.
TEST_P(TlsResumption, KeepsNoSessionOfALongChain) {
  ListenOptions closing;
  closing.close_after_response = true;
  TlsServerOptions options = server_options(Wanted::required);
  options.suites.tls12 = GetParam();
  serve(std::move(options), closing);
  TlsClientOptions wanted = client_options();
  wanted.identity = std::make_shared<TlsIdentity>(TestPki::instance().issue_with_ballast("client", 20000));
  const auto tls = context(std::move(wanted));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(ask(tls));
  EXPECT_EQ(SSL_CTX_sess_hits(server_context_->handle()), 0);
  EXPECT_EQ(SSL_CTX_sess_number(server_context_->handle()), 0);
}

INSTANTIATE_TEST_SUITE_P(Versions, TlsResumption, testing::Values("", kTransportSuites),
                         [](const auto& version) { return *version.param == 0 ? "Tls13" : "Tls12"; });

// Peers that end without a farewell are many, and their sessions are as good as any.
TEST_F(Tls, ResumesTheSessionOfAConnectionThatWasCut) {
  TlsServerOptions options = server_options(Wanted::required);
  options.suites.tls12 = kTransportSuites;
  serve(std::move(options));
  const auto tls = context(client_options(true));
  const auto begin_and_go = [](HttpClient& client, Endpoint endpoint,
                               std::shared_ptr<const TlsClientContext> with) -> Task<bool> {
    auto opened = co_await client.open(std::move(endpoint), std::move(with), ClientTimeouts{});
    if (!opened) co_return false;
    auto writer = co_await (*opened)->request(post("/"));
    if (!writer) co_return false;
    auto written = co_await (*writer)->write(as_bytes(std::string_view("begun")));
    co_return written.ok();
  };
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(block_on(threads_.at(0), begin_and_go(*client_, {"127.0.0.1", server_->port()}, tls)));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // the server notices
  }
  EXPECT_TRUE(ask(tls));
  EXPECT_EQ(SSL_CTX_sess_hits(server_context_->handle()), 3);
}

TEST_F(Tls, SpeaksTheSuitesOfJavaPeersWithOpenssl) {
  TlsServerOptions options = server_options(Wanted::required);
  options.suites.tls12 = kTransportSuites;
  serve(std::move(options));
  const PemFiles files(TestPki::instance().issue("tool"));
  const std::string identity =
      "-cert " + files.chain_file() + " -cert_chain " + files.chain_file() + " -key " + files.key();
  const std::string first = s_client(identity + " -cipher ECDHE-RSA-AES256-SHA384");
  EXPECT_NE(first.find("Cipher is ECDHE-RSA-AES256-SHA384"), std::string::npos) << first;
  EXPECT_NE(first.find("CN=tool CN=tool CN=intermediate"), std::string::npos) << first;
  EXPECT_NE(s_client(identity + " -cipher DHE-RSA-AES256-SHA256").find("Cipher is DHE-RSA-AES256-SHA256"),
            std::string::npos);
  EXPECT_EQ(s_client(identity + " -tls1_3").find("HTTP/1.1 200"), std::string::npos);
  EXPECT_NE(first.find("Acceptable client certificate CA names"), std::string::npos);
}

TEST_F(Tls, ResumesForOpensslWithTheWholeChain) {
  serve(server_options(Wanted::required));
  const PemFiles files(TestPki::instance().issue("tool"));
  const std::string identity =
      "-cert " + files.chain_file() + " -key " + files.key() + " -cert_chain " + files.chain_file();
  const std::string first = s_client(identity + " -sess_out " + files.session());
  EXPECT_NE(first.find("TLSv1.3"), std::string::npos);
  const std::string second = s_client(identity + " -sess_in " + files.session());
  EXPECT_NE(second.find("Reused, TLSv1.3"), std::string::npos) << second;
  EXPECT_NE(second.find("CN=tool CN=tool CN=intermediate"), std::string::npos) << second;
}

TEST_F(Tls, AnswersCurl) {
  serve(server_options(Wanted::requested));
  const std::string output = run_command("curl -s -k --max-time 20 --data-binary 'some body' https://127.0.0.1:" +
                                         std::to_string(server_->port()) + "/path");
  EXPECT_EQ(output, "some body");
}

TEST_F(Tls, APlainRequestToATlsPortIsRefused) {
  serve(server_options());
  RawPeer peer(server_->port());
  peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(peer.read_all().find("HTTP/1.1 200"), std::string::npos);
}

TEST_F(Tls, AHandshakeThatDoesNotComeIsCutOff) {
  ListenOptions options;
  options.limits.idle_time = std::chrono::milliseconds(300);
  serve(server_options(), options);
  RawPeer peer(server_->port());
  EXPECT_TRUE(peer.ended());
}

TEST_F(Tls, AServerThatNeverAnswersTheHandshakeIsANetworkError) {
  ListenOptions plain;
  auto silent = HttpServer::start(threads_, plain, who);
  ASSERT_TRUE(silent);
  ClientTimeouts timeouts;
  timeouts.connect = std::chrono::milliseconds(300);
  const auto opened =
      block_on(threads_.at(0), client_->open({"127.0.0.1", (*silent)->port()}, context(client_options()), timeouts));
  ASSERT_FALSE(opened);
}

TEST_F(Tls, NewConnectionsGetTheNewCertificate) {
  serve(server_options());
  auto renewed = server_options();
  renewed.identity = TestPki::instance().issue("renewed");
  server_->set_tls(*TlsServerContext::make(std::move(renewed)));
  std::string shown;
  ASSERT_TRUE(ask(context(client_options(false, [&shown](const auto& chain) -> Result<void> {
    shown = names(chain);
    return {};
  }))));
  EXPECT_EQ(shown, "CN=renewed CN=intermediate ");
}

TEST_F(Tls, AnOpenConnectionEndsWithItsNextAnswerOnceTheCertificateIsRenewed) {
  serve(server_options());
  std::string shown;
  const auto tls = context(client_options(false, [&shown](const auto& chain) -> Result<void> {
    shown = names(chain);
    return {};
  }));
  ASSERT_TRUE(ask(tls));
  auto renewed = server_options();
  renewed.identity = TestPki::instance().issue("renewed");
  server_->set_tls(*TlsServerContext::make(std::move(renewed)));
  const auto last = ask(tls);
  ASSERT_TRUE(last) << last.error().text;
  EXPECT_TRUE(last->reused);
  const auto first = ask(tls);
  ASSERT_TRUE(first) << first.error().text;
  EXPECT_FALSE(first->reused);
  EXPECT_EQ(shown, "CN=renewed CN=intermediate ");
}

TEST(TlsContext, RefusesAKeyThatDoesNotFitAndSuitesNobodyKnows) {
  TlsServerOptions wrong = server_options();
  wrong.identity.key = *pki::PrivateKey::generate_rsa(2048);
  const auto mismatch = TlsServerContext::make(std::move(wrong));
  ASSERT_FALSE(mismatch);
  EXPECT_EQ(mismatch.error().code, "internal_error");
  TlsClientOptions unknown;
  unknown.suites.tls12 = "NO-SUCH-SUITE";
  EXPECT_FALSE(TlsClientContext::make(std::move(unknown)));
}

}  // namespace
}  // namespace causeway::net
