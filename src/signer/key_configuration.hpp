// SPDX-License-Identifier: MIT
// The facts that keyconf.xml keeps: which devices there are, their keys, and the
// certificates and requests of the keys (evidence.md section 7). The file has X-Road's
// own form, so that a directory can be taken over from a Java signer and given back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "signer/token_info.hpp"

namespace causeway::signer {

struct StoredCertificate {
  std::string id;
  bool active = true;
  std::optional<ClientId> member;
  Bytes contents;  // DER
  std::string status;
  // Verbatim; empty: absent.
  std::string next_renewal_time, renewed_certificate_hash, renewal_error, activation_error;
};

struct StoredRequest {
  std::string id;
  std::optional<ClientId> member;
  std::string subject, alternative_name, certificate_profile;
};

struct StoredKey {
  std::string id, friendly_name, label;
  std::optional<KeyUsage> usage;
  Bytes public_key;  // SubjectPublicKeyInfo
  std::vector<StoredRequest> requests;
  std::vector<StoredCertificate> certificates;
  std::string sign_mechanism;  // empty: the default of the key's kind
};

inline constexpr std::string_view kSoftwareDevice = "softToken";

struct StoredDevice {
  std::string type;  // kSoftwareDevice, or the uid of a PKCS#11 module
  std::string friendly_name, id;
  std::optional<std::string> serial, slot_label;
  std::optional<int> slot;
  std::vector<StoredKey> keys;
};

struct KeyConfiguration {
  std::vector<StoredDevice> devices;

  StoredDevice* device(std::string_view id);
  // The key of this id and the device it is on.
  StoredKey* key(std::string_view id);
  const StoredKey* key(std::string_view id) const;
};

// malformed_server_conf says what is wrong. A DOCTYPE is refused.
Result<KeyConfiguration> read_key_configuration(std::string_view text);
std::string write_key_configuration(const KeyConfiguration& configuration);

}  // namespace causeway::signer
