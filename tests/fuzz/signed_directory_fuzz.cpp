// SPDX-License-Identifier: MIT
// Signed directories from whoever answers a download, and what stands in one whose signer
// has lost his mind.
#include <cstdint>
#include <cstdlib>

#include "globalconf/download_locations.hpp"
#include "globalconf/signed_directory.hpp"
#include "globalconf/source_keys.hpp"

namespace {

using namespace causeway;
using namespace causeway::globalconf;

void require(bool holds) {
  if (!holds) std::abort();
}

const SourceKeys& keys() {
  static const SourceKeys made = [] {
    const pki::PrivateKey key = *pki::PrivateKey::generate_ec();
    return source_keys(key, *make_source_certificate(key, "fuzz"));
  }();
  return made;
}

// `content` as the first part of a document that is signed well.
std::string sealed(std::string_view content) {
  std::string out = "Content-Type: multipart/related; boundary=OUT-4711\n\n--OUT-4711\n";
  out += "Content-Type: multipart/mixed; boundary=B\n\n";
  out.append(content).append("\n--OUT-4711\nContent-Type: application/octet-stream\n");
  out += "Content-Transfer-Encoding: base64\nSignature-Algorithm-Id: " + pki::signature_uri(keys().active.algorithm);
  const auto hash = pki::digest(pki::DigestAlgorithm::sha256, keys().active.certificate.der());
  out += "\nVerification-certificate-hash: " + to_base64(hash) +
         "; hash-algorithm-id=http://www.w3.org/2001/04/xmlenc#sha256\n\n";
  out += to_base64(*keys().active.sign(as_bytes(content))) + "\n--OUT-4711--\n";
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const std::vector<Bytes> certificates = {keys().active.certificate.der()};
  const TimePoint at = from_unix_millis(0);

  // Nobody but the key's owner makes a document that opens.
  require(!open_signed_directory(input, certificates, at).ok());

  const auto directory = open_signed_directory(sealed(input), certificates, at);
  if (!directory) return 0;
  // What was read can be written, and is read the same.
  const auto again = sign_directory(*directory, keys().active);
  require(again.ok());
  for (const DirectoryPart& part : directory->parts) {
    require(!part.instance.empty() && part.hash.size() == pki::digest_size(part.hash_algorithm));
    const auto url = resolve_location("https://host/internalconf?version=6", part.location);
    require(!url || url->starts_with("http"));
  }
  return 0;
}
