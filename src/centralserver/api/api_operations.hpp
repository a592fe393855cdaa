// SPDX-License-Identifier: MIT
// The operations of the Central Server's administration interface (administration.md 4), on the
// registry.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "admin/api_definition.hpp"
#include "admin/pool.hpp"
#include "admin/roles.hpp"
#include "admin/router.hpp"
#include "centralserver/registry/change.hpp"
#include "centralserver/registry/registry.hpp"
#include "globalconf/anchor.hpp"

namespace causeway::centralserver {

using Registries = admin::Pool<Registry>;

// Of roles.yaml.
admin::Roles central_server_roles();

// Whether an anchor leads to a configuration of another instance; where not, why.
using AnchorTrial = std::function<Result<void>(const globalconf::Anchor&)>;
// By downloading it.
AnchorTrial anchor_download();

// What is around the registry.
struct Surroundings {
  AnchorTrial try_anchor = anchor_download();
  // Where the TLS key of the management services and its certificate are; empty: not here.
  std::filesystem::path tls_folder = {};
};

// `registries` outlive the router.
void add_api_operations(admin::Router& router, Registries& registries, const Surroundings& around = {});

// For this library: what adds the operations of one kind.
class OperationsOf {
 public:
  OperationsOf(admin::Router& router, std::shared_ptr<const admin::ApiDefinition> definition, Registries& registries)
      : router_(router), definition_(std::move(definition)), registries_(registries) {}

  // `operation` looks at the registry.
  using Look = std::function<Result<admin::ApiAnswer>(const Registry&, const admin::ApiRequest&)>;
  void look(std::string_view id, Look operation);
  // `operation` changes it; what it did counts when it gives no fault.
  using Alter = std::function<Result<admin::ApiAnswer>(Change&, const admin::ApiRequest&)>;
  void alter(std::string_view id, Alter operation);
  // The same, where a refusal can have a status that the description does not say by its code.
  using Decide = std::function<Result<admin::Outcome>(Change&, const admin::ApiRequest&)>;
  void decide(std::string_view id, Decide operation);
  // `operation` needs no registry.
  void answer(std::string_view id, admin::Operation::Handler operation);

 private:
  // What the description says of a fault; 500 when it says nothing.
  static admin::ApiError refusal(const admin::ApiDefinition& definition, std::string_view id, const Fault& why);

  admin::Router& router_;
  const std::shared_ptr<const admin::ApiDefinition> definition_;
  Registries& registries_;
};

void add_member_class_operations(OperationsOf& api);
void add_member_operations(OperationsOf& api);
void add_subsystem_operations(OperationsOf& api);
void add_global_group_operations(OperationsOf& api);
void add_security_server_operations(OperationsOf& api);
void add_search_operations(OperationsOf& api);
void add_certification_service_operations(OperationsOf& api);
void add_intermediate_ca_operations(OperationsOf& api);
void add_ocsp_responder_operations(OperationsOf& api);
void add_timestamping_service_operations(OperationsOf& api);
void add_service_certificate_operations(OperationsOf& api, const std::filesystem::path& folder);
void add_trusted_anchor_operations(OperationsOf& api, const AnchorTrial& try_anchor);
void add_management_request_operations(OperationsOf& api);

}  // namespace causeway::centralserver
