// SPDX-License-Identifier: MIT
// Signature documents that our writer never makes: variants that others make, and ones
// that nobody should. Digests come from libxml2's canonical form.
#pragma once

#include <string>
#include <vector>

#include "test_pki.hpp"

namespace causeway::evidence {

struct CustomReference {
  std::string uri;
  // Of data outside the document; inside, the digest is worked out.
  std::string data = {};
  std::vector<std::string> transforms = {};
  std::string digest_method = "http://www.w3.org/2001/04/xmlenc#sha512";
};

struct CustomSignature {
  std::vector<CustomReference> references = {{"/message.xml", "hello"}, {"#signed-properties"}};
  std::string root_namespace = "http://uri.etsi.org/02918/v1.2.1#";  // empty: ds:Signature is the root
  std::string before_signature = {};                                 // inside the root
  std::string canonicalization = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
  std::string signature_method = {};      // empty: the member's
  std::string key_info_certificate = {};  // Base64; empty: the member's
  std::string signing_time = "2026-05-28T20:26:40Z";
  std::string in_object = {};            // more content of ds:Object
  std::string unsigned_properties = {};  // in place of the usual OCSP values
  bool wrap = false;                     // Base64 in lines with CR LF, as Java writes it
};

std::string make_signature(const TestMember& member, const CustomSignature& custom);

}  // namespace causeway::evidence
