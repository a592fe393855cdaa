// SPDX-License-Identifier: MIT
// What operations need beside the registry: of the process that serves them.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "centralserver/configuration/generation_status.hpp"
#include "centralserver/registry/source_anchors.hpp"
#include "globalconf/source_keys.hpp"
#include "signer/management.hpp"

namespace causeway::centralserver {

inline constexpr std::string_view kSoftwareToken = "0";

class Backups;

struct ServerContext {
  // A connection for one operation.
  std::function<Result<signer::SignerConnection>()> signer;
  std::function<GenerationStatus()> generation;
  // The configuration could be made now, perhaps, where it could not be before.
  std::function<void()> wake_generation;
  std::chrono::seconds generation_interval{60};
  PublicPorts ports = {};
  // Of new signing keys: RSA, or else EC.
  bool internal_keys_are_rsa = true, external_keys_are_rsa = true;
  bool enforces_pin_policy = false;
  bool trusts_other_instances = true;  // trusted-anchors-allowed: an external source is expected to work
  std::string version = {};            // of the software
  Backups* backups = nullptr;          // none: not here; outlives the operations

  bool keys_are_rsa(globalconf::SourceType source) const {
    return source == globalconf::SourceType::internal ? internal_keys_are_rsa : external_keys_are_rsa;
  }
};

}  // namespace causeway::centralserver
