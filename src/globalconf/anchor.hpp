// SPDX-License-Identifier: MIT
// Configuration anchors: where an instance's configuration is downloaded from, and the
// keys that sign it (trust.md 1.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace causeway::xml {
class Writer;
}

namespace causeway::globalconf {

class XmlCursor;

struct AnchorSource {
  std::string download_url;
  // Containers of public keys: neither dates nor chains of them are looked at.
  std::vector<Bytes> verification_certificates;
};

struct Anchor {
  std::optional<TimePoint> generated_at;
  std::string instance;
  std::vector<AnchorSource> sources;
};

// malformed_anchor when it does not hold to the schema.
Result<Anchor> read_anchor(std::string_view xml);
std::string write_anchor(const Anchor& anchor);
// As it is shown to people: SHA-224 of the file, upper case, "AA:BB:...".
std::string anchor_hash(std::string_view xml);

// The content of an anchor inside another document.
Anchor read_anchor_content(XmlCursor& xml);
void write_anchor_content(xml::Writer& out, const Anchor& anchor);

}  // namespace causeway::globalconf
