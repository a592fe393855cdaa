// SPDX-License-Identifier: MIT
// What a ds:Signature may consist of (XML Signature, XAdES 1.3.2).
#pragma once

#include "base/result.hpp"
#include "xml/document.hpp"

namespace causeway::evidence {

// Elements, their order and attributes, from ds:Signature down to what evidence reads.
// Stands for Java's schema step: malformed_signature.
Result<void> check_structure(const xml::Element& signature);

}  // namespace causeway::evidence
