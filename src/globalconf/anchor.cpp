// SPDX-License-Identifier: MIT
#include "globalconf/anchor.hpp"

#include "globalconf/configuration_fault.hpp"
#include "globalconf/identifier_xml.hpp"
#include "globalconf/xml_cursor.hpp"
#include "pki/digest.hpp"
#include "xml/writing.hpp"

namespace causeway::globalconf {

Anchor read_anchor_content(XmlCursor& xml) {
  Anchor anchor;
  anchor.generated_at = xml.date_time_if("generatedAt");
  anchor.instance = read_identifier_part(xml, "instanceIdentifier");
  if (!xml.enter("source")) return anchor;
  do {
    AnchorSource& source = anchor.sources.emplace_back();
    source.download_url = xml.text("downloadURL");
    source.verification_certificates.push_back(xml.base64("verificationCert"));
    while (auto certificate = xml.base64_if("verificationCert"))
      source.verification_certificates.push_back(*std::move(certificate));
    xml.leave();
  } while (xml.enter_if("source"));
  return anchor;
}

void write_anchor_content(xml::Writer& out, const Anchor& anchor) {
  if (anchor.generated_at) out.element("generatedAt", to_iso_millis(*anchor.generated_at));
  out.element("instanceIdentifier", anchor.instance);
  for (const AnchorSource& source : anchor.sources) {
    out.open("source");
    out.element("downloadURL", source.download_url);
    for (const Bytes& certificate : source.verification_certificates)
      out.element("verificationCert", to_base64(certificate));
    out.close();
  }
}

Result<Anchor> read_anchor(std::string_view document) {
  XmlCursor xml(document);
  xml.enter(qualified(kXroadNamespace, "configurationAnchor"));
  Anchor anchor = read_anchor_content(xml);
  xml.leave();
  if (auto end = xml.finish(); !end) return configuration_fault(kMalformedAnchor, end.error().text);
  return anchor;
}

std::string write_anchor(const Anchor& anchor) {
  xml::Writer out = begin_document("configurationAnchor");
  write_anchor_content(out, anchor);
  return end_document(std::move(out));
}

std::string anchor_hash(std::string_view xml) {
  const std::string hex = to_hex(pki::digest(pki::DigestAlgorithm::sha224, as_bytes(xml)));
  std::string shown;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    if (i > 0) shown += ':';
    for (const char c : hex.substr(i, 2)) shown += c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return shown;
}

}  // namespace causeway::globalconf
