// SPDX-License-Identifier: MIT
// A server's authentication key is replaced while it runs: it shows the new certificate,
// and no message is lost (trust.md 9).
#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <thread>

#include "case.hpp"
#include "net/coroutines.hpp"
#include "peer_double.hpp"

namespace causeway::conformance {
namespace {

using namespace std::chrono_literals;

// Calls `shown` until it gives the certificate, and holds that a message is served each time.
template <class Shown>
void expect_to_show(const pki::Certificate& certificate, const Shown& shown) {
  for (const auto end = std::chrono::steady_clock::now() + 120s; std::chrono::steady_clock::now() < end;) {
    const std::optional<pki::Certificate> seen = shown();
    if (seen && *seen == certificate) return;
    std::this_thread::sleep_for(50ms);
  }
  ADD_FAILURE() << "the new certificate is never shown";
}

TEST(AuthenticationKey, ClientProxyReloadAuthKey) {
  describes("the consumer's server connects with its new authentication key as soon as that is registered");
  Country& country = Country::shared();
  std::mutex mutex;
  std::optional<pki::Certificate> seen;
  PeerTls tls;
  tls.check = [&](const std::vector<pki::Certificate>& chain) -> Result<void> {
    const std::lock_guard lock(mutex);
    if (!chain.empty()) seen = chain.front();
    return {};
  };
  const PeerDouble peer([](const net::RequestHead&, const std::string& body) { return honest_soap_answer(body); },
                        std::move(tls));
  const auto shown = [&] {
    const Answer answer = post_soap(soap_request(country.app(), country.double_service(), "getState", "k-1"));
    EXPECT_EQ(answer.fault_code(), "") << answer.body << answer.problem;
    const std::lock_guard lock(mutex);
    return seen;
  };
  ASSERT_TRUE(shown());
  expect_to_show(country.replace_authentication_key(country.consumer_directory()), shown);
}

// What a server shows to one that connects as SS3.
std::optional<pki::Certificate> certificate_of(const net::Endpoint& endpoint) {
  Country& country = Country::shared();
  const auto connect =
      [](net::HttpClient& client, net::Endpoint to,
         std::shared_ptr<const net::TlsClientContext> tls) -> net::Task<std::optional<pki::Certificate>> {
    auto call = co_await client.open(std::move(to), std::move(tls), {30s, 30s}, false);
    if (!call || (*call)->peer_certificates().empty()) co_return std::nullopt;
    co_return (*call)->peer_certificates().front();
  };
  return net::block_on(country.threads().at(0),
                       connect(country.client(), endpoint, client_tls(country.double_authentication())));
}

TEST(AuthenticationKey, ServerProxyReloadAuthKey) {
  describes("the provider's server shows its new authentication certificate as soon as that is registered");
  Country& country = Country::shared();
  country.services().answer_with(
      [](const ServiceRequest& request) { return http_answer("text/xml", soap_answer(request.body)); });
  // The two servers take a configuration up at different moments: in between, one does not
  // know the other's new certificate yet. The first message may take a connection that has shown
  // the old one, and is closed then; the second is answered when both know the new one.
  const auto shown = [&]() -> std::optional<pki::Certificate> {
    const std::optional<pki::Certificate> seen = certificate_of(country.provider_transport());
    for (int i = 0; i < 2; ++i) {
      const Answer answer = post_soap(soap_request(country.app(), country.service(), "getState", "k-2"));
      if (answer.fault_code().starts_with("server.clientproxy.ssl_authentication_failed")) return std::nullopt;
      EXPECT_EQ(answer.fault_code(), "") << answer.body << answer.problem;
    }
    return seen;
  };
  expect_to_show(country.replace_authentication_key(country.provider_directory()), shown);
}

}  // namespace
}  // namespace causeway::conformance
