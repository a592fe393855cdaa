// SPDX-License-Identifier: MIT
// An instance to try things on: two members, two servers, a CA with an intermediate one, a
// group, keys.
#pragma once

#include <string>

#include "globalconf/description.hpp"
#include "globalconf/source_keys.hpp"
#include "pki/key.hpp"

namespace causeway::globalconf {

inline TimePoint time_of(const char* text) { return *parse_iso(text); }
inline ClientId client_id(const std::string& text) { return *ClientId::parse(text); }
inline ServerId server_id(const std::string& text) { return *ServerId::parse(text); }

struct SamplePki {
  SamplePki();
  pki::PrivateKey internal_key, external_key, ca_key, intermediate_key, server_key;
  pki::Certificate internal_certificate, external_certificate, ca, intermediate, ocsp_signer, tsa;
  pki::Certificate first_auth, second_auth;  // first by the CA, second by the intermediate

  SourceKeys internal() const { return source_keys(internal_key, internal_certificate); }
  SourceKeys external() const { return source_keys(external_key, external_certificate); }
};
// Made once for all tests.
const SamplePki& sample_pki();

// With everything a configuration can say.
InstanceDescription sample_instance(const std::string& instance = "DEV");

}  // namespace causeway::globalconf
