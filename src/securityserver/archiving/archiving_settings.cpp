// SPDX-License-Identifier: MIT
#include "securityserver/archiving/archiving_settings.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "domain/fault_code.hpp"
#include "securityserver/timestamping/timestamping_settings.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kKeysLimit = 4 << 20;
// A ZIP file has room for 4 GiB and 65534 entries; the last record may have a body of 1 GiB.
constexpr std::int64_t kLargestFile = std::int64_t{2} << 30;
constexpr std::int64_t kMostRecords = 60000;
constexpr std::int64_t kLongestKept = 36500;  // days

Fault wrong(std::string_view parameter, const std::string& why) {
  return fault(FaultCode::malformed_server_conf, "message-log." + std::string(parameter) + ": " + why);
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

// The two sides of a line without its comment; the second is empty without "=".
std::pair<std::string, std::string> sides_of(std::string_view line) {
  std::string sides[2];
  int side = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && i + 1 < line.size() && (line[i + 1] == '=' || line[i + 1] == '#')) {
      sides[side] += line[++i];
    } else if (c == '#') {
      break;
    } else if (c == '=' && side == 0) {
      side = 1;
    } else {
      sides[side] += c;
    }
  }
  return {trimmed(sides[0]), trimmed(sides[1])};
}

Result<ArchiveGrouping> grouping_from(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  if (text == "none") return ArchiveGrouping::none;
  if (text == "member") return ArchiveGrouping::member;
  if (text == "subsystem") return ArchiveGrouping::subsystem;
  return wrong("archive-grouping", "'" + text + "' is neither none nor member nor subsystem");
}

Result<ArchiveKeys> keys_from(const Parameters& parameters) {
  ArchiveKeys keys;
  keys.home = parameters.text("message-log.archive-gpg-home-directory", keys.home.string());
  keys.usual = parameters.text("message-log.archive-default-encryption-key", "");
  const std::string file = parameters.text("message-log.archive-encryption-keys-config", "");
  if (file.empty()) return keys;
  auto text = read_file(file, kKeysLimit);
  if (!text) return wrong("archive-encryption-keys-config", text.error().text);
  auto parsed = parse_archive_keys(*text);
  if (!parsed) return wrong("archive-encryption-keys-config", file + ": " + parsed.error().text);
  keys.by_member = *std::move(parsed);
  return keys;
}

}  // namespace

std::vector<std::string> ArchiveKeys::of(const std::optional<ClientId>& group) const {
  if (group)
    if (const auto found = by_member.find(group->member()); found != by_member.end()) return found->second;
  return usual.empty() ? std::vector<std::string>() : std::vector{usual};
}

Result<std::map<ClientId, std::vector<std::string>>> parse_archive_keys(std::string_view text) {
  std::map<ClientId, std::vector<std::string>> keys;
  int number = 0;
  while (!text.empty()) {
    ++number;
    const auto end = text.find('\n');
    const auto [member, key] = sides_of(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (member.empty() && key.empty()) continue;
    auto id = ClientId::parse(member);
    if (!id || id->is_subsystem() || key.empty())
      return fault(FaultCode::malformed_server_conf,
                   "line " + std::to_string(number) + " is not INSTANCE/CLASS/CODE = key id");
    keys[*std::move(id)].push_back(key);
  }
  return keys;
}

Result<ArchivingSettings> ArchivingSettings::from(const Parameters& parameters) {
  auto archive = CronExpression::parse(parameters.text("message-log.archive-interval", "0 0 0/6 1/1 * ? *"));
  if (!archive) return wrong("archive-interval", archive.error().text);
  auto clean = CronExpression::parse(parameters.text("message-log.clean-interval", "0 0 0/12 1/1 * ? *"));
  if (!clean) return wrong("clean-interval", clean.error().text);
  auto grouping = grouping_from(parameters.text("message-log.archive-grouping", "none"));
  if (!grouping) return grouping.error();

  ArchivingSettings settings{.archive_interval = *archive, .clean_interval = *clean};
  const auto number = [&](const char* name, std::int64_t otherwise, std::int64_t most) {
    const auto value =
        std::clamp<std::int64_t>(parameters.number(std::string("message-log.") + name, otherwise), 1, most);
    return static_cast<std::uint64_t>(value);
  };
  const auto days = parameters.number("message-log.keep-records-for", 30);
  settings.keep_records = std::chrono::days(std::clamp<std::int64_t>(days, 0, kLongestKept));
  settings.path = parameters.text("message-log.archive-path", settings.path.string());
  settings.max_file_size = number("archive-max-filesize", 32 << 20, kLargestFile);
  settings.batch = number("archive-transaction-batch", 10000, kMostRecords);
  settings.grouping = *grouping;
  settings.algorithm = message_log_digest(parameters);
  settings.transfer_command = parameters.text("message-log.archive-transfer-command", "");
  if (!parameters.flag("message-log.archive-encryption-enabled", false)) return settings;
  auto keys = keys_from(parameters);
  if (!keys) return keys.error();
  settings.keys = *std::move(keys);
  return settings;
}

}  // namespace causeway::securityserver
