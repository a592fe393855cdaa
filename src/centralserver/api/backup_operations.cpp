// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/json.hpp>

#include "base/files.hpp"
#include "base/log.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/paged.hpp"
#include "centralserver/api/server_operations.hpp"
#include "centralserver/backup/backups.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

json::object as_json(std::string_view name) { return {{"filename", name}}; }

ApiAnswer list(const Backups& backups) {
  json::array out;
  for (const backup::KeptBackup& each : backups.kept().list()) out.push_back(as_json(each.name));
  return json_answer(out);
}

Result<ApiAnswer> add(Backups& backups, const Registry& registry) {
  auto made = backups.make(registry, backup::backup_name(now()));
  if (made) return json_answer(as_json(*made), 201);
  log::error("no backup was made: {}", made.error().text);
  return Fault{"backup_generation_failed", made.error().text};
}

admin::Outcome upload(const Backups& backups, const ApiRequest& request) {
  const message::FormField& file = *request.form.file("file");  // is there, says the description
  const std::string name = file.filename.value_or("");
  if (!backup::is_backup_name(name)) return admin::api_error(400, "invalid_filename", {name});
  if (backups.kept().find(name) && text_in_query(request, "ignore_warnings") != "true") {
    admin::ApiError error = admin::api_error(400, "warnings_detected");
    error.warnings.push_back({"warning_file_already_exists", {name}});
    return error;
  }
  auto stored = backups.kept().store(name, file.value);
  if (stored) return json_answer(as_json(name), 201);
  log::error("{}", stored.error().text);
  return admin::api_error(500, stored.error().code);
}

// By their names in paths: what is no name of a backup is a wrong request.
admin::ApiError refusal(const Fault& why, const std::string& name) {
  return admin::api_error(why.code == "invalid_filename" ? 400 : 404, why.code, {name});
}

admin::Outcome download(const Backups& backups, const ApiRequest& request) {
  const std::string& name = in_path(request, "filename");
  auto place = backups.kept().find(name);
  if (!place) return refusal(place.error(), name);
  auto content = read_file(*place);
  if (!content) return refusal(Fault{"backup_file_not_found", ""}, name);
  return file_answer(*std::move(content), name, "application/octet-stream");
}

admin::Outcome remove(const Backups& backups, const ApiRequest& request) {
  const std::string& name = in_path(request, "filename");
  if (auto place = backups.kept().place_of(name); !place) return refusal(place.error(), name);
  if (auto removed = backups.kept().remove(name); !removed) return refusal(removed.error(), name);
  return no_content();
}

// Beside the software token, which is always there.
Result<bool> has_hardware_tokens(const ServerContext& context) {
  auto connection = context.signer();
  if (!connection) return connection.error();
  auto tokens = connection->list_tokens();
  if (!tokens) return tokens.error();
  return std::ranges::any_of(*tokens, [](const signer::TokenInfo& each) { return each.id != kSoftwareToken; });
}

admin::Outcome restore(const ServerContext& context, const ApiRequest& request) {
  const std::string& name = in_path(request, "filename");
  if (auto place = context.backups->kept().place_of(name); !place) return refusal(place.error(), name);
  auto hardware = has_hardware_tokens(context);
  if (!hardware) {
    log::error("admin API: the signer: {}", hardware.error().text);
    return admin::api_error(500, "token_fetch_failed");
  }
  auto restored = context.backups->restore(name);
  if (!restored && restored.error().code == "backup_file_not_found") return refusal(restored.error(), name);
  if (!restored) {
    log::error("{} was not restored: {} ({})", name, restored.error().text, restored.error().code);
    return admin::api_error(500, "restore_process_failed", {restored.error().code});
  }
  log::info("{} is restored by {}: the server starts anew", name, request.caller.name);
  return json_answer(json::object{{"hsm_tokens_logged_out", *hardware}});
}

}  // namespace

void add_backup_operations(OperationsOf& api, const SharedContext& context) {
  api.answer("getBackups", [context](const ApiRequest&) -> admin::Outcome { return list(*context->backups); });
  api.look("addBackup",
           [context](const Registry& registry, const ApiRequest&) { return add(*context->backups, registry); });
  api.answer("uploadBackup", [context](const ApiRequest& request) { return upload(*context->backups, request); });
  api.answer("downloadBackup", [context](const ApiRequest& request) { return download(*context->backups, request); });
  api.answer("deleteBackup", [context](const ApiRequest& request) { return remove(*context->backups, request); });
  api.answer("restoreBackup", [context](const ApiRequest& request) { return restore(*context, request); });
}

}  // namespace causeway::centralserver
