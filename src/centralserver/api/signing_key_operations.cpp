// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/json.hpp>

#include "base/log.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/server_operations.hpp"
#include "centralserver/api/signer_tokens.hpp"
#include "centralserver/api/token_json.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/signing_keys.hpp"
#include "centralserver/registry/source_anchors.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "domain/fault_code.hpp"
#include "signer/usable_key.hpp"

namespace causeway::centralserver {
namespace {

using admin::ApiAnswer;
using admin::ApiRequest;

// As X-Road calls them.
std::string common_name(SourceType source) { return std::string(to_string(source)) + "SigningKey"; }

Result<pki::Certificate> make_certificate(signer::SignerConnection& connection, const signer::KeyInfo& key,
                                          SourceType source) {
  auto public_key = pki::PublicKey::from_spki(key.public_key);
  if (!public_key) return public_key.error();
  return globalconf::make_source_certificate(*public_key, signer::scheme_of(key),
                                             signer::digest_signer(connection, key.id), common_name(source));
}

// With its anchor, and committed.
Result<SigningKey> register_key(const ServerContext& context, Change& change, AskedToken& asked,
                                const signer::KeyInfo& key, SourceType source) {
  auto certificate = make_certificate(asked.connection, key, source);
  if (!certificate) return token_fault("key_generation_failed", certificate.error().text);
  auto added = add_signing_key(
      change,
      {.id = key.id, .source = source, .node = {}, .token = asked.token.id, .certificate = *std::move(certificate)});
  if (!added) return added;
  if (auto anchor = recreate_source_anchor(change, source, context.ports); !anchor) return anchor.error();
  if (auto committed = change.commit(); !committed) return committed.error();
  return added;
}

Result<ApiAnswer> add(const ServerContext& context, const Registry& registry, const ApiRequest& request) {
  const SourceType source = source_named(in_path(request, "configuration_type"));
  const auto body = body_of(request);
  auto asked = ask_for_token(context, text_in(body, "token_id"));
  if (!asked) return asked.error();
  // From here on nobody else adds one.
  auto change = Change::begin(registry, request.caller.name);
  if (!change) return change.error();
  auto keys = signing_keys(registry);
  if (!keys) return keys.error();
  if (!asked->token.active || !has_room_for_key(asked->token, source, *keys))
    return token_fault("token_action_not_possible", "The token is not logged in to, or has two keys already");
  if (auto instance = instance_identifier(registry); !instance) return instance.error();
  auto key = asked->connection.generate_key(
      {.token_id = asked->token.id, .label = text_in(body, "key_label"), .rsa = context.keys_are_rsa(source)});
  if (!key) return token_fault("key_generation_failed", key.error().text);
  auto added = register_key(context, *change, *asked, *key, source);
  if (!added) {
    if (auto deleted = asked->connection.delete_key(key->id); !deleted)
      log::error("the new key {} is left in the signer: {}", key->id, deleted.error().text);
    return added.error();
  }
  return json_answer(signing_key_json(asked->token, *key, *added));
}

// The key, and its token where it can be used.
Result<AskedToken> spare_key(const ServerContext& context, const Registry& registry, const std::string& id) {
  auto key = signing_key(registry, id);
  if (!key) return key.error();
  auto asked = ask_for_token(context, key->token);
  if (!asked || !asked->token.active)
    return fault(RegistryFault::signing_key_action_not_possible, "The token of the key is not logged in to");
  return asked;
}

Result<ApiAnswer> activate(const ServerContext& context, Change& change, const ApiRequest& request) {
  const std::string& id = in_path(request, "sign_key_id");
  auto asked = spare_key(context, change.registry(), id);
  if (!asked) return asked.error();
  // One that cannot sign would stop the configuration.
  if (auto usable = signer::usable_key({asked->token}, id); !usable)
    return fault(RegistryFault::signing_key_action_not_possible, usable.error().text);
  if (auto done = activate_signing_key(change, id); !done) return done.error();
  return no_content();
}

Result<ApiAnswer> remove(const ServerContext& context, Change& change, const ApiRequest& request) {
  const std::string& id = in_path(request, "sign_key_id");
  auto key = signing_key(change.registry(), id);
  if (!key) return key.error();
  auto asked = spare_key(context, change.registry(), id);
  if (!asked) return asked.error();
  if (auto done = delete_signing_key(change, id); !done) return done.error();
  if (auto anchor = recreate_source_anchor(change, key->source, context.ports); !anchor) return anchor.error();
  auto deleted = asked->connection.delete_key(id);
  // Deleted before, by an attempt that came no further.
  if (!deleted && deleted.error().code != to_string(FaultCode::key_not_found))
    return token_fault("error_deleting_signing_key", deleted.error().text);
  return no_content();
}

}  // namespace

void add_signing_key_operations(OperationsOf& api, const SharedContext& context) {
  api.look("addKey",
           [context](const Registry& registry, const ApiRequest& request) { return add(*context, registry, request); });
  api.alter("activateKey",
            [context](Change& change, const ApiRequest& request) { return activate(*context, change, request); });
  api.alter("deleteKey",
            [context](Change& change, const ApiRequest& request) { return remove(*context, change, request); });
}

}  // namespace causeway::centralserver
