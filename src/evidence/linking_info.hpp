// SPDX-License-Identifier: MIT
// How the containers of an archive hang together, and archives with those before them
// (evidence.md 4.5): link = hex(hash(text of the link before + hex(hash(container)))).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "pki/digest.hpp"

namespace causeway::evidence {

inline constexpr std::string_view kLinkingInfoFile = "linkinginfo";

struct LinkingInfo {
  struct Line {
    std::string link;  // lower-case hexadecimal
    std::string name;  // of the container
  };

  std::string previous_link;  // empty in the very first archive
  std::string previous_file;
  pki::DigestAlgorithm algorithm = pki::DigestAlgorithm::sha512;
  std::vector<Line> lines;

  // `digest` of the container's octets, by `algorithm`. Names hold no white space.
  void add(std::string name, ByteView digest);
  // What the next archive has as its previous link.
  const std::string& last_link() const { return lines.empty() ? previous_link : lines.back().link; }
  std::string to_text() const;
};

std::string next_link(pki::DigestAlgorithm algorithm, std::string_view previous_link, ByteView digest);

// mlog.invalid_archive: another form, a name twice, a digest algorithm that is none of
// SHA-256, SHA-384, SHA-512.
Result<LinkingInfo> read_linking_info(std::string_view text);

}  // namespace causeway::evidence
