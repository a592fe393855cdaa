// SPDX-License-Identifier: MIT
// Names that evidence is made of: namespaces, and files as references call them.
#pragma once

#include <string_view>

namespace causeway::evidence {

inline constexpr std::string_view kDsNamespace = "http://www.w3.org/2000/09/xmldsig#";
inline constexpr std::string_view kXadesNamespace = "http://uri.etsi.org/01903/v1.3.2#";
inline constexpr std::string_view kAsicNamespace = "http://uri.etsi.org/02918/v1.2.1#";
inline constexpr std::string_view kOldAsicNamespace = "http://uri.etsi.org/02918/v1.1.1#";
inline constexpr std::string_view kHashChainNamespace = "http://cyber.ee/hashchain";
inline constexpr std::string_view kSignedPropertiesType = "http://uri.etsi.org/01903#SignedProperties";

inline constexpr std::string_view kMessageFile = "/message.xml";
inline constexpr std::string_view kAttachmentFile = "/attachment";  // a number from 1 follows
inline constexpr std::string_view kSignatureFile = "/META-INF/signatures.xml";
inline constexpr std::string_view kSigHashChainFile = "/sig-hashchain.xml";
inline constexpr std::string_view kSigHashChainResultFile = "/sig-hashchainresult.xml";
inline constexpr std::string_view kTsHashChainFile = "/ts-hashchain.xml";
inline constexpr std::string_view kTsHashChainResultFile = "/ts-hashchainresult.xml";

// Whether a name is "/attachment1", "/attachment2", ...
inline bool is_attachment(std::string_view uri) {
  if (!uri.starts_with(kAttachmentFile)) return false;
  const std::string_view number = uri.substr(kAttachmentFile.size());
  return !number.empty() && number.front() != '0' && number.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace causeway::evidence
