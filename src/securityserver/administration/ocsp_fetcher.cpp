// SPDX-License-Identifier: MIT
#include "securityserver/administration/ocsp_fetcher.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "pki/ocsp.hpp"

namespace causeway::securityserver {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxResponse = 64UL << 10;
constexpr std::string_view kSuffix = ".ocsp";
constexpr std::chrono::hours kStrangersAge{24};

// Verified in every way but for what it says: the status is judged where it is used.
Result<pki::OcspFacts> verify(const Bytes& response, const pki::Certificate& certificate, const pki::ApprovedCa& issuer,
                              const globalconf::View& view, TimePoint at) {
  Result<pki::OcspFacts> facts = pki::verify_ocsp_response(response, certificate, issuer, view, at);
  if (facts || facts.error().code != to_string(FaultCode::cert_validation)) return facts;
  return pki::read_ocsp_response(response);
}

}  // namespace

std::vector<pki::Certificate> certificates_to_follow(const std::vector<signer::TokenInfo>& tokens, TimePoint at) {
  std::vector<pki::Certificate> certificates;
  for (const signer::TokenInfo& token : tokens)
    for (const signer::KeyInfo& key : token.keys)
      for (const signer::CertificateInfo& info : key.certificates)
        if (info.active && info.status == signer::kStatusRegistered && !info.certificate.self_signed() &&
            info.certificate.valid_at(at))
          certificates.push_back(info.certificate);
  return certificates;
}

net::Task<Result<Bytes>> OcspFetcher::ask(std::string url, Bytes request) {
  const Result<net::Url> address = net::Url::parse(url);
  if (!address) co_return address.error();
  net::RequestHead head;
  head.method = "POST";
  head.headers.add("Content-Type", "application/ocsp-request");
  head.headers.add("Accept", "application/ocsp-response");
  std::shared_ptr<const net::TlsClientContext> tls;
  if (address->tls) {
    // The response is signed; the connection adds no trust.
    auto context = net::TlsClientContext::make({});
    if (!context) co_return context.error();
    tls = *std::move(context);
  }
  auto response =
      co_await http_.fetch(*address, std::move(head), std::move(request), kMaxResponse, tls, options_.timeouts);
  if (!response) co_return response.error();
  if (response->head.status != 200)
    co_return fault(FaultCode::http_error, "HTTP status " + std::to_string(response->head.status));
  co_return std::move(response->body);
}

Result<void> OcspFetcher::store(const pki::Certificate& certificate, const Bytes& response) const {
  if (auto made = make_directories(options_.directory); !made) return made;
  const std::string name = certificate.hash_hex(pki::DigestAlgorithm::sha1) + std::string(kSuffix);
  return write_file_atomically(options_.directory / name, as_text(response));
}

net::Task<OcspOutcome> OcspFetcher::fetch(const globalconf::View& view, const pki::Certificate& certificate,
                                          TimePoint at) {
  OcspOutcome outcome;
  outcome.certificate = certificate.hash_hex(pki::DigestAlgorithm::sha1);
  outcome.subject = certificate.subject_rfc2253();
  const pki::ApprovedCa* issuer = view.issuer_of(view.own_instance(), certificate);
  if (issuer == nullptr) {
    outcome.fault = "its issuer is not an approved CA of " + view.own_instance();
    co_return outcome;
  }
  const Bytes request = pki::make_ocsp_request(certificate, issuer->certificate);
  const std::vector<std::string> urls = ocsp_responders_of(view, certificate, *issuer, options_.preference);
  if (urls.empty()) outcome.fault = "neither the global configuration nor the certificate names an OCSP responder";
  for (const std::string& url : urls) {
    outcome.responder = url;
    Result<Bytes> response = co_await ask(url, request);
    if (!response) {
      outcome.fault = response.error().text;
      continue;
    }
    Result<pki::OcspFacts> facts = verify(*response, certificate, *issuer, view, at);
    if (!facts) {
      outcome.fault = facts.error().text;
      continue;
    }
    if (auto stored = store(certificate, *response); !stored) {
      outcome.fault = stored.error().text;
      co_return outcome;
    }
    outcome.fault.clear();
    outcome.status = pki::to_string(facts->status);
    outcome.this_update = facts->this_update;
    outcome.next_update = facts->next_update;
    co_return outcome;
  }
  co_return outcome;
}

net::Task<std::vector<OcspOutcome>> OcspFetcher::run(std::shared_ptr<const globalconf::View> view,
                                                     std::vector<pki::Certificate> certificates, TimePoint at) {
  std::vector<pki::Certificate> all;
  for (const pki::Certificate& leaf : certificates) {
    std::vector<pki::Certificate> chain = view->chain_of(leaf, view->own_instance());
    if (chain.empty()) chain.push_back(leaf);
    for (pki::Certificate& certificate : chain)
      if (std::ranges::find(all, certificate) == all.end()) all.push_back(std::move(certificate));
  }
  std::vector<OcspOutcome> outcomes;
  for (const pki::Certificate& certificate : all) {
    outcomes.push_back(co_await fetch(*view, certificate, at));
    const OcspOutcome& latest = outcomes.back();
    if (!latest.fault.empty())
      log::warn("no OCSP response for {} from {}: {}", latest.subject, latest.responder, latest.fault);
    else if (latest.status != "good")
      log::warn("the OCSP status of {} is {}", latest.subject, latest.status);
  }
  delete_strangers(outcomes);
  co_return outcomes;
}

// Responses about certificates that are no longer followed.
void OcspFetcher::delete_strangers(const std::vector<OcspOutcome>& outcomes) const {
  std::error_code error;
  for (fs::directory_iterator entry(options_.directory, error), end; !error && entry != end; entry.increment(error)) {
    const fs::path& file = entry->path();
    if (file.extension() != kSuffix) continue;
    const std::string name = file.stem().string();
    if (std::ranges::any_of(outcomes, [&](const OcspOutcome& outcome) { return outcome.certificate == name; }))
      continue;
    std::error_code ignored;
    const auto age = fs::file_time_type::clock::now() - fs::last_write_time(file, ignored);
    if (!ignored && age > kStrangersAge) fs::remove(file, ignored);
  }
}

}  // namespace causeway::securityserver
