// SPDX-License-Identifier: MIT
// Management requests as rows of the database. For this library only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "centralserver/registry/change.hpp"
#include "centralserver/requests/management_request.hpp"

namespace causeway::centralserver {

inline constexpr const char* kRequestColumns =
    " request.id, request.type, request.origin, request.server_class, request.server_member, request.server_code,"
    " request.client_class, request.client_member, request.client_subsystem, request.subsystem_name,"
    " request.address, request.certificate, request.comments, request.processing_id, processing.status,"
    " request.created, request.updated ";
inline constexpr int kRequestColumnCount = 17;
inline constexpr const char* kRequestTables =
    " management_request request LEFT JOIN request_processing processing ON processing.id = request.processing_id ";

// Of a query that begins with kRequestColumns.
Result<ManagementRequest> read_request(const store::Statement& row, const std::string& instance);

// management_request_not_found.
Result<ManagementRequest> stored_request(const Registry& registry, std::int64_t number);
// Those in one of two states, the oldest first: of a server and a client, of a server whatever
// the client, of a certificate.
Result<std::vector<ManagementRequest>> requests_in(const Registry& registry, RequestType type, const ServerId& server,
                                                   const ClientId& client, RequestStatus one, RequestStatus other);
Result<std::vector<ManagementRequest>> requests_in(const Registry& registry, RequestType type, const ServerId& server,
                                                   RequestStatus one, RequestStatus other);
Result<std::vector<ManagementRequest>> certificate_requests_in(const Registry& registry, ByteView certificate,
                                                               RequestStatus one, RequestStatus other);
// How many requests share the processing of this one, with itself.
Result<std::int64_t> requests_sharing(const Registry& registry, const ManagementRequest& request);

// `status`: nothing for those that take effect at once. `met`: the one whose processing it
// shares from now on, which then is in this state too.
Result<ManagementRequest> store_request(Change& change, const NewRequest& added, std::optional<RequestStatus> status,
                                        const std::optional<ManagementRequest>& met = {});
// Of all that share it.
Result<void> store_status(Change& change, const ManagementRequest& request, RequestStatus status);

}  // namespace causeway::centralserver
