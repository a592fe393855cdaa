// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "base/files.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/server_operations.hpp"
#include "centralserver/api/token_json.hpp"
#include "centralserver/registry/configuration_parts.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/signing_keys.hpp"
#include "globalconf/optional_parts.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

struct KnownPart {
  std::string_view identifier, file_name;
  bool optional;
};

constexpr std::array kParts{KnownPart{globalconf::kPrivateParametersId, globalconf::kPrivateParametersFile, false},
                            KnownPart{globalconf::kSharedParametersId, globalconf::kSharedParametersFile, false},
                            KnownPart{globalconf::kMonitoringId, globalconf::kMonitoringFile, true},
                            KnownPart{globalconf::kFetchIntervalId, globalconf::kFetchIntervalFile, true},
                            KnownPart{globalconf::kNextUpdateId, globalconf::kNextUpdateFile, true}};

json::object as_json(const KnownPart& part) {
  return {{"content_identifier", part.identifier}, {"file_name", part.file_name}, {"optional", part.optional}};
}

json::object with_time(json::object out, TimePoint updated, int version) {
  out["file_updated_at"] = to_iso_millis(updated);
  out["version"] = version;
  return out;
}

// In every version that there is of it.
void add_made(const GenerationStatus& generation, const KnownPart& part, json::array& out) {
  const std::size_t before = out.size();
  for (const VersionStatus& version : generation.versions)
    if (version.parts && version.made) out.push_back(with_time(as_json(part), *version.made, version.version));
  if (out.size() == before) out.push_back(as_json(part));
}

void add_uploaded(const std::vector<ConfigurationPart>& uploaded, const KnownPart& part, json::array& out) {
  const auto found = std::ranges::find(uploaded, part.identifier, &ConfigurationPart::content_identifier);
  // Parts that were uploaded are the same in all versions, which is said by the number 0.
  out.push_back(found == uploaded.end() ? as_json(part) : with_time(as_json(part), found->updated, 0));
}

Result<ApiAnswer> list(const ServerContext& context, const Registry& registry, const ApiRequest& request) {
  const SourceType source = source_named(in_path(request, "configuration_type"));
  auto keys = signing_keys(registry);
  if (!keys) return keys.error();
  const bool is_source = std::ranges::any_of(
      *keys, [&](const SigningKey& key) { return key.source == source && key.node == registry.node(); });
  auto uploaded = configuration_parts(registry);
  if (!uploaded) return uploaded.error();
  const GenerationStatus generation = context.generation();
  json::array out;
  if (is_source)
    for (const KnownPart& part : kParts) {
      if (source == SourceType::external && part.identifier != globalconf::kSharedParametersId) continue;
      if (part.optional)
        add_uploaded(*uploaded, part, out);
      else
        add_made(generation, part, out);
    }
  return json_answer(out);
}

Fault no_such_part(std::string_view identifier) {
  return fault(RegistryFault::configuration_part_file_not_found, "There is no part " + std::string(identifier));
}

Result<std::string> content_of(const ServerContext& context, const Registry& registry, const KnownPart& part,
                               int version) {
  if (part.optional) {
    if (version != 0) return no_such_part(part.identifier);
    auto uploaded = configuration_part(registry, std::string(part.identifier));
    if (!uploaded) return uploaded.error();
    return std::move(uploaded->content);
  }
  const GenerationStatus generation = context.generation();
  const auto found = std::ranges::find(generation.versions, version, &VersionStatus::version);
  if (found == generation.versions.end() || !found->parts) return no_such_part(part.identifier);
  auto text = read_file(*found->parts / part.file_name);
  return text ? text : Result<std::string>(no_such_part(part.identifier));
}

Result<ApiAnswer> download(const ServerContext& context, const Registry& registry, const ApiRequest& request) {
  const std::string& identifier = in_path(request, "content_identifier");
  const auto part = std::ranges::find(kParts, identifier, &KnownPart::identifier);
  if (part == kParts.end()) return no_such_part(identifier);
  const std::string& text = in_path(request, "version");
  int version = 0;
  std::from_chars(text.data(), text.data() + text.size(), version);  // a number, as was checked
  auto content = content_of(context, registry, *part, version);
  if (!content) return content.error();
  return file_answer(*std::move(content), std::string(part->file_name), "application/xml");
}

// The description says that both fields are there.
Result<ApiAnswer> upload(Change& change, const ApiRequest& request) {
  const std::string& identifier = *request.form.text("content_identifier");
  const auto part = std::ranges::find(kParts, identifier, &KnownPart::identifier);
  if (part == kParts.end() || !part->optional)
    return Fault{"core.malformed_optional_parts_conf", "There is no part " + identifier + " that could be uploaded"};
  if (source_named(in_path(request, "configuration_type")) == SourceType::external)
    return Fault{"unknown_configuration_part", "The external configuration has no part " + identifier};
  auto stored = store_configuration_part(change, identifier, request.form.file("file")->value);
  if (!stored) return stored.error();
  return no_content();
}

}  // namespace

void add_configuration_part_operations(OperationsOf& api, const SharedContext& context) {
  api.look("getConfigurationParts", [context](const Registry& registry, const ApiRequest& request) {
    return list(*context, registry, request);
  });
  api.alter("uploadConfigurationParts", &upload);
  api.look("downloadConfigurationParts", [context](const Registry& registry, const ApiRequest& request) {
    return download(*context, registry, request);
  });
}

}  // namespace causeway::centralserver
