// SPDX-License-Identifier: MIT
#include "configurationproxy/serving.hpp"

#include "base/files.hpp"
#include "configurationproxy/publication.hpp"
#include "globalconf/configuration_server.hpp"

namespace causeway::configurationproxy {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kStopGrace{5};
constexpr std::size_t kFileLimit = 1 << 20;
constexpr std::string_view kCertificateEnd = "-----END CERTIFICATE-----";

Fault unusable(const fs::path& file, const Fault& why) {
  return malformed_configuration(file.string() + " cannot be used: " + why.text);
}

// Leaf first, as web servers have them in one file.
Result<std::vector<pki::Certificate>> read_chain(const fs::path& file) {
  const auto text = read_file(file, kFileLimit);
  if (!text) return unusable(file, text.error());
  std::vector<pki::Certificate> chain;
  std::string_view rest = *text;
  for (std::size_t end = rest.find(kCertificateEnd); end != rest.npos || chain.empty();
       end = rest.find(kCertificateEnd)) {
    const std::size_t length = end == rest.npos ? rest.size() : end + kCertificateEnd.size();
    auto certificate = pki::Certificate::from_pem(rest.substr(0, length));
    if (!certificate) return unusable(file, certificate.error());
    chain.push_back(*std::move(certificate));
    rest.remove_prefix(length);
  }
  return chain;
}

// Null when there is neither a certificate nor a key.
Result<std::shared_ptr<const net::TlsServerContext>> read_tls(const fs::path& directory) {
  const fs::path certificate_file = directory / "ssl" / "confproxy.crt", key_file = directory / "ssl" / "confproxy.key";
  std::error_code ignored;
  if (!fs::exists(certificate_file, ignored) && !fs::exists(key_file, ignored))
    return std::shared_ptr<const net::TlsServerContext>();
  auto chain = read_chain(certificate_file);
  if (!chain) return std::move(chain).error();
  const auto text = read_file(key_file, kFileLimit);
  if (!text) return unusable(key_file, text.error());
  auto key = pki::PrivateKey::from_pem(*text);
  if (!key) return unusable(key_file, key.error());
  auto context = net::TlsServerContext::make(
      {.identity = {*std::move(key), *std::move(chain)}, .suites = {}, .acceptable_issuers = {}, .check = {}});
  if (!context) return unusable(certificate_file, context.error());
  return context;
}

}  // namespace

Result<std::unique_ptr<Serving>> Serving::start(const ProxySettings& settings) {
  auto tls = read_tls(settings.directory);
  if (!tls) return std::move(tls).error();
  std::unique_ptr<Serving> serving(new Serving);
  const auto listen = [&](std::uint16_t port, std::shared_ptr<const net::TlsServerContext> context) {
    return globalconf::serve_files(
        serving->threads_, {.address = settings.listen_address, .port = port, .tls = std::move(context), .limits = {}},
        settings.published, [root = settings.published](std::string_view path, std::string_view query) {
          return served_file(root, path, query, now());
        });
  };
  auto plain = listen(settings.listen_port, nullptr);
  if (!plain) return std::move(plain).error();
  serving->plain_ = *std::move(plain);
  if (*tls) {
    auto secure = listen(settings.listen_tls_port, *std::move(tls));
    if (!secure) return std::move(secure).error();
    serving->secure_ = *std::move(secure);
  }
  return serving;
}

Serving::~Serving() {
  if (secure_) secure_->stop(kStopGrace);
  if (plain_) plain_->stop(kStopGrace);
}

}  // namespace causeway::configurationproxy
