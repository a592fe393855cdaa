// SPDX-License-Identifier: MIT
// What holds for all instances of a configuration proxy: its folders and the system
// parameters configuration-proxy.* (trust.md section 7), by X-Road's names.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/parameters.hpp"
#include "base/result.hpp"
#include "globalconf/federation_filter.hpp"
#include "globalconf/versions.hpp"
#include "pki/digest.hpp"

namespace causeway::configurationproxy {

struct ProxySettings {
  std::filesystem::path directory;  // of conf.d/, signer/, run/
  std::filesystem::path instances;  // configuration-path: a folder for each instance
  std::filesystem::path published;  // generated-conf-path: the document root
  std::filesystem::path downloads;  // what the sources gave
  // Where others find this proxy, host or host:port; empty: not configured.
  std::string address;
  int oldest_version = globalconf::kOldestVersion;  // minimum-global-configuration-version
  pki::DigestAlgorithm signature_digest = pki::DigestAlgorithm::sha512;
  pki::DigestAlgorithm part_hash = pki::DigestAlgorithm::sha512;
  std::chrono::seconds interval{60};  // between rounds
  globalconf::FederationFilter federations;
  bool verify_certificate = true, verify_host_name = true;  // of TLS to a source
  std::string listen_address = "0.0.0.0";
  std::uint16_t listen_port = 80, listen_tls_port = 443;

  // malformed_configuration names the parameter; io_error.
  static Result<ProxySettings> load(const std::filesystem::path& directory);
};

}  // namespace causeway::configurationproxy
