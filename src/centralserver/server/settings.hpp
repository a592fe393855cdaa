// SPDX-License-Identifier: MIT
// What an administrator sets of a Central Server: system parameters admin-service.*, center.* and
// signer.*, by X-Road's names where X-Road has them (docs/central-server.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "admin/address_list.hpp"
#include "admin/request_rate.hpp"
#include "base/result.hpp"
#include "centralserver/backup/backups.hpp"
#include "centralserver/registry/source_anchors.hpp"
#include "globalconf/versions.hpp"
#include "net/tls_files.hpp"

namespace causeway::centralserver {

struct AdminSettings {
  std::string address = "0.0.0.0";
  std::uint16_t port = 4000;
  net::TlsFiles tls;
  std::vector<std::string> allowed_hostnames;  // none: any
  admin::AddressList callers, key_managers;    // who may use API keys, and who may manage them with a password
  admin::RequestRate::Limits rate;
  // Who may log in: of this file when it is there, else of the operating system, by their groups.
  std::filesystem::path users;
  std::map<std::string, std::vector<std::string>> groups_by_role;
};

struct PublishingSettings {
  std::string address = "0.0.0.0";
  std::uint16_t port = 80, tls_port = 443;
  PublicPorts public_ports;  // where others reach them
  net::TlsFiles tls;
  std::filesystem::path docroot;
  int oldest_version = globalconf::kOldestVersion;
  std::chrono::seconds interval{60};
  std::filesystem::path registration_certificate;
};

struct ManagementSettings {
  std::string address = "0.0.0.0";
  std::uint16_t registration_port = 4001, management_port = 4002;
  net::TlsFiles tls;
  admin::RequestRate::Limits registration_rate{.per_second = 0, .per_minute = 10};
  admin::RequestRate::Limits management_rate{.per_second = 0, .per_minute = 10};
  admin::AddressList management_callers = admin::AddressList::everybody();
};

struct CentralServerSettings {
  std::filesystem::path directory;  // of conf.d/, signer/, ssl/, run/
  // A file, or the URI of a PostgreSQL database.
  std::string database;
  std::string node;
  AdminSettings admin;
  PublishingSettings publishing;
  ManagementSettings management;
  BackupSettings backup;
  bool internal_keys_are_rsa = true, external_keys_are_rsa = true;
  bool enforces_pin_policy = false;
  bool trusts_other_instances = true;

  // malformed_configuration names the parameter; io_error.
  static Result<CentralServerSettings> load(const std::filesystem::path& directory);
};

}  // namespace causeway::centralserver
