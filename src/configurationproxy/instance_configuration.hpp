// SPDX-License-Identifier: MIT
// One instance of a configuration proxy, as its folder holds it in X-Road's own form:
//
//   conf.ini           active-signing-key-id, signing-key-id-1, ..., validity-interval-seconds
//   anchor.xml         where the configuration comes from
//   cert_<key>.pem     a certificate for each signing key
//
// Only the keys above are ever changed in conf.ini; comments and other keys stay.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "globalconf/anchor.hpp"
#include "pki/certificate.hpp"

namespace causeway::configurationproxy {

inline constexpr std::chrono::seconds kDefaultValidity{600};

class InstanceConfiguration {
 public:
  // A folder and a part of addresses: letters, digits, '-', '_' and '.', not first; 64 at most.
  static bool is_name(std::string_view name);
  // Names of the folders in `instances` that have a conf.ini, sorted. io_error, also when
  // there is no such folder.
  static Result<std::vector<std::string>> names(const std::filesystem::path& instances);

  // bad_request for what is no name; not_found without a conf.ini; malformed_configuration.
  static Result<InstanceConfiguration> load(const std::filesystem::path& instances, std::string_view name);
  // A new one with the default validity. bad_request when there is one of this name.
  static Result<InstanceConfiguration> create(const std::filesystem::path& instances, std::string_view name);

  const std::string& name() const { return name_; }
  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path anchor_file() const { return folder_ / "anchor.xml"; }
  std::filesystem::path certificate_file(std::string_view key) const;

  // For how long what is published may be used. malformed_configuration when it is missing
  // or is no number of seconds: X-Road then signs what has expired already.
  Result<std::chrono::seconds> validity() const;
  const std::optional<std::string>& active_key() const { return active_; }
  // All, the active one first, each once.
  std::vector<std::string> keys() const;
  bool has_key(std::string_view key) const;

  // In memory, until save(). The first key becomes active.
  void add_key(const std::string& key);
  void activate_key(const std::string& key);
  void remove_key(std::string_view key);
  // Replaces conf.ini. io_error.
  Result<void> save() const;

  // malformed_anchor, anchor_file_not_found.
  Result<globalconf::Anchor> source_anchor() const;
  // As people compare it; faults as above.
  Result<std::string> source_anchor_hash() const;
  // cert_not_found says which file.
  Result<pki::Certificate> certificate(std::string_view key) const;

 private:
  struct Line {
    std::string text;
    std::string key;  // empty: a comment, a section or what stands in one
  };

  InstanceConfiguration(std::filesystem::path folder, std::string name)
      : folder_(std::move(folder)), name_(std::move(name)) {}
  Result<void> read(std::string_view text);
  void set(const std::string& key, const std::string& value);

  std::filesystem::path folder_;
  std::string name_;
  std::vector<Line> lines_;
  std::optional<std::string> active_, validity_;
  std::vector<std::pair<std::string, std::string>> keys_;  // "signing-key-id-1" and the key
};

}  // namespace causeway::configurationproxy
