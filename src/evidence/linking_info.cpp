// SPDX-License-Identifier: MIT
#include "evidence/linking_info.hpp"

#include <algorithm>
#include <unordered_set>

namespace causeway::evidence {
namespace {

using pki::DigestAlgorithm;

constexpr std::string_view kNothing = "-";

Fault malformed(std::string text) { return Fault{"mlog.invalid_archive", "linkinginfo: " + std::move(text)}; }

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; (start = text.find_first_not_of(separators, start)) != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(separators, start), text.size());
    parts.push_back(text.substr(start, end - start));
    start = end;
  }
  return parts;
}

bool is_link(std::string_view text, DigestAlgorithm algorithm) {
  return text.size() == 2 * pki::digest_size(algorithm) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<DigestAlgorithm> read_algorithm(std::string_view name) {
  const auto algorithm = pki::digest_from_name(name);
  if (algorithm && *algorithm != DigestAlgorithm::sha1 && *algorithm != DigestAlgorithm::sha224) return *algorithm;
  return malformed("the digest algorithm is none of SHA-256, SHA-384, SHA-512");
}

std::string or_nothing(const std::string& text) { return text.empty() ? std::string(kNothing) : text; }

}  // namespace

std::string next_link(DigestAlgorithm algorithm, std::string_view previous_link, ByteView digest) {
  const std::string both = std::string(previous_link) + to_hex(digest);
  return to_hex(pki::digest(algorithm, as_bytes(both)));
}

void LinkingInfo::add(std::string name, ByteView digest) {
  lines.push_back({next_link(algorithm, last_link(), digest), std::move(name)});
}

std::string LinkingInfo::to_text() const {
  std::string text = or_nothing(previous_link) + " " + or_nothing(previous_file) + " " +
                     std::string(pki::digest_name(algorithm)) + "\n";
  for (const Line& line : lines) text += line.link + " " + line.name + "\n";
  return text;
}

Result<LinkingInfo> read_linking_info(std::string_view text) {
  LinkingInfo info;
  const auto lines = split(text, "\r\n");
  const auto first = split(lines.empty() ? "" : lines.front(), " \t");
  if (first.size() != 3) return malformed("the first line is not of three words");
  const auto algorithm = read_algorithm(first[2]);
  if (!algorithm) return algorithm.error();
  info.algorithm = *algorithm;
  if (first[0] != kNothing) info.previous_link = first[0];
  if (first[1] != kNothing) info.previous_file = first[1];
  if (first[0] != kNothing && !is_link(first[0], info.algorithm))
    return malformed("the link to the archive before is no digest");
  std::unordered_set<std::string_view> names;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto words = split(lines[i], " \t");
    if (words.size() != 2 || !is_link(words[0], info.algorithm))
      return malformed("line " + std::to_string(i + 1) + " is no digest and name");
    if (!names.insert(words[1]).second) return malformed("a name stands twice, in line " + std::to_string(i + 1));
    info.lines.push_back({std::string(words[0]), std::string(words[1])});
  }
  return info;
}

}  // namespace causeway::evidence
