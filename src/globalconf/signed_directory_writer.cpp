// SPDX-License-Identifier: MIT
#include "base/uuid.hpp"
#include "globalconf/signed_directory.hpp"

namespace causeway::globalconf {
namespace {

constexpr std::string_view kEnd = "\r\n";

void line(std::string& out, std::string_view text = {}) { out.append(text).append(kEnd); }

void header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append(kEnd);
}

}  // namespace

DirectoryDraft::DirectoryDraft(const SignedDirectory& directory) : inner_boundary_(random_uuid()) {
  const std::string delimiter = "--" + inner_boundary_;
  line(signed_data_, delimiter);
  header(signed_data_, "Expire-date", to_iso_seconds(directory.expires));
  if (directory.version) header(signed_data_, "Version", *directory.version);
  line(signed_data_);
  for (const DirectoryPart& part : directory.parts) {
    line(signed_data_, delimiter);
    header(signed_data_, "Content-type", "application/octet-stream");
    header(signed_data_, "Content-transfer-encoding", "base64");
    header(signed_data_, "Content-identifier", part.content_identifier + "; instance='" + part.instance + "'");
    header(signed_data_, "Content-location", part.location);
    if (part.file_name) header(signed_data_, "Content-file-name", *part.file_name);
    header(signed_data_, "Hash-algorithm-id", pki::digest_uri(part.hash_algorithm));
    line(signed_data_);
    line(signed_data_, to_base64(part.hash));
  }
  line(signed_data_, delimiter + "--");
}

std::string DirectoryDraft::seal(ByteView signature, const pki::Certificate& certificate,
                                 pki::SignatureAlgorithm algorithm, pki::DigestAlgorithm certificate_hash) const {
  const std::string boundary = random_uuid();
  std::string out;
  header(out, "Content-Type", "multipart/related; charset=UTF-8; boundary=" + boundary);
  line(out);
  line(out, "--" + boundary);
  header(out, "Content-Type", "multipart/mixed; charset=UTF-8; boundary=" + inner_boundary_);
  line(out);
  out += signed_data_;
  line(out);  // belongs to the delimiter, not to what is signed
  line(out, "--" + boundary);
  header(out, "Content-Type", "application/octet-stream");
  header(out, "Content-Transfer-Encoding", "base64");
  header(out, "Signature-Algorithm-Id", pki::signature_uri(algorithm));
  header(out, "Verification-certificate-hash",
         to_base64(pki::digest(certificate_hash, certificate.der())) + "; hash-algorithm-id=\"" +
             std::string(pki::digest_uri(certificate_hash)) + "\"");
  line(out);
  line(out, to_base64(signature));
  line(out, "--" + boundary + "--");
  return out;
}

Result<std::string> sign_directory(const SignedDirectory& directory, const DirectorySigner& signer) {
  const DirectoryDraft draft(directory);
  auto signature = signer.sign(as_bytes(draft.signed_data()));
  if (!signature) return std::move(signature).error();
  return draft.seal(*signature, signer.certificate, signer.algorithm, signer.certificate_hash);
}

}  // namespace causeway::globalconf
