// SPDX-License-Identifier: MIT
// The signed directory of a configuration: which parts there are, where, with what
// digests, until when, signed as a whole (trust.md section 2). Read as every known writer
// writes it, written as a Central Server does.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "pki/certificate.hpp"
#include "pki/digest.hpp"
#include "pki/signature_algorithm.hpp"

namespace causeway::globalconf {

struct DirectoryPart {
  std::string content_identifier;  // "SHARED-PARAMETERS", ...
  std::string instance;
  std::string location;  // to be resolved against the URL of the directory
  std::optional<std::string> file_name;
  pki::DigestAlgorithm hash_algorithm = pki::DigestAlgorithm::sha512;
  Bytes hash;
};

struct SignedDirectory {
  TimePoint expires;
  std::optional<std::string> version;  // absent: 2
  std::vector<DirectoryPart> parts;

  int version_number() const;  // 0 when it is not one of versions.hpp
};

// Splits, finds the certificate, verifies, and only then reads what was signed; in this
// order, so that the fault is the one X-Road names. The certificates are containers of
// keys: DER or PEM, their dates do not count, unreadable ones are passed over.
// Faults: configuration_fault.hpp. SHA-1 is refused for signature and parts.
Result<SignedDirectory> open_signed_directory(std::string_view document,
                                              std::span<const Bytes> verification_certificates, TimePoint at);

// Who signs: `sign` gets the bytes to be signed (ECDSA: answers DER).
struct DirectorySigner {
  pki::Certificate certificate;
  pki::SignatureAlgorithm algorithm;
  std::function<Result<Bytes>(ByteView data)> sign;
  pki::DigestAlgorithm certificate_hash = pki::DigestAlgorithm::sha512;
};

// The two halves of writing, for a signer that is asked in between.
class DirectoryDraft {
 public:
  explicit DirectoryDraft(const SignedDirectory& directory);
  const std::string& signed_data() const { return signed_data_; }
  // The document. `signature` is over signed_data().
  std::string seal(ByteView signature, const pki::Certificate& certificate, pki::SignatureAlgorithm algorithm,
                   pki::DigestAlgorithm certificate_hash = pki::DigestAlgorithm::sha512) const;

 private:
  std::string inner_boundary_, signed_data_;
};

Result<std::string> sign_directory(const SignedDirectory& directory, const DirectorySigner& signer);

}  // namespace causeway::globalconf
