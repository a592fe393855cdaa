// SPDX-License-Identifier: MIT
// ds:Transforms: of the many that XML signatures know, only canonical forms.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "xml/canonical.hpp"
#include "xml/document.hpp"

namespace causeway::evidence {

inline constexpr std::size_t kMaxTransforms = 5;

using Transforms = std::vector<xml::CanonicalForm>;

// The canonical form that a ds:CanonicalizationMethod or ds:Transform names.
// malformed_signature for any other algorithm.
Result<xml::CanonicalForm> read_canonical_form(const xml::Element& method);
// Of a ds:Transforms element: one to five.
Result<Transforms> read_transforms(const xml::Element& transforms);

// Octets to octets; none leave the data as it is.
Result<std::string> transform(std::string_view data, const Transforms& transforms);

}  // namespace causeway::evidence
