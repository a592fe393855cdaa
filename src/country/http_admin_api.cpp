// SPDX-License-Identifier: MIT
#include "country/http_admin_api.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "domain/fault_code.hpp"
#include "net/coroutines.hpp"
#include "net/http_client.hpp"
#include "net/io_threads.hpp"
#include "net/web_server_check.hpp"

namespace causeway::country {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLargestAnswer = 1UL << 30;  // shared parameters of a large country
constexpr auto kForOneCall = 5min;
constexpr auto kPatience = 5min;
constexpr auto kShortestPause = 200ms, kLongestPause = 5000ms;
constexpr int kTooManyRequests = 429;

net::PeerCheck check_for(const ServerAddress& address, const std::string& host) {
  if (address.pinned)
    return [pinned = *address.pinned, host](const std::vector<pki::Certificate>& shown) -> Result<void> {
      if (!shown.empty() && NamedCertificate::of(shown.front()) == pinned) return {};
      return fault(FaultCode::ssl_authentication_failed,
                   host + " shows another certificate: SHA-256 " +
                       (shown.empty() ? "none" : NamedCertificate::of(shown.front()).sha256));
    };
  if (!address.trusted.empty()) return net::web_server_check(host, address.trusted);
  return net::web_server_check(host, true, true);
}

class HttpAdminApi final : public AdminApi {
 public:
  HttpAdminApi(net::Url base, std::string api_key, std::shared_ptr<const net::TlsClientContext> tls)
      : base_(std::move(base)), api_key_(std::move(api_key)), tls_(std::move(tls)) {}

  Result<ApiReply> ask(const ApiCall& call) override {
    auto pause = kShortestPause;
    for (const auto give_up = std::chrono::steady_clock::now() + kPatience;;
         pause = std::min(2 * pause, kLongestPause)) {
      auto reply = ask_once(call);
      const bool again = reply && reply->status == kTooManyRequests && std::chrono::steady_clock::now() < give_up;
      if (!again) return reply;
      std::this_thread::sleep_for(pause);
    }
  }

 private:
  Result<ApiReply> ask_once(const ApiCall& call) {
    net::RequestHead head{.method = call.method, .target = {}, .headers = {}};
    head.headers.add("Authorization", "X-Road-ApiKey token=" + api_key_);
    head.headers.add("Accept", "*/*");
    if (!call.content_type.empty()) head.headers.add("Content-Type", call.content_type);
    if (!call.body.empty()) head.headers.add("Content-Length", std::to_string(call.body.size()));
    net::Url url = base_;
    url.target += call.path;
    auto fetching = client_->fetch(std::move(url), std::move(head), to_bytes(call.body), kLargestAnswer, tls_,
                                   {.connect = 30s, .idle = 2min});
    auto response = net::block_on(threads_.at(0),
                                  net::with_deadline(kForOneCall, call.method + " " + call.path, std::move(fetching)));
    if (!response) return response.error().while_doing(call.method + " " + call.path);
    return ApiReply{response->head.status, to_text(response->body)};
  }

  const net::Url base_;
  const std::string api_key_;
  const std::shared_ptr<const net::TlsClientContext> tls_;
  net::IoThreads threads_{1};
  const std::unique_ptr<net::HttpClient> client_ = net::HttpClient::make(threads_.at(0));
};

bool is_of_this_machine(const std::string& host) {
  static constexpr std::array<std::string_view, 3> kNames{"127.0.0.1", "::1", "localhost"};
  return std::ranges::find(kNames, host) != kNames.end();
}

}  // namespace

Result<std::unique_ptr<AdminApi>> open_admin_api(ServerAddress address) {
  auto url = net::Url::parse(address.url);
  if (!url) return url.error();
  while (url->target.ends_with('/')) url->target.pop_back();
  url->target += "/api/v1";
  std::shared_ptr<const net::TlsClientContext> tls;
  if (url->tls) {
    net::TlsClientOptions options;
    options.check = check_for(address, url->endpoint.host);
    auto made = net::TlsClientContext::make(std::move(options));
    if (!made) return made.error();
    tls = *std::move(made);
  } else if (!is_of_this_machine(url->endpoint.host)) {
    return fault(FaultCode::service_malformed_url,
                 address.url + " is not https: the API key would be seen by whoever is between");
  }
  return std::unique_ptr<AdminApi>(
      std::make_unique<HttpAdminApi>(*std::move(url), std::move(address.api_key), std::move(tls)));
}

}  // namespace causeway::country
