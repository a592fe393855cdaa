// SPDX-License-Identifier: MIT
// OCSP responses of the own certificates, as the administration fetched them: files
// `<lower-case hex SHA-1 of the certificate>.ocsp` in one directory (evidence.md 6.1).
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "base/bytes.hpp"
#include "base/snapshot.hpp"
#include "pki/certificate.hpp"

namespace causeway::securityserver {

class OcspCache {
 public:
  explicit OcspCache(std::string directory) : directory_(std::move(directory)) {}

  // Looks at the files again; true when any response came, went or changed.
  bool reload();

  std::optional<Bytes> find(const pki::Certificate& certificate) const;
  // By SHA-1 of the certificate, hexadecimal in lower case.
  std::optional<Bytes> find(const std::string& sha1) const;

 private:
  using Responses = std::unordered_map<std::string, Bytes>;

  std::string directory_;
  std::string fingerprint_;  // of names, sizes and times; touched by reload() only
  Snapshot<Responses> responses_;
};

}  // namespace causeway::securityserver
