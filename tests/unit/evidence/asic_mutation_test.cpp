// SPDX-License-Identifier: MIT
// Nothing in a container can be changed without a check that says so, but for what proves
// nothing; and what that is stands here.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "container_samples.hpp"
#include "evidence/zip_format.hpp"

namespace causeway::evidence {
namespace {

const ContainerMaker& maker() {
  static const ContainerMaker made;
  return made;
}

// Octets of a part that no check looks at, because nothing follows from them.
struct Span {
  std::size_t begin, end;
};

// Everything behind each `from` up to `to`; an attribute, told by its leading space, with its name.
void add_all(std::vector<Span>& spans, const std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos;) {
    const std::size_t begin = from.starts_with(' ') ? at : at + from.size();
    const std::size_t end = text.find(to, begin);
    spans.push_back({begin, end});
    at = end;
  }
}

// Certificates that are carried along: those of the configuration count.
void add_certificates(std::vector<Span>& spans, const std::string& der) {
  for (const auto& certificate : {maker().tsa().certificate, maker().member().ca.certificate}) {
    const std::string text = to_text(certificate.der());
    if (const auto at = der.find(text); at != std::string::npos) spans.push_back({at, at + text.size()});
  }
}

// Of a timestamp token also what stands around its signed parts and says nothing that these
// do not say: list of digest algorithms, versions, name of the signature algorithm.
std::vector<Span> without_meaning_in_token(const std::string& token) {
  std::vector<Span> spans;
  add_certificates(spans, token);
  EXPECT_EQ(spans.size(), 1u);
  const std::string content_type = to_text(*from_hex("060b2a864886f70d0109100104"));
  const std::string ecdsa = to_text(*from_hex("300a06082a8648ce3d040302"));
  const std::size_t signer = spans.front().end;
  spans.push_back({0, token.find(content_type)});
  spans.push_back({signer, token.find(to_text(*from_hex("020101")), signer) + 3});
  const std::size_t algorithm = token.rfind(ecdsa);
  spans.push_back({algorithm, algorithm + ecdsa.size()});
  return spans;
}

// The same of a text in which these octets stand as Base64 behind `mark`.
void add_decoded(std::vector<Span>& spans, const std::string& text, const std::string& mark,
                 const std::function<std::vector<Span>(const std::string&)>& of_octets) {
  const auto start = text.find(mark);
  if (start == std::string::npos) return;
  const std::size_t begin = text.find('>', start) + 1;
  const auto octets = to_text(*from_base64(text.substr(begin, text.find('<', begin) - begin)));
  for (const Span& span : of_octets(octets))
    spans.push_back({begin + span.begin / 3 * 4, begin + (span.end + 2) / 3 * 4});
}

// The last character of Base64 before its padding has bits that stand for no octet.
void add_padding_bits(std::vector<Span>& spans, const std::string& text) {
  for (std::size_t at = text.find("=<"); at != std::string::npos; at = text.find("=<", at + 1)) {
    const std::size_t last = text.find_last_not_of('=', at);
    spans.push_back({last, last + 1});
  }
}

std::vector<Span> without_meaning(const std::string& name, const std::string& text) {
  std::vector<Span> spans;
  // The number of the XML version, and whether a document stands alone.
  if (text.starts_with("<?xml")) spans.push_back({0, text.find("?>")});
  if (name == "META-INF/signatures.xml") {
    add_padding_bits(spans, text);
    // Names that nothing refers to, outside of what is signed.
    for (const char* tag :
         {"<ds:SignatureValue", "<xades:EncapsulatedOCSPValue", "<xades:QualifyingProperties", "<ds:Signature "})
      add_all(spans, text, tag, ">");
    add_decoded(spans, text, "<xades:EncapsulatedTimeStamp", without_meaning_in_token);
    add_decoded(spans, text, "<xades:EncapsulatedOCSPValue", [](const std::string& response) {
      std::vector<Span> inside;
      add_certificates(inside, response);
      return inside;
    });
  }
  if (name == "META-INF/manifest.xml") {
    add_all(spans, text, " manifest:version", ">");
    add_all(spans, text, "media-type=\"text", "\"");
    add_all(spans, text, "media-type=\"application/octet", "\"");
    add_all(spans, text, "media-type=\"", "/xml");
  }
  if (name == "META-INF/ASiCManifest.xml") add_all(spans, text, " MimeType", ">");
  if (name == "META-INF/timestamp.tst") spans = without_meaning_in_token(text);
  return spans;
}

bool has_no_meaning(const std::vector<Span>& spans, std::size_t at) {
  return std::ranges::any_of(spans, [at](const Span& span) { return span.begin <= at && at < span.end; });
}

bool same_facts(const ContainerReport& one, const ContainerReport& other) {
  return one.message->id == other.message->id && one.message->sender() == other.message->sender() &&
         one.timestamp->time == other.timestamp->time && *one.signer == *other.signer &&
         one.ocsp->this_update == other.ocsp->this_update && one.signing_time == other.signing_time;
}

// One octet in each region of 8, in each entry, with the ZIP file made anew around it.
void expect_every_change_refused(const Bytes& file) {
  const ContainerReport before = maker().verify(file);
  ASSERT_TRUE(before.good());
  const ZipEntries entries = entries_of(file);
  std::size_t refused = 0, passed = 0;
  std::set<std::string> checks;
  for (std::size_t entry = 0; entry < entries.size(); ++entry) {
    const auto& [name, content] = entries[entry];
    const std::vector<Span> free = without_meaning(name, content);
    for (std::size_t region = 0; region < content.size(); region += 8) {
      const std::size_t at = region + (region / 8 * 5) % std::min<std::size_t>(8, content.size() - region);
      ZipEntries changed = entries;
      changed[entry].second[at] ^= 0x01;
      const ContainerReport report = maker().verify(zipped(changed));
      if (const Check* const failure = report.checks.first_failure()) {
        checks.insert(failure->name);
        ++refused;
        continue;
      }
      ++passed;
      EXPECT_TRUE(has_no_meaning(free, at))
          << name << " at " << at << ": " << to_hex(as_bytes(content.substr(at < 8 ? 0 : at - 8, 24)));
      EXPECT_TRUE(same_facts(before, report)) << name << " at " << at;
    }
  }
  // What passes is for the most part certificates that are carried along.
  EXPECT_GT(refused, 9 * passed);
  EXPECT_GT(checks.size(), 8u);
}

TEST(AsicMutation, EveryRegionOfEveryPartOfABatch) {
  expect_every_change_refused(maker().batch({ContainerMaker::rest_request(), "{\"a\":[1,2,3,4,5,6,7,8,9,10]}"}));
}

TEST(AsicMutation, EveryRegionOfEveryPartOfASingleOne) {
  expect_every_change_refused(maker().single({ContainerMaker::soap_request()}));
}

// The fields of ZIP records that say nothing about content: version, time, who made it.
// `compressed`: where contents are.
std::vector<Span> zip_details(const Bytes& file, std::vector<Span>& compressed) {
  std::vector<Span> spans;
  std::size_t content = 0;
  for (std::size_t at = 0; at + 4 <= file.size(); ++at) {
    const std::uint32_t signature = zip::u32(file, at);
    std::size_t head = 0, extra = 0;
    if (signature == zip::kLocalSignature) {
      spans.push_back({at + 4, at + 6});    // version
      spans.push_back({at + 10, at + 14});  // time
      head = at + zip::kLocalSize + zip::u16(file, at + 26);
      extra = zip::u16(file, at + 28);
      content = head + extra;
    }
    if (signature == zip::kCentralSignature) {
      spans.push_back({at + 4, at + 8});    // versions
      spans.push_back({at + 12, at + 16});  // time
      spans.push_back({at + 36, at + 42});  // attributes
      head = at + zip::kCentralSize + zip::u16(file, at + 28);
      extra = zip::u16(file, at + 30);
    }
    // The time field: its kind (unless it becomes one that changes the entry), and its value.
    if (extra > 0) spans.push_back({head, head + 2});
    if (extra > 4) spans.push_back({head + 4, head + extra});
    // Bits that fill up the last octet of a compressed content.
    if (signature == zip::kDescriptorSignature) {
      spans.push_back({at - 1, at});
      compressed.push_back({content, at});
    }
    if (signature == zip::kEndSignature) spans.push_back({at + zip::kEndSize, file.size()});  // comment
  }
  return spans;
}

TEST(AsicMutation, EveryOctetOfTheFile) {
  for (const Bytes& file : {maker().single({ContainerMaker::soap_request()}),
                            maker().batch({ContainerMaker::rest_request(), "{\"a\":1}"})}) {
    std::vector<Span> compressed;
    const std::vector<Span> details = zip_details(file, compressed);
    const ZipEntries before = entries_of(file);
    std::size_t passed = 0, compressed_otherwise = 0;
    for (std::size_t at = 0; at < file.size(); ++at) {
      Bytes changed = file;
      changed[at] ^= 0x04;
      const auto container = AsicContainer::read(changed);
      if (!container) {
        EXPECT_FALSE(container.error().text.empty());
        continue;
      }
      ++passed;
      EXPECT_EQ(entries_of(changed), before) << "octet " << at << " of " << file.size();
      if (has_no_meaning(details, at)) continue;
      // Rarely the change makes another compressed form of the same content.
      EXPECT_TRUE(has_no_meaning(compressed, at)) << "octet " << at << " of " << file.size();
      ++compressed_otherwise;
    }
    EXPECT_LT(compressed_otherwise, 10u);
    EXPECT_GT(passed, 0u);
    EXPECT_LT(passed, file.size() / 10);
  }
}

}  // namespace
}  // namespace causeway::evidence
