// SPDX-License-Identifier: MIT
#include "globalconf/directory_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "base/files.hpp"
#include "domain/fault_code.hpp"

namespace causeway::globalconf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDirectoryLimit = std::size_t{1} << 20;
constexpr std::string_view kExpiry = "expire-date:";

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

Result<void> check_readable(std::string_view document, const SignedDirectory& meant,
                            const pki::Certificate& certificate, TimePoint at) {
  const std::array certificates{certificate.der()};
  const auto read = open_signed_directory(document, certificates, at);
  if (!read) return read.error().while_doing("what was signed cannot be read");
  const auto same = [](const DirectoryPart& a, const DirectoryPart& b) {
    return a.content_identifier == b.content_identifier && a.instance == b.instance && a.location == b.location &&
           a.file_name == b.file_name && a.hash == b.hash;
  };
  if (read->version != meant.version || !std::ranges::equal(read->parts, meant.parts, same))
    return fault(FaultCode::malformed_global_conf, "what was signed reads differently: a part has an odd name");
  return {};
}

std::optional<TimePoint> expiry_in(std::string_view signed_directory) {
  while (!signed_directory.empty()) {
    const std::size_t end = std::min(signed_directory.find('\n'), signed_directory.size());
    std::string_view line = signed_directory.substr(0, end);
    signed_directory.remove_prefix(std::min(end + 1, signed_directory.size()));
    if (lower(line.substr(0, kExpiry.size())) != kExpiry) continue;
    line.remove_prefix(kExpiry.size());
    const std::size_t first = line.find_first_not_of(" \t"), last = line.find_last_not_of(" \t\r");
    if (first == line.npos) return std::nullopt;
    const auto time = parse_iso(line.substr(first, last - first + 1));
    return time ? std::optional(*time) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<TimePoint> expiry_of(const fs::path& file) {
  const auto text = read_file(file, kDirectoryLimit);
  return text ? expiry_in(*text) : std::nullopt;
}

bool is_valid_at(const fs::path& file, TimePoint at) {
  const auto expires = expiry_of(file);
  return expires && *expires > at;
}

bool withdraw_if_expired(const fs::path& file, TimePoint at) {
  std::error_code error;
  if (!fs::exists(file, error) || is_valid_at(file, at)) return false;
  return fs::remove(file, error) && !error;
}

}  // namespace causeway::globalconf
