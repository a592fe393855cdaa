// SPDX-License-Identifier: MIT
#include "configurationproxy/instance_configuration.hpp"

#include <algorithm>
#include <charconv>

#include "base/files.hpp"
#include "base/ini.hpp"
#include "configurationproxy/settings.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/configuration_fault.hpp"

namespace causeway::configurationproxy {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFile = "conf.ini";
constexpr std::string_view kActive = "active-signing-key-id";
constexpr std::string_view kKeyPrefix = "signing-key-id-";
constexpr std::string_view kValidity = "validity-interval-seconds";
constexpr std::size_t kFileLimit = 1 << 20;
constexpr std::size_t kAnchorLimit = std::size_t{4} << 20;
constexpr std::size_t kMaxName = 64, kMaxKey = 255;
constexpr std::int64_t kLongestValidity = std::int64_t{10} * 365 * 24 * 3600;  // seconds

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

// It becomes part of the name of a file.
bool is_key(std::string_view key) { return !key.empty() && key.size() <= kMaxKey && std::ranges::all_of(key, is_word); }

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

Fault no_certificate(const fs::path& file, const std::string& why) {
  return fault(FaultCode::cert_not_found, "the certificate " + file.string() + " cannot be read: " + why);
}

}  // namespace

bool InstanceConfiguration::is_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxName && name.front() != '.' &&
         std::ranges::all_of(name, [](char c) { return is_word(c) || c == '.'; });
}

Result<std::vector<std::string>> InstanceConfiguration::names(const fs::path& instances) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(instances, error), end; !error && it != end; it.increment(error)) {
    std::string name = it->path().filename().string();
    std::error_code ignored;
    if (is_name(name) && fs::exists(it->path() / kFile, ignored)) names.push_back(std::move(name));
  }
  if (error) return fault(FaultCode::io_error, "cannot read " + instances.string() + ": " + error.message());
  std::ranges::sort(names);
  return names;
}

Result<InstanceConfiguration> InstanceConfiguration::load(const fs::path& instances, std::string_view name) {
  if (!is_name(name))
    return fault(FaultCode::bad_request, "'" + std::string(name) + "' cannot be the name of an instance");
  InstanceConfiguration instance(instances / name, std::string(name));
  const fs::path file = instance.folder_ / kFile;
  std::error_code error;
  if (!fs::exists(file, error))
    return fault(FaultCode::not_found, "there is no instance " + instance.name_ + ": " + file.string() + " is missing");
  auto text = read_file(file, kFileLimit);
  if (!text) return std::move(text).error();
  if (auto read = instance.read(*text); !read) return read.error().while_doing(file.string());
  return instance;
}

Result<InstanceConfiguration> InstanceConfiguration::create(const fs::path& instances, std::string_view name) {
  auto known = load(instances, name);
  if (known || known.error().code != to_string(FaultCode::not_found))
    return known ? fault(FaultCode::bad_request, "there is an instance " + std::string(name) + " already")
                 : std::move(known).error();
  InstanceConfiguration instance(instances / name, std::string(name));
  instance.validity_ = std::to_string(kDefaultValidity.count());
  instance.set(std::string(kValidity), *instance.validity_);
  if (auto made = make_directories(instance.folder_); !made) return std::move(made).error();
  if (auto saved = instance.save(); !saved) return std::move(saved).error();
  return instance;
}

Result<void> InstanceConfiguration::read(std::string_view text) {
  if (auto checked = parse_ini(text); !checked) return std::move(checked).error();
  bool in_section = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view whole = text.substr(0, end), line = trimmed(whole);
    text.remove_prefix(std::min(end + 1, text.size()));
    in_section = in_section || line.starts_with('[');
    const std::size_t equals = line.find('=');
    const bool value = !in_section && !line.starts_with(';') && !line.starts_with('#') && equals != line.npos;
    lines_.push_back({std::string(whole), std::string(value ? trimmed(line.substr(0, equals)) : "")});
    if (!value) continue;
    const std::string& key = lines_.back().key;
    std::string content(trimmed(line.substr(equals + 1)));
    const bool is_id = key == kActive || key.starts_with(kKeyPrefix);
    if (is_id && !is_key(content)) return malformed_configuration(key + " is no id of a key: '" + content + "'");
    // Which of two would sign must not be left to the order of lines.
    const bool twice = std::ranges::count(lines_, key, &Line::key) > 1;
    if (twice && (is_id || key == kValidity)) return malformed_configuration(key + " is there twice");
    if (key == kActive)
      active_ = std::move(content);
    else if (key == kValidity)
      validity_ = std::move(content);
    else if (is_id)
      keys_.emplace_back(key, std::move(content));
  }
  return {};
}

void InstanceConfiguration::set(const std::string& key, const std::string& value) {
  const std::string text = key + " = " + value;
  const auto known = std::ranges::find(lines_, key, &Line::key);
  if (known != lines_.end()) {
    known->text = text;
    return;
  }
  // Before the first section: what stands in one has another name.
  const auto section =
      std::ranges::find_if(lines_, [](const Line& line) { return trimmed(line.text).starts_with('['); });
  lines_.insert(section, {text, key});
}

fs::path InstanceConfiguration::certificate_file(std::string_view key) const {
  return folder_ / ("cert_" + std::string(key) + ".pem");
}

Result<std::chrono::seconds> InstanceConfiguration::validity() const {
  if (!validity_) return malformed_configuration(name_ + ": " + std::string(kValidity) + " is missing in conf.ini");
  std::int64_t seconds = 0;
  const char* const end = validity_->data() + validity_->size();
  const auto [last, error] = std::from_chars(validity_->data(), end, seconds);
  if (error != std::errc{} || last != end || seconds < 1 || seconds > kLongestValidity)
    return malformed_configuration(name_ + ": " + std::string(kValidity) + " is no number of seconds: '" + *validity_ +
                                   "'");
  return std::chrono::seconds(seconds);
}

std::vector<std::string> InstanceConfiguration::keys() const {
  std::vector<std::string> keys;
  if (active_) keys.push_back(*active_);
  for (const auto& [name, key] : keys_)
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  return keys;
}

bool InstanceConfiguration::has_key(std::string_view key) const {
  const auto all = keys();
  return std::ranges::find(all, key) != all.end();
}

void InstanceConfiguration::add_key(const std::string& key) {
  const auto taken = [&](const std::string& name) {
    return std::ranges::any_of(keys_, [&](const auto& known) { return known.first == name; });
  };
  unsigned number = 1;
  while (taken(std::string(kKeyPrefix) + std::to_string(number))) ++number;
  keys_.emplace_back(std::string(kKeyPrefix) + std::to_string(number), key);
  set(keys_.back().first, key);
  if (!active_) activate_key(key);
}

void InstanceConfiguration::activate_key(const std::string& key) {
  active_ = key;
  set(std::string(kActive), key);
}

void InstanceConfiguration::remove_key(std::string_view key) {
  for (const auto& [name, id] : keys_)
    if (id == key) std::erase_if(lines_, [&](const Line& line) { return line.key == name; });
  std::erase_if(keys_, [&](const auto& known) { return known.second == key; });
}

Result<void> InstanceConfiguration::save() const {
  std::string text;
  for (const Line& line : lines_) text += line.text + "\n";
  return write_file_atomically(folder_ / kFile, text);
}

Result<globalconf::Anchor> InstanceConfiguration::source_anchor() const {
  std::error_code error;
  if (!fs::exists(anchor_file(), error))
    return globalconf::configuration_fault(globalconf::kAnchorFileNotFound,
                                           "put the anchor of the source at " + anchor_file().string());
  const auto text = read_file(anchor_file(), kAnchorLimit);
  if (!text) return text.error();
  auto anchor = globalconf::read_anchor(*text);
  if (!anchor) return anchor.error().while_doing(anchor_file().string());
  return anchor;
}

Result<std::string> InstanceConfiguration::source_anchor_hash() const {
  if (auto anchor = source_anchor(); !anchor) return std::move(anchor).error();
  const auto text = read_file(anchor_file(), kAnchorLimit);
  if (!text) return text.error();
  return globalconf::anchor_hash(*text);
}

Result<pki::Certificate> InstanceConfiguration::certificate(std::string_view key) const {
  const fs::path file = certificate_file(key);
  const auto text = read_file(file, kFileLimit);
  if (!text) return no_certificate(file, text.error().text);
  auto certificate = pki::Certificate::from_der_or_pem(as_bytes(*text));
  if (!certificate) return no_certificate(file, certificate.error().text);
  return certificate;
}

}  // namespace causeway::configurationproxy
