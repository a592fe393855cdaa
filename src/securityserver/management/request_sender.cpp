// SPDX-License-Identifier: MIT
#include "securityserver/management/request_sender.hpp"

#include "domain/fault_code.hpp"
#include "net/coroutines.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kLargestAnswer = 1 << 20;

// Byte for byte the one that the global configuration names; its host name counts for nothing.
net::PeerCheck pinned(std::optional<Bytes> certificate) {
  return [certificate = std::move(certificate)](const std::vector<pki::Certificate>& shown) -> Result<void> {
    if (certificate && !shown.empty() && shown.front().der() == *certificate) return {};
    return fault(FaultCode::ssl_authentication_failed,
                 certificate ? "The Central Server shows another certificate than the global configuration names"
                             : "The global configuration names no certificate of the Central Server");
  };
}

}  // namespace

Result<std::int64_t> RequestSender::send(const CentreRequest& request, const globalconf::View& view) {
  if (auto valid = view.check_valid(now()); !valid) return valid.error();
  const globalconf::ManagementService& service = view.private_parameters()->management;
  auto soap = centre_message(request, service.provider);
  if (!soap) return soap.error();
  auto form = signed_form(request, *soap);
  if (!form) return form.error();
  if (request.service != CentreService::authCertReg)
    return exchange({.tls = true, .endpoint = settings_.proxy, .target = "/"},
                    {.identity = settings_.identity, .suites = {}, .check = {}}, *soap, *std::move(form));
  auto url = net::Url::parse(service.registration_address);
  if (!url) return url.error();
  if (!url->tls)
    return fault(FaultCode::ssl_authentication_failed, "The address for registrations is not one of HTTPS");
  return exchange(*url, {.identity = nullptr, .suites = {}, .check = pinned(service.registration_tls_cert)}, *soap,
                  *std::move(form));
}

Result<OutgoingForm> RequestSender::signed_form(const CentreRequest& request, const message::SoapMessage& soap) {
  const auto member = signer_of(request);
  if (!member) return centre_form(soap, std::nullopt);
  auto tokens = signer_.list_tokens();
  if (!tokens) return tokens.error();
  auto key = signing_certificate_of(*tokens, *member, ocsp_, now());
  if (!key) return key.error();
  auto signature = sign_with(signer_, key->key, soap.bytes);
  if (!signature) return signature.error();
  const pki::Certificate& certificate = key->certificate.certificate;
  const MemberSignature of_member{*std::move(signature), certificate.der(), ocsp_.find(certificate).value_or(Bytes())};
  if (request.service != CentreService::authCertReg) return centre_form(soap, of_member);
  auto registered = pki::Certificate::from_der(request.certificate.value_or(Bytes()));
  if (!registered) return registered.error();
  auto own = authentication_certificate(*tokens, registered->hash_hex(pki::DigestAlgorithm::sha1));
  if (!own) return own.error();
  if (!registered->valid_at(now()))
    return fault(FaultCode::cert_validation, "The authentication certificate has expired, or is not valid yet");
  auto by_key = sign_with(signer_, own->key, soap.bytes);
  if (!by_key) return by_key.error();
  return centre_form(soap, of_member, AuthenticationSignature{*std::move(by_key), *request.certificate});
}

Result<std::int64_t> RequestSender::exchange(const net::Url& url, net::TlsClientOptions options,
                                             const message::SoapMessage& soap, OutgoingForm form) {
  auto tls = net::TlsClientContext::make(std::move(options));
  if (!tls) return tls.error();
  net::RequestHead head;
  head.method = "POST";
  head.headers.add("Content-Type", std::move(form.content_type));
  head.headers.add("SOAPAction", "\"\"");
  const auto fetch = [&]() -> net::Task<Result<net::HttpClient::Response>> {
    const auto client = net::HttpClient::make(threads_.at(0));
    co_return co_await client->fetch(url, std::move(head), std::move(form.body), kLargestAnswer, *tls,
                                     settings_.timeouts);
  };
  auto response = net::block_on(threads_.at(0), fetch());
  if (!response) return response.error();
  const std::string* const type = response->head.headers.find("Content-Type");
  if (type == nullptr)
    return fault(FaultCode::http_error, "The answer is HTTP status " + std::to_string(response->head.status));
  return read_centre_answer(soap, *type, std::move(response->body));
}

}  // namespace causeway::securityserver
