// SPDX-License-Identifier: MIT
// Looking for management requests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "centralserver/registry/paging.hpp"
#include "centralserver/registry/registry.hpp"
#include "centralserver/requests/management_request.hpp"

namespace causeway::centralserver {

struct FoundRequest {
  ManagementRequest request;
  // As they are called now; nothing where there is no such member, any more or yet.
  std::optional<std::string> owner_name, client_member_name;
};

// What is empty or blank is not asked for.
struct RequestSearch {
  // Somewhere in number, time, identifier of the server or name of its owner, in any case.
  std::string any = {};
  std::optional<RequestOrigin> origin = {};
  std::vector<RequestType> types = {};
  std::optional<RequestStatus> status = {};
  std::optional<ServerId> server = {};
};

enum class RequestOrder { number, created, type, owner_name, server, status };

// Equal ones by number. Those without a status or owner come last.
Result<Page<FoundRequest>> find_requests(const Registry& registry, const RequestSearch& search, RequestOrder order,
                                         const Paging& paging);
// management_request_not_found.
Result<FoundRequest> find_request(const Registry& registry, std::int64_t number);

}  // namespace causeway::centralserver
