// SPDX-License-Identifier: MIT
#include "evidence/container_names.hpp"

namespace causeway::evidence {
namespace {

constexpr std::size_t kMaxQueryId = 226;
constexpr std::size_t kMaxGroup = 200;  // with the dash behind it
constexpr std::size_t kShownDigest = 16;

// As Java's URLEncoder: the asterisk stays, the tilde does not, a space is a plus.
std::string form_encoded(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-*_";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos)
      out += c;
    else if (c == ' ')
      out += '+';
    else
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return out;
}

std::string base_32(std::uint64_t number) {
  static constexpr char kDigits[] = "0123456789abcdefghijklmnopqrstuv";
  std::string out;
  do out.insert(out.begin(), kDigits[number & 31]);
  while ((number >>= 5) != 0);
  return out;
}

// "20260301100000"
std::string digits_of(TimePoint time) {
  std::string out;
  for (const char c : to_iso_seconds(time))
    if (c >= '0' && c <= '9') out += c;
  return out;
}

}  // namespace

std::string container_name(std::string_view query_id, bool response, std::uint64_t record_id) {
  return form_encoded(query_id).substr(0, kMaxQueryId) + (response ? "-response-" : "-request-") + base_32(record_id) +
         ".asice";
}

std::string containers_name(std::string_view query_id, std::optional<bool> response) {
  return form_encoded(query_id) + (!response ? "" : *response ? "-response" : "-request") + ".zip";
}

std::string archive_name(std::string_view group, TimePoint first, TimePoint last, std::string_view last_link,
                         bool encrypted) {
  constexpr std::string_view kUnliked = "/\\<>:|*?";
  std::string shown;
  for (const char c : group) {
    const auto byte = static_cast<unsigned char>(c);
    shown += byte < 0x20 || byte == 0x7f || kUnliked.find(c) != std::string_view::npos ? '_' : c;
  }
  if (!shown.empty()) shown += '-';
  return "mlog-" + shown.substr(0, kMaxGroup) + digits_of(first) + "-" + digits_of(last) + "-" +
         std::string(last_link.substr(0, kShownDigest)) + (encrypted ? ".zip.gpg" : ".zip");
}

}  // namespace causeway::evidence
