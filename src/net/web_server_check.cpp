// SPDX-License-Identifier: MIT
#include "net/web_server_check.hpp"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <string_view>

#include "domain/fault_code.hpp"
#include "pki/openssl_handles.hpp"

namespace causeway::net {
namespace {

using StorePtr = pki::Handle<X509_STORE, &X509_STORE_free>;
using StackPtr = pki::Handle<STACK_OF(X509), &pki::free_x509_stack>;  // the certificates belong to others
using StoreContextPtr = pki::Handle<X509_STORE_CTX, &X509_STORE_CTX_free>;

Fault refused(const std::string& host, std::string_view why) {
  return fault(FaultCode::ssl_authentication_failed, host + ": " + std::string(why));
}

StorePtr store_of_machine() {
  StorePtr store(X509_STORE_new());
  if (store && X509_STORE_set_default_paths(store.get()) != 1) store.reset();
  return store;
}

StorePtr store_of(const std::vector<pki::Certificate>& trusted) {
  StorePtr store(X509_STORE_new());
  for (const pki::Certificate& each : trusted)
    if (store && X509_STORE_add_cert(store.get(), each.handle()) != 1) store.reset();
  return store;
}

Result<void> check_chain(const std::string& host, const std::vector<pki::Certificate>& shown, const StorePtr& store) {
  const StoreContextPtr context(X509_STORE_CTX_new());
  const StackPtr others(sk_X509_new_null());
  if (!store || !context || !others) return refused(host, "the trusted certificates cannot be read");
  for (std::size_t i = 1; i < shown.size(); ++i) sk_X509_push(others.get(), shown[i].handle());
  if (X509_STORE_CTX_init(context.get(), store.get(), shown.front().handle(), others.get()) != 1)
    return refused(host, "the certificate cannot be checked");
  X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
  if (X509_verify_cert(context.get()) == 1) return {};
  return refused(host, X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
}

Result<void> check_host(const std::string& host, const pki::Certificate& leaf) {
  if (X509_check_ip_asc(leaf.handle(), host.c_str(), 0) == 1) return {};
  if (X509_check_host(leaf.handle(), host.data(), host.size(), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1)
    return {};
  return refused(host, "the certificate is of another host");
}

}  // namespace

PeerCheck web_server_check(std::string host, bool verify_certificate, bool verify_host_name) {
  return [host = std::move(host), verify_certificate,
          verify_host_name](const std::vector<pki::Certificate>& shown) -> Result<void> {
    if (shown.empty()) return refused(host, "the server showed no certificate");
    if (verify_certificate)
      if (auto checked = check_chain(host, shown, store_of_machine()); !checked) return checked;
    return verify_host_name ? check_host(host, shown.front()) : Result<void>();
  };
}

PeerCheck web_server_check(std::string host, std::vector<pki::Certificate> trusted) {
  return [host = std::move(host),
          trusted = std::move(trusted)](const std::vector<pki::Certificate>& shown) -> Result<void> {
    if (shown.empty()) return refused(host, "the server showed no certificate");
    if (std::ranges::find(trusted, shown.front()) != trusted.end()) return {};
    if (auto checked = check_chain(host, shown, store_of(trusted)); !checked) return checked;
    return check_host(host, shown.front());
  };
}

}  // namespace causeway::net
