// SPDX-License-Identifier: MIT
// Fetches OCSP responses for the own certificates and their intermediates, and keeps them
// as files `<lower-case hex SHA-1 of the certificate>.ocsp`, which the proxy reads
// (evidence.md 6.1, 6.2).
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "globalconf/view.hpp"
#include "net/http_client.hpp"
#include "pki/certificate.hpp"
#include "securityserver/administration/ocsp_responders.hpp"
#include "signer/token_info.hpp"

namespace causeway::securityserver {

// Active, registered, not self-signed and valid at `at`: those whose status peers will ask for.
std::vector<pki::Certificate> certificates_to_follow(const std::vector<signer::TokenInfo>& tokens, TimePoint at);

// What came of one certificate in one round, for diagnostics.
struct OcspOutcome {
  std::string certificate;  // SHA-1, as in the file's name
  std::string subject;
  std::string responder;  // that gave the response, or the last one asked
  std::string status;     // "good", "revoked", "unknown"; empty without a response
  std::optional<TimePoint> this_update, next_update;
  std::string fault;  // empty: a verified response was stored
};

class OcspFetcher {
 public:
  struct Options {
    std::filesystem::path directory;  // made when missing
    globalconf::CostPreference preference = globalconf::CostPreference::none;
    net::ClientTimeouts timeouts{.connect = std::chrono::seconds(20), .idle = std::chrono::seconds(60)};
  };
  // `http` must live longer.
  OcspFetcher(net::HttpClient& http, Options options) : http_(http), options_(std::move(options)) {}

  // One round over these certificates and their intermediates. The first response that
  // verifies is stored, whatever it says; what stood there before stays when none does.
  net::Task<std::vector<OcspOutcome>> run(std::shared_ptr<const globalconf::View> view,
                                          std::vector<pki::Certificate> certificates, TimePoint at);

 private:
  net::Task<OcspOutcome> fetch(const globalconf::View& view, const pki::Certificate& certificate, TimePoint at);
  net::Task<Result<Bytes>> ask(std::string url, Bytes request);
  Result<void> store(const pki::Certificate& certificate, const Bytes& response) const;
  void delete_strangers(const std::vector<OcspOutcome>& outcomes) const;

  net::HttpClient& http_;
  const Options options_;
};

}  // namespace causeway::securityserver
