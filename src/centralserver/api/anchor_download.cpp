// SPDX-License-Identifier: MIT
#include "centralserver/api/api_operations.hpp"
#include "globalconf/configuration_client.hpp"
#include "globalconf/http_fetcher.hpp"
#include "net/coroutines.hpp"
#include "net/io_threads.hpp"

namespace causeway::centralserver {

AnchorTrial anchor_download() {
  return [](const globalconf::Anchor& anchor) -> Result<void> {
    // It is rare that anchors are uploaded: a thread for each.
    net::IoThreads threads(1);
    const auto http = net::HttpClient::make(threads.at(0));
    globalconf::HttpFetcher fetcher(*http, {.whole = std::chrono::minutes(1)});
    globalconf::ConfigurationClientOptions options;
    globalconf::ConfigurationClient client(std::move(options), fetcher);
    auto parts = net::block_on(threads.at(0), client.validate(anchor, globalconf::AnchorUse::external_source));
    if (!parts) return parts.error();
    return {};
  };
}

}  // namespace causeway::centralserver
