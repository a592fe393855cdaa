// SPDX-License-Identifier: MIT
// Queries of requests for evidence: what is read is text, and a request that is taken is
// whole.
#include "message/query_parameters.hpp"

#include "base/utf8.hpp"
#include "oracle.hpp"
#include "securityserver/consumer/evidence_request.hpp"

namespace {

using namespace causeway;
using fuzz::require;

constexpr const char* kNames[] = {"xRoadInstance", "memberClass",  "memberCode", "subsystemCode", "queryId",
                                  "requestOnly",   "responseOnly", "unique",     "force"};

void check_request(const message::QueryParameters& parameters) {
  const auto owner = securityserver::evidence_owner(parameters);
  if (!owner) return require(owner.error().code == "bad_request");
  require(owner->is_subsystem() == parameters.has("subsystemCode"));
  require(owner->member_code() == *parameters.find("memberCode"));
  const auto request = securityserver::EvidenceRequest::read(*owner, parameters);
  if (!request) return require(request.error().code == "bad_request");
  require(request->query_id == *parameters.find("queryId"));
  require(request->response.has_value() == (parameters.has("requestOnly") != parameters.has("responseOnly")));
  require(request->check_unique().ok() == (!request->unique || request->response));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto parameters = message::QueryParameters::parse(fuzz::text_of(bytes, size));
  if (!parameters) {
    require(parameters.error().code == "bad_request");
    return 0;
  }
  for (const char* name : kNames)
    if (const std::string* value = parameters->find(name)) require(is_utf8(*value) && value->size() < size);
  check_request(*parameters);
  return 0;
}
