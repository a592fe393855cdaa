// SPDX-License-Identifier: MIT
// As much of a shared-params.xml as a verifier of signatures needs.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "test_pki.hpp"
#include "xml/document.hpp"

namespace causeway::evidence {

inline std::optional<pki::Certificate> certificate_in(const xml::Element& parent) {
  const auto element = parent.child("", "cert");
  const auto bytes = from_base64(element ? element->text() : "");
  const auto certificate = pki::Certificate::from_der_or_pem(bytes ? *bytes : Bytes{});
  return certificate ? std::optional(*certificate) : std::nullopt;
}

// The approved authorities of `text`, under `instance`; `profile` in place of theirs when given.
inline void add_authorities(TestTrust& trust, const std::string& instance, const std::string& text,
                            const std::string& profile = {}) {
  const auto document = xml::Document::parse(text);
  ASSERT_TRUE(document);
  for (const xml::Element approved : document->root().children()) {
    if (!approved.is("", "approvedCA")) continue;
    const auto info = approved.child("", "certificateProfileInfo");
    for (const xml::Element ca : approved.children()) {
      if (!ca.is("", "topCA") && !ca.is("", "intermediateCA")) continue;
      const auto certificate = certificate_in(ca);
      if (!certificate) continue;
      pki::ApprovedCa out{*certificate, {}, {}, profile.empty() ? info->text() : profile};
      for (const xml::Element ocsp : ca.children())
        if (const auto responder = ocsp.is("", "ocsp") ? certificate_in(ocsp) : std::nullopt)
          out.ocsp_responders.push_back(*responder);
      trust.add(instance, std::move(out));
    }
  }
}

// The approved time-stamping authorities of `text`.
inline std::vector<pki::Certificate> timestamp_authorities_in(const std::string& text) {
  std::vector<pki::Certificate> out;
  const auto document = xml::Document::parse(text);
  if (!document) return out;
  for (const xml::Element approved : document->root().children())
    if (const auto certificate = approved.is("", "approvedTSA") ? certificate_in(approved) : std::nullopt)
      out.push_back(*certificate);
  return out;
}

}  // namespace causeway::evidence
