// SPDX-License-Identifier: MIT
// Where the validity of a CA's certificates is asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "centralserver/registry/change.hpp"
#include "globalconf/shared_parameters.hpp"

namespace causeway::centralserver {

struct NewOcspResponder {
  std::string url;
  std::optional<Bytes> certificate;  // DER or PEM; none: the CA signs responses itself, or says who does
  globalconf::CostType cost = globalconf::CostType::undefined;
};

struct RegisteredOcspResponder {
  std::int64_t number = 0;
  std::string url;
  std::optional<Bytes> certificate;  // DER
  globalconf::CostType cost = globalconf::CostType::undefined;
  TimePoint created, updated;
};

// What is absent stays as it is.
struct OcspResponderUpdate {
  std::optional<std::string> url = {};
  std::optional<Bytes> certificate = {};
  std::optional<globalconf::CostType> cost = {};
};

// ocsp_responder_not_found.
Result<RegisteredOcspResponder> ocsp_responder(const Registry& registry, std::int64_t number);
// invalid_url, invalid_certificate.
Result<void> update_ocsp_responder(Change& change, std::int64_t number, const OcspResponderUpdate& update);
Result<void> delete_ocsp_responder(Change& change, std::int64_t number);

// For this library: of the CA with this number.
Result<std::vector<RegisteredOcspResponder>> ocsp_responders_of(const Registry& registry, std::int64_t authority);
Result<std::int64_t> add_ocsp_responder_of(Change& change, std::int64_t authority, const NewOcspResponder& added);

}  // namespace causeway::centralserver
