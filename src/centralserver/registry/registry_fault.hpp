// SPDX-License-Identifier: MIT
// What the registry refuses, in the codes of X-Road's admin API of the Central Server.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace causeway::centralserver {

// Their spelling is that of the enumerators, as on the wire.
// clang-format off
#define CAUSEWAY_REGISTRY_FAULTS(X) \
  /* what was given cannot be taken as it is */ \
  X(validation_failure) X(invalid_certificate) X(invalid_url) X(invalid_ip_address) X(invalid_member_id) \
  X(invalid_subsystem_id) X(certificate_profile_info_class_not_found) X(configuration_part_validation_failed) \
  X(malformed_optional_parts_conf) X(malformed_anchor) X(management_request_invalid_subsystem_name) \
  /* not initialised, or already */ \
  X(init_already_initialized) X(instance_identifier_not_set) X(management_service_provider_not_set) \
  /* is there already */ \
  X(member_class_exists) X(member_exists) X(subsystem_exists) X(global_group_exists) \
  X(subsystem_already_registered_to_security_server) X(management_request_security_server_exists) \
  X(management_request_client_already_registered) X(management_request_client_already_owner) \
  X(management_request_server_code_exists) X(management_request_server_already_in_maintenance_mode) \
  X(management_request_server_not_in_maintenance_mode) X(management_request_exists) \
  /* is not there */ \
  X(member_class_not_found) X(member_not_found) X(subsystem_not_found) X(global_group_not_found) \
  X(security_server_not_found) X(ss_auth_certificate_not_found) X(certification_service_not_found) \
  X(intermediate_ca_not_found) X(ocsp_responder_not_found) X(timestamping_authority_not_found) \
  X(trusted_anchor_not_found) X(configuration_part_file_not_found) X(member_not_registered_to_security_server) \
  X(subsystem_not_registered_to_security_server) X(management_request_server_owner_not_found) \
  X(management_request_server_not_found) X(management_request_member_not_found) \
  X(management_request_server_client_not_found) X(management_request_client_registration_not_found) \
  X(management_request_not_found) X(signing_key_not_found) X(configuration_not_found) \
  /* is there, and may not be changed so */ \
  X(member_class_is_in_use) X(subsystem_registered_and_cannot_be_deleted) X(owners_global_group_cannot_be_deleted) \
  X(owners_global_group_member_cannot_be_deleted) X(cannot_add_member_to_owners_group) \
  X(management_request_cannot_register_owner) X(management_request_owner_must_be_member) \
  X(management_request_owner_must_be_client) X(management_request_invalid_auth_certificate) \
  X(management_request_invalid_server_address) X(mr_forbidden_disable_management_service_client) \
  X(mr_forbidden_enable_maintenance_mode_for_management_service) \
  X(management_request_only_subsystem_rename_allowed) X(management_request_invalid_state) \
  X(management_request_invalid_state_for_approval) X(management_request_not_supported) \
  X(signing_key_action_not_possible) X(no_configuration_signing_keys_configured)
// clang-format on

enum class RegistryFault {
#define CAUSEWAY_ENUMERATOR(name) name,
  CAUSEWAY_REGISTRY_FAULTS(CAUSEWAY_ENUMERATOR)
#undef CAUSEWAY_ENUMERATOR
};

std::string_view to_string(RegistryFault code);
Fault fault(RegistryFault code, std::string text);

// Management requests have codes of their own for what is not there: the same result, with
// `told` in place of `missing`.
template <class T>
Result<T> told_as(Result<T> found, RegistryFault missing, RegistryFault told) {
  if (found || found.error().code != to_string(missing)) return found;
  return fault(told, found.error().text);
}

}  // namespace causeway::centralserver
