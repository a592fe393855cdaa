// SPDX-License-Identifier: MIT
#include <charconv>

#include "globalconf/configuration_fault.hpp"
#include "globalconf/mime_block.hpp"
#include "globalconf/signed_directory.hpp"
#include "globalconf/versions.hpp"

namespace causeway::globalconf {
namespace {

constexpr std::size_t kMaxParts = 256;
constexpr std::string_view kOctetStream = "application/octet-stream";

struct Envelope {
  MimeEntity content;  // its body is what was signed
  MimeEntity signature;
};

Fault unreadable(std::string_view what) { return configuration_fault(kDirectoryParsingFailure, std::string(what)); }

Result<Envelope> split(std::string_view document) {
  const auto outer = split_headers(document);
  const auto boundary = outer ? boundary_of(*outer) : std::nullopt;
  if (!boundary) return unreadable("The signed directory is not a MIME multipart document");
  const auto parts = split_multipart(outer->body, *boundary, 2);
  if (!parts) return unreadable("The signed directory has more than two parts");
  if (parts->empty()) return configuration_fault(kMissingSignedData, "The signed directory has no signed data");
  // As X-Road says it: without a signature it never gets to the date.
  if (parts->size() == 1)
    return configuration_fault(kMissingExpirationDate, "The signed directory ends before its signature");
  auto content = split_headers(parts->at(0));
  auto signature = split_headers(parts->at(1));
  if (!content || !signature) return unreadable("The signed directory has a malformed header");
  return Envelope{*std::move(content), *std::move(signature)};
}

Result<std::string> required(const MimeEntity& entity, std::string_view name) {
  if (const std::string* const value = entity.header(name)) return *value;
  return configuration_fault(kHeaderFieldMissing, "The header " + std::string(name) + " is missing");
}

Result<void> require_value(const MimeEntity& entity, std::string_view name, std::string_view expected) {
  auto value = required(entity, name);
  if (!value) return std::move(value).error();
  if (*value == expected) return {};
  return configuration_fault(kHeaderFieldWrongValue, "The header " + std::string(name) + " is '" + *value + "', not '" +
                                                         std::string(expected) + "'");
}

// What content parts and the signature have in common.
Result<void> require_binary(const MimeEntity& entity) {
  if (auto type = require_value(entity, "content-type", kOctetStream); !type) return type;
  return require_value(entity, "content-transfer-encoding", "base64");
}

Result<pki::DigestAlgorithm> digest_of(std::string_view uri) {
  const auto algorithm = pki::digest_from_uri(uri);
  if (algorithm) return *algorithm;
  return configuration_fault(kHeaderFieldWrongValue, "Unknown digest algorithm '" + std::string(uri) + "'");
}

Result<pki::Certificate> find_certificate(const MimeEntity& signature, std::span<const Bytes> certificates) {
  auto header = required(signature, "verification-certificate-hash");
  if (!header) return std::move(header).error();
  const HeaderValue value = split_parameters(*header);
  const auto uri = value.parameters.find("hash-algorithm-id");
  if (uri == value.parameters.end() || uri->second.empty())
    return configuration_fault(kHeaderFieldMissingParameter,
                               "verification-certificate-hash lacks the parameter hash-algorithm-id");
  auto algorithm = digest_of(uri->second);
  if (!algorithm) return std::move(algorithm).error();
  const auto hash = from_base64(value.value);
  for (const Bytes& bytes : certificates) {
    auto certificate = pki::Certificate::from_der_or_pem(bytes);
    if (certificate && hash && pki::digest(*algorithm, certificate->der()) == *hash) return certificate;
  }
  return configuration_fault(kMissingVerificationCert,
                             "There is no verification certificate with the hash " + value.value);
}

Result<void> verify(const Envelope& envelope, std::span<const Bytes> certificates) {
  if (auto binary = require_binary(envelope.signature); !binary) return binary;
  auto uri = required(envelope.signature, "signature-algorithm-id");
  if (!uri) return std::move(uri).error();
  const auto algorithm = pki::signature_from_uri(*uri);
  if (!algorithm || algorithm->digest == pki::DigestAlgorithm::sha1)
    return configuration_fault(kHeaderFieldWrongValue, "The signature algorithm '" + *uri + "' is not accepted");
  auto certificate = find_certificate(envelope.signature, certificates);
  if (!certificate) return std::move(certificate).error();
  const auto signature = from_base64(envelope.signature.body);
  if (!signature) return configuration_fault(kSignatureDecodeFailure, "The signature is not Base64");
  if (certificate->public_key().verify(*algorithm, as_bytes(envelope.content.body), *signature)) return {};
  return configuration_fault(kSignatureVerificationFailure, "The signature of the directory does not verify");
}

Result<DirectoryPart> read_part(const MimeEntity& entity) {
  if (auto binary = require_binary(entity); !binary) return std::move(binary).error();
  auto location = required(entity, "content-location");
  if (!location) return std::move(location).error();
  auto uri = required(entity, "hash-algorithm-id");
  if (!uri) return std::move(uri).error();
  auto algorithm = digest_of(*uri);
  if (!algorithm) return std::move(algorithm).error();
  if (*algorithm == pki::DigestAlgorithm::sha1)
    return configuration_fault(kHeaderFieldWrongValue, "Parts hashed with SHA-1 are not accepted");
  auto identifier = required(entity, "content-identifier");
  if (!identifier) return std::move(identifier).error();
  HeaderValue value = split_parameters(*identifier);
  std::string instance = value.parameters["instance"];
  if (instance.empty())
    return configuration_fault(kHeaderFieldMissingParameter, "content-identifier lacks the parameter instance");
  auto hash = from_base64(entity.body);
  if (!hash || hash->size() != pki::digest_size(*algorithm))
    return configuration_fault(kHeaderFieldWrongValue, "The digest of the part " + *location + " is malformed");
  DirectoryPart part{std::move(value.value), std::move(instance), *std::move(location),
                     std::nullopt,           *algorithm,          *std::move(hash)};
  if (const std::string* const name = entity.header("content-file-name")) part.file_name = *name;
  return part;
}

Result<TimePoint> read_expiry(const MimeEntity& head) {
  auto text = required(head, "expire-date");
  if (!text) return std::move(text).error();
  auto time = parse_iso(*text);
  if (time) return *time;
  return configuration_fault(kHeaderFieldWrongValue, "The header expire-date is not a date and time: '" + *text + "'");
}

Result<SignedDirectory> read_content(const MimeEntity& content, TimePoint at) {
  const auto boundary = boundary_of(content);
  const auto parts = boundary ? split_multipart(content.body, *boundary, kMaxParts) : std::nullopt;
  if (!parts || parts->empty())
    return configuration_fault(kMissingExpirationDate, "The signed data has no parts, or too many");
  const auto head = split_headers(parts->front());
  if (!head) return unreadable("The first signed part has a malformed header");
  auto expires = read_expiry(*head);
  if (!expires) return std::move(expires).error();
  if (*expires < at) return configuration_fault(kOutdated, "The configuration expired on " + to_iso_seconds(*expires));
  SignedDirectory directory{*expires, std::nullopt, {}};
  if (const std::string* const version = head->header("version")) directory.version = *version;
  for (std::size_t i = 1; i < parts->size(); ++i) {
    const auto entity = split_headers(parts->at(i));
    if (!entity) return unreadable("A signed part has a malformed header");
    auto part = read_part(*entity);
    if (!part) return std::move(part).error();
    directory.parts.push_back(*std::move(part));
  }
  return directory;
}

}  // namespace

int SignedDirectory::version_number() const {
  if (!version) return kOldestVersion;
  int number = 0;
  const char* const end = version->data() + version->size();
  const auto [last, error] = std::from_chars(version->data(), end, number);
  return error == std::errc{} && last == end && is_known_version(number) ? number : 0;
}

Result<SignedDirectory> open_signed_directory(std::string_view document, std::span<const Bytes> certificates,
                                              TimePoint at) {
  auto envelope = split(document);
  if (!envelope) return std::move(envelope).error();
  if (auto verified = verify(*envelope, certificates); !verified) return std::move(verified).error();
  return read_content(envelope->content, at);
}

}  // namespace causeway::globalconf
