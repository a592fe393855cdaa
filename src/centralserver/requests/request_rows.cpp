// SPDX-License-Identifier: MIT
#include "centralserver/requests/request_rows.hpp"

#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "domain/fault_code.hpp"
#include "pki/digest.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "management request";

std::string subject_of(RequestType type, std::int64_t number) {
  return std::string(to_string(type)) + " (" + std::to_string(number) + ")";
}

Fault unreadable(const store::Statement& row) {
  return fault(FaultCode::database_error,
               "The management request " + std::to_string(row.integer(0)) + " has an unknown type, origin or status");
}

template <class... Arguments>
Result<std::vector<ManagementRequest>> selected(const Registry& registry, const std::string& condition,
                                                const Arguments&... arguments) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  return read_rows(
      registry.database(),
      std::string("SELECT") + kRequestColumns + "FROM" + kRequestTables + "WHERE " + condition + " ORDER BY request.id",
      [&](const store::Statement& row) { return read_request(row, *instance); }, arguments...);
}

Result<std::int64_t> insert_row(Change& change, const NewRequest& added, std::optional<std::int64_t> processing) {
  const auto client_part = [&](const std::string& (ClientId::*part)() const) {
    return added.client ? store::Parameter(((*added.client).*part)()) : store::Parameter(nullptr);
  };
  const bool certified = !added.certificate.empty();
  const std::string hash = certified ? to_hex(pki::digest(pki::DigestAlgorithm::sha256, added.certificate)) : "";
  return insert(change.database(),
                "INSERT INTO management_request (type, origin, server_class, server_member, server_code, client_class,"
                " client_member, client_subsystem, subsystem_name, address, sha256, certificate, comments,"
                " processing_id, created, updated)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15) RETURNING id",
                to_string(added.type), to_string(added.origin), added.server.owner().member_class(),
                added.server.owner().member_code(), added.server.code(), client_part(&ClientId::member_class),
                client_part(&ClientId::member_code), client_part(&ClientId::subsystem), added.subsystem_name,
                added.address, hash, certified ? store::Parameter(added.certificate) : store::Parameter(nullptr),
                nullable(added.comments), processing ? store::Parameter(*processing) : store::Parameter(nullptr),
                change.millis());
}

}  // namespace

Result<ManagementRequest> read_request(const store::Statement& row, const std::string& instance) {
  const auto type = request_type(row.text(1));
  const auto origin = request_origin(row.text(2));
  auto server = ServerId::make(instance, std::string(row.text(3)), std::string(row.text(4)), std::string(row.text(5)));
  if (!type || !origin || !server) return unreadable(row);
  ManagementRequest out{NewRequest{.type = *type, .origin = *origin, .server = *std::move(server)}};
  if (!row.is_null(6)) {
    auto client =
        ClientId::make(instance, std::string(row.text(6)), std::string(row.text(7)), std::string(row.text(8)));
    if (!client) return unreadable(row);
    out.client = *std::move(client);
  }
  out.number = row.integer(0);
  out.subsystem_name = std::string(row.text(9));
  out.address = std::string(row.text(10));
  out.certificate = octets_of(row, 11);
  out.comments = optional_text(row, 12);
  if (!row.is_null(13)) {
    out.processing = row.integer(13);
    out.status = request_status(row.text(14));
    if (!out.status) return unreadable(row);
  }
  out.created = from_unix_millis(row.integer(15));
  out.updated = from_unix_millis(row.integer(16));
  return out;
}

Result<ManagementRequest> stored_request(const Registry& registry, std::int64_t number) {
  auto found = selected(registry, "request.id = $1", number);
  if (!found) return found.error();
  if (!found->empty()) return std::move(found->front());
  return fault(RegistryFault::management_request_not_found,
               "There is no management request number " + std::to_string(number));
}

Result<std::vector<ManagementRequest>> requests_in(const Registry& registry, RequestType type, const ServerId& server,
                                                   const ClientId& client, RequestStatus one, RequestStatus other) {
  return selected(registry,
                  "request.type = $1 AND request.server_class = $2 AND request.server_member = $3"
                  " AND request.server_code = $4 AND request.client_class = $5 AND request.client_member = $6"
                  " AND request.client_subsystem = $7 AND processing.status IN ($8, $9)",
                  to_string(type), server.owner().member_class(), server.owner().member_code(), server.code(),
                  client.member_class(), client.member_code(), client.subsystem(), to_string(one), to_string(other));
}

Result<std::vector<ManagementRequest>> requests_in(const Registry& registry, RequestType type, const ServerId& server,
                                                   RequestStatus one, RequestStatus other) {
  return selected(registry,
                  "request.type = $1 AND request.server_class = $2 AND request.server_member = $3"
                  " AND request.server_code = $4 AND processing.status IN ($5, $6)",
                  to_string(type), server.owner().member_class(), server.owner().member_code(), server.code(),
                  to_string(one), to_string(other));
}

Result<std::vector<ManagementRequest>> certificate_requests_in(const Registry& registry, ByteView certificate,
                                                               RequestStatus one, RequestStatus other) {
  return selected(registry, "request.type = $1 AND request.sha256 = $2 AND processing.status IN ($3, $4)",
                  to_string(RequestType::AUTH_CERT_REGISTRATION),
                  to_hex(pki::digest(pki::DigestAlgorithm::sha256, certificate)), to_string(one), to_string(other));
}

Result<std::int64_t> requests_sharing(const Registry& registry, const ManagementRequest& request) {
  auto count = read_row(registry.database(), "SELECT COUNT(*) FROM management_request WHERE processing_id = $1",
                        read_integer, request.processing.value_or(0));
  if (!count) return count.error();
  return count->value_or(0);
}

Result<ManagementRequest> store_request(Change& change, const NewRequest& added, std::optional<RequestStatus> status,
                                        const std::optional<ManagementRequest>& met) {
  std::optional<std::int64_t> processing;
  if (met) {
    processing = met->processing;
  } else if (status) {
    auto made = insert(change.database(), "INSERT INTO request_processing (status) VALUES ($1) RETURNING id",
                       to_string(*status));
    if (!made) return made.error();
    processing = *made;
  }
  auto number = insert_row(change, added, processing);
  if (!number) return number.error();
  const std::string about = added.client ? added.client->to_string() + " of " : std::string();
  auto noted = change.note_added(kKind, subject_of(added.type, *number), about + added.server.to_string());
  if (!noted) return noted.error();
  if (met && status)
    if (auto moved = store_status(change, *met, *status); !moved) return moved.error();
  return stored_request(change.registry(), *number);
}

Result<void> store_status(Change& change, const ManagementRequest& request, RequestStatus status) {
  auto stored = run(change.database(), "UPDATE request_processing SET status = $2 WHERE id = $1",
                    request.processing.value_or(0), to_string(status));
  if (!stored) return stored;
  auto dated = run(change.database(), "UPDATE management_request SET updated = $2 WHERE processing_id = $1",
                   request.processing.value_or(0), change.millis());
  if (!dated) return dated;
  return change.note_changed(kKind, subject_of(request.type, request.number), "status",
                             to_string(request.status.value_or(status)), to_string(status));
}

}  // namespace causeway::centralserver
