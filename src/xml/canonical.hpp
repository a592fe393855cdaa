// SPDX-License-Identifier: MIT
// Canonical XML of one element and all below it (C14N 1.0, inclusive and exclusive).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "xml/document.hpp"

namespace causeway::xml {

inline constexpr std::string_view kInclusiveUri = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
inline constexpr std::string_view kExclusiveUri = "http://www.w3.org/2001/10/xml-exc-c14n#";

struct CanonicalForm {
  bool exclusive = false;
  bool with_comments = false;
  // Of the exclusive form: prefixes treated as in the inclusive one, separated by
  // white space; "#default" is the default namespace.
  std::string inclusive_prefixes = {};

  // By algorithm URI, "...#WithComments" included; nullopt for another algorithm.
  static std::optional<CanonicalForm> from_uri(std::string_view uri);
};

// The octets that are hashed. Inclusive: with every namespace in scope at `apex`.
// invalid_xml when a namespace name is relative.
Result<std::string> canonicalize(const Document& document, const Element& apex, const CanonicalForm& form = {});
// The whole document, processing instructions around the root included.
Result<std::string> canonicalize(const Document& document, const CanonicalForm& form = {});

}  // namespace causeway::xml
