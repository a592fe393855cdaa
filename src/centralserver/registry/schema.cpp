// SPDX-License-Identifier: MIT
#include "centralserver/registry/schema.hpp"

#include <array>

#include "admin/api_keys.hpp"

namespace causeway::centralserver {
namespace {

// The engines differ in two words: how rows are numbered and what octets are called. Numbers
// are not given twice, because the admin API names things by them.
#define CAUSEWAY_REGISTRY_TABLES(NUMBERED, OCTETS) \
  /* node: '' for what all nodes share */          \
  "CREATE TABLE system_parameter (name TEXT NOT NULL, node TEXT NOT NULL, value TEXT NOT NULL,"                 \
  " PRIMARY KEY (name, node));"                                                                                 \
  "CREATE TABLE member_class (" NUMBERED ", code TEXT NOT NULL UNIQUE, description TEXT NOT NULL);"             \
  /* Members and subsystems, since servers and groups refer to both: subsystem_code is '' and member_id NULL */ \
  /* for a member. */                                                                                           \
  "CREATE TABLE client (" NUMBERED                                                                              \
  ", member_class_id BIGINT NOT NULL REFERENCES member_class (id),"                                             \
  " member_code TEXT NOT NULL, subsystem_code TEXT NOT NULL,"                                                   \
  " member_id BIGINT REFERENCES client (id), name TEXT NOT NULL,"                                               \
  " UNIQUE (member_class_id, member_code, subsystem_code),"                                                     \
  " CHECK ((subsystem_code = '') = (member_id IS NULL)));"                                                      \
  "CREATE INDEX client_member ON client (member_id);"                                                           \
  "CREATE TABLE security_server (" NUMBERED                                                                     \
  ", owner_id BIGINT NOT NULL REFERENCES client (id), code TEXT NOT NULL, address TEXT NOT NULL,"               \
  " in_maintenance BIGINT NOT NULL DEFAULT 0, maintenance_message TEXT,"                                        \
  " created BIGINT NOT NULL, updated BIGINT NOT NULL, UNIQUE (owner_id, code));"                                \
  "CREATE TABLE authentication_certificate (" NUMBERED                                                          \
  ", server_id BIGINT NOT NULL REFERENCES security_server (id), sha256 TEXT NOT NULL UNIQUE,"                   \
  " certificate " OCTETS                                                                                        \
  " NOT NULL);"                                                                                                 \
  "CREATE INDEX authentication_certificate_server ON authentication_certificate (server_id);"                   \
  "CREATE TABLE server_client (server_id BIGINT NOT NULL REFERENCES security_server (id),"                      \
  " client_id BIGINT NOT NULL REFERENCES client (id), enabled BIGINT NOT NULL DEFAULT 1,"                       \
  " PRIMARY KEY (server_id, client_id));"                                                                       \
  "CREATE INDEX server_client_client ON server_client (client_id);"                                             \
  "CREATE TABLE global_group (" NUMBERED                                                                        \
  ", code TEXT NOT NULL UNIQUE, description TEXT NOT NULL,"                                                     \
  " created BIGINT NOT NULL, updated BIGINT NOT NULL);"                                                         \
  "CREATE TABLE global_group_member (" NUMBERED                                                                 \
  ", group_id BIGINT NOT NULL REFERENCES global_group (id),"                                                    \
  " client_id BIGINT NOT NULL REFERENCES client (id), created BIGINT NOT NULL, UNIQUE (group_id, client_id));"  \
  "CREATE INDEX global_group_member_client ON global_group_member (client_id);"                                 \
  "CREATE TABLE certification_service (" NUMBERED                                                               \
  ", name TEXT NOT NULL, profile_class TEXT NOT NULL, tls_only BIGINT NOT NULL, csr_format TEXT,"               \
  " acme_directory_url TEXT NOT NULL, acme_ip_address TEXT NOT NULL,"                                           \
  " acme_authentication_profile TEXT NOT NULL, acme_signing_profile TEXT NOT NULL,"                             \
  " created BIGINT NOT NULL, updated BIGINT NOT NULL);"                                                         \
  /* The CA of a service, and its intermediate ones. */                                                         \
  "CREATE TABLE certificate_authority (" NUMBERED                                                               \
  ", service_id BIGINT NOT NULL REFERENCES certification_service (id), intermediate BIGINT NOT NULL,"           \
  " certificate " OCTETS                                                                                        \
  " NOT NULL, created BIGINT NOT NULL);"                                                                        \
  "CREATE INDEX certificate_authority_service ON certificate_authority (service_id);"                           \
  "CREATE TABLE ocsp_responder (" NUMBERED                                                                      \
  ", authority_id BIGINT NOT NULL REFERENCES certificate_authority (id), url TEXT NOT NULL,"                    \
  " certificate " OCTETS                                                                                        \
  ", cost TEXT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL);"                                    \
  "CREATE INDEX ocsp_responder_authority ON ocsp_responder (authority_id);"                                     \
  "CREATE TABLE timestamping_service (" NUMBERED                                                                \
  ", name TEXT NOT NULL, url TEXT NOT NULL, certificate " OCTETS                                                \
  " NOT NULL, cost TEXT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL);"                           \
  "CREATE TABLE trusted_anchor (" NUMBERED                                                                      \
  ", instance TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, document " OCTETS                                       \
  " NOT NULL, created BIGINT NOT NULL);"                                                                        \
  "CREATE TABLE configuration_part (content_identifier TEXT PRIMARY KEY, content " OCTETS                       \
  " NOT NULL, updated BIGINT NOT NULL);"                                                                        \
  /* One row for each thing or field that changed; those of one transaction have one change number, which is */ \
  /* the id of the first. */                                                                                    \
  "CREATE TABLE history (" NUMBERED                                                                             \
  ", change BIGINT NOT NULL, time BIGINT NOT NULL, author TEXT NOT NULL, action TEXT NOT NULL,"                 \
  " kind TEXT NOT NULL, subject TEXT NOT NULL, field TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL);"

// What clients are looked for by (client_search.hpp): in lower case, so that one engine's rules for
// letters do not count. `text` is all of it, in the order of names. What was there before is put into
// lower case by the database.
constexpr std::string_view kClientSearch =
    "CREATE TABLE client_search (client_id BIGINT PRIMARY KEY REFERENCES client (id), is_member BIGINT NOT NULL,"
    " name TEXT NOT NULL, class TEXT NOT NULL, code TEXT NOT NULL, subsystem TEXT NOT NULL, text TEXT NOT NULL);"
    "INSERT INTO client_search SELECT client.id, CASE WHEN client.member_id IS NULL THEN 1 ELSE 0 END,"
    " LOWER(COALESCE(owner.name, client.name)), LOWER(member_class.code), LOWER(client.member_code),"
    " LOWER(client.subsystem_code), LOWER(COALESCE(owner.name, client.name) || '\n' || member_class.code || '\n' ||"
    " client.member_code || '\n' || client.subsystem_code)"
    " FROM client JOIN member_class ON member_class.id = client.member_class_id"
    " LEFT JOIN client owner ON owner.id = client.member_id;"
    "CREATE INDEX client_search_text ON client_search (text, client_id);"
    "CREATE INDEX client_search_class ON client_search (class, client_id);"
    "CREATE INDEX client_search_code ON client_search (code, client_id);"
    "CREATE INDEX client_search_type ON client_search (is_member, client_id);";

constexpr std::array kMigrations{
    store::Migration{1, "registry", CAUSEWAY_REGISTRY_TABLES("id INTEGER PRIMARY KEY AUTOINCREMENT", "BLOB"),
                     CAUSEWAY_REGISTRY_TABLES("id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY", "BYTEA")},
    store::Migration{2, "API keys", admin::ApiKeys::kSchema, admin::ApiKeys::kSchemaOfPostgres},
    store::Migration{3, "signing keys", "SELECT 1"}, store::Migration{4, "management requests", "SELECT 1"},
    store::Migration{5, "search", kClientSearch}};

}  // namespace

std::span<const store::Migration> registry_migrations() { return kMigrations; }

}  // namespace causeway::centralserver
