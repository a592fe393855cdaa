// SPDX-License-Identifier: MIT
// A document and changes to it: where the pattern of the first fits the second, the general
// reading finds the same structure in both, and in the second what the pattern says of it.
#include "evidence/signature_pattern.hpp"
#include "oracle.hpp"

namespace {

using namespace causeway;
using evidence::CarriageReturn;
using evidence::GappedText;
using fuzz::require;

// Each change: a position of three octets, how much goes, how much comes, and that.
std::string changed(std::string text, std::string_view changes) {
  const auto number = [&] {
    const auto octet = changes.empty() ? 0U : static_cast<unsigned char>(changes.front());
    changes.remove_prefix(changes.empty() ? 0 : 1);
    return std::size_t{octet};
  };
  while (!changes.empty()) {
    const std::size_t at = (number() << 16 | number() << 8 | number()) % (text.size() + 1);
    const std::size_t gone = number() % 128, come = number() % 128;
    const std::string_view with = changes.substr(0, come);
    changes.remove_prefix(with.size());
    text.replace(at, std::min(gone, text.size() - at), with);
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input = fuzz::text_of(bytes, size);
  const std::size_t end = std::min(input.find('\0'), input.size());
  const std::string first(input.substr(0, end));
  const auto reading = evidence::SignatureReading::read(first, true);
  const auto parts = reading ? reading->changing_parts() : std::nullopt;
  const auto pattern = parts ? GappedText::cut(first, parts->texts, CarriageReturn::of_documents) : std::nullopt;
  if (!pattern) return 0;
  require(pattern->contents_of(first) == parts->texts);
  require(pattern->filled(parts->texts) == first);

  const std::vector<std::string> digests(parts->texts.begin(), parts->texts.end() - 2);
  const auto signed_info = GappedText::cut(parts->signed_info, digests, CarriageReturn::of_canonical_form);
  const auto properties =
      GappedText::cut(parts->signed_properties, {parts->texts.back()}, CarriageReturn::of_canonical_form);
  if (!signed_info || !properties) return 0;

  const std::string second = changed(first, input.substr(std::min(end + 1, input.size())));
  const auto contents = pattern->contents_of(second);
  if (!contents) return 0;
  const auto other = evidence::SignatureReading::read(second, true);
  require(other.ok());
  // What is not Base64 is no digest: the pattern gives such a document to the general reading.
  for (std::size_t i = 0; i + 2 < contents->size(); ++i)
    if (!from_base64((*contents)[i])) return 0;
  const auto other_parts = other->changing_parts();
  require(other_parts.has_value());
  require(other_parts->texts == *contents);
  require(other_parts->algorithm == parts->algorithm);
  require(other_parts->properties_reference == parts->properties_reference);
  const std::vector<std::string> other_digests(contents->begin(), contents->end() - 2);
  require(signed_info->filled(other_digests) == other_parts->signed_info);
  require(properties->filled({contents->back()}) == other_parts->signed_properties);
  require(other->references().size() == reading->references().size());
  for (std::size_t i = 0; i < other->references().size(); ++i) {
    require(other->references()[i].uri == reading->references()[i].uri);
    require(other->references()[i].digest == *from_base64((*contents)[i]));
  }
  const auto mine = reading->ocsp_responses(), theirs = other->ocsp_responses();
  require(mine.ok() == theirs.ok() && (!mine || *mine == *theirs));
  require(other->signing_time() == evidence::read_signing_time(contents->back()));
  return 0;
}
