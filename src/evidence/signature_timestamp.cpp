// SPDX-License-Identifier: MIT
#include "evidence/signature_timestamp.hpp"

#include <optional>

#include "domain/fault_code.hpp"
#include "evidence/hash_chain.hpp"
#include "evidence/names.hpp"
#include "evidence/signature_reading.hpp"
#include "xml/sax.hpp"

namespace causeway::evidence {
namespace {

Fault malformed(std::string text) { return fault(FaultCode::malformed_signature, std::move(text)); }

// Finds the start tag of the unsigned signature properties, and a timestamp inside.
class Finder final : public xml::SaxHandler {
 public:
  struct Place {
    xml::SaxPlace tag;
    std::string prefix;
  };

  Result<void> element_begin(const xml::SaxName& name, std::span<const xml::SaxAttribute>,
                             xml::SaxPlace place) override {
    if (name.is(kXadesNamespace, "SignatureTimeStamp")) return malformed("the signature has a timestamp already");
    if (!name.is(kXadesNamespace, "UnsignedSignatureProperties")) return {};
    if (found_) return malformed("two places for a timestamp in the signature");
    found_ = Place{place, std::string(name.prefix)};
    return {};
  }
  Result<void> element_end(const xml::SaxName&, xml::SaxPlace) override { return {}; }
  Result<void> characters(std::string_view, xml::SaxPlace) override { return {}; }

  const std::optional<Place>& found() const { return found_; }

 private:
  std::optional<Place> found_;
};

std::string timestamp_element(std::string prefix, ByteView token) {
  if (!prefix.empty()) prefix += ':';
  return "<" + prefix + "SignatureTimeStamp><" + prefix + "EncapsulatedTimeStamp>" + to_base64(token) + "</" + prefix +
         "EncapsulatedTimeStamp></" + prefix + "SignatureTimeStamp>";
}

}  // namespace

Result<Bytes> stamped_octets(std::string_view signature) {
  const auto reading = SignatureReading::read(signature, false);
  if (!reading) return reading.error();
  return reading->signature_value();
}

Result<std::string> with_signature_timestamp(std::string_view signature, ByteView token) {
  if (const auto reading = SignatureReading::read(signature, false); !reading) return reading.error();
  Finder finder;
  xml::SaxReader reader(finder);
  if (auto done = reader.feed(as_bytes(signature)); !done) return std::move(done).error();
  if (auto done = reader.end(); !done) return std::move(done).error();
  const auto& found = finder.found();
  if (!found) return malformed("no place for a timestamp in the signature");
  const std::string_view tag = signature.substr(found->tag.begin, found->tag.end - found->tag.begin);
  if (tag.ends_with("/>")) return malformed("a signature without OCSP responses");
  std::string text(signature.substr(0, found->tag.end));
  text += timestamp_element(found->prefix, token);
  text += signature.substr(found->tag.end);
  return text;
}

HashTree timestamp_tree(std::vector<Bytes> signature_digests, pki::DigestAlgorithm algorithm) {
  return {std::move(signature_digests), kSignatureFile, kTsHashChainFile, algorithm};
}

Result<void> verify_timestamp_chain(std::string_view result, std::string_view chain, std::string_view signature) {
  const HashChainInput input{std::string(kSignatureFile), std::nullopt};
  const auto find = [&](std::string_view uri) -> std::optional<std::string_view> {
    if (uri == kTsHashChainFile) return chain;
    if (uri == kSignatureFile) return signature;
    return std::nullopt;
  };
  const auto done = verify_hash_chain(result, std::span(&input, 1), {.find = find});
  if (!done) return malformed("the hash chain of the timestamp: " + done.error().text);
  return {};
}

Result<void> check_imprint(const pki::TimestampFacts& timestamp, ByteView octets) {
  if (pki::digest(timestamp.algorithm, octets) == timestamp.digest) return {};
  return malformed("the timestamp is of something else");
}

}  // namespace causeway::evidence
