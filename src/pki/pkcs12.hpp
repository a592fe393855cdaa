// SPDX-License-Identifier: MIT
// PKCS#12 key stores: software tokens, internal TLS keys, archives' keys (evidence.md
// section 7).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pki/certificate.hpp"
#include "pki/key.hpp"

namespace causeway::pki {

// The code of the fault for a password that does not open a store.
inline constexpr std::string_view kWrongPassword = "wrong_password";

struct KeyStore {
  PrivateKey key;
  std::vector<Certificate> certificates;  // the key's own first, where there is one
  std::string alias;                      // friendlyName of the key's certificate; Java writes it in lower case
};

// The first key of the store and all its certificates. Old stores (RC2, 3DES) too, where
// OpenSSL's legacy provider is installed. wrong_password, or internal_error when it
// cannot be read.
Result<KeyStore> read_pkcs12(ByteView der, std::string_view password);

// As a JDK writes it: PBES2 with AES-256-CBC and HMAC-SHA256, MAC by SHA-256, 10000
// rounds. The first certificate is the key's own.
Result<Bytes> write_pkcs12(const PrivateKey& key, std::span<const Certificate> certificates, const std::string& alias,
                           std::string_view password);

// A symmetric key, as raw octets.
struct SecretKey {
  std::string alias;  // in lower case, as Java gives it
  Bytes secret;
};

// All symmetric keys of a store, as the JDK writes them: secret bags that hold an
// encrypted PKCS#8 whose private key is the raw secret (evidence.md 4.3). Other entries
// are passed over. Faults as read_pkcs12.
Result<std::vector<SecretKey>> read_secret_keys(ByteView der, std::string_view password);

}  // namespace causeway::pki
