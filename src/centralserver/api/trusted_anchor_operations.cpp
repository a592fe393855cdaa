// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/json.hpp>

#include "base/log.hpp"
#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/registry/trusted_anchors.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

json::object as_json(const TrustedAnchor& anchor) {
  json::object out{{"instance_identifier", anchor.anchor.instance}, {"hash", anchor.hash}};
  if (anchor.anchor.generated_at) out["generated_at"] = to_iso_millis(*anchor.anchor.generated_at);
  return out;
}

// Of a form that was held against the description.
const std::string& uploaded(const ApiRequest& request) { return request.form.file("anchor")->value; }

// "configuration_anchor_EY_EXTERNAL_2026-03-02_09_30_00.xml". An instance is called what its centre
// likes, a file is not.
std::string file_name(const TrustedAnchor& anchor) {
  std::string instance = anchor.anchor.instance;
  std::ranges::replace_if(
      instance, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '/' || c == '\\'; }, '_');
  std::string time = anchor.anchor.generated_at ? to_iso_seconds(*anchor.anchor.generated_at) : std::string();
  std::ranges::replace(time, 'T', '_');
  std::ranges::replace(time, ':', '_');
  std::erase(time, 'Z');
  return "configuration_anchor_" + instance + "_EXTERNAL_" + time + ".xml";
}

Result<ApiAnswer> list(const Registry& registry, const ApiRequest&) {
  auto anchors = trusted_anchors(registry);
  if (!anchors) return anchors.error();
  json::array out;
  for (const TrustedAnchor& each : *anchors) out.push_back(as_json(each));
  return json_answer(out);
}

Result<ApiAnswer> preview(const Registry&, const ApiRequest& request) {
  auto anchor = preview_trusted_anchor(uploaded(request));
  if (!anchor) return anchor.error();
  return json_answer(as_json(*anchor));
}

Result<ApiAnswer> upload(const AnchorTrial& try_anchor, const Registry& registry, const ApiRequest& request) {
  auto anchor = preview_trusted_anchor(uploaded(request));
  if (!anchor) return anchor.error();
  if (auto works = try_anchor(anchor->anchor); !works) {
    log::warn("admin API: the anchor of {} leads to no configuration: {}", anchor->anchor.instance, works.error().text);
    return Fault{"trusted_anchor_verification_failed", works.error().text};
  }
  // Only now: others must not wait for a download.
  auto change = Change::begin(registry, request.caller.name);
  if (!change) return change.error();
  auto added = add_trusted_anchor(*change, uploaded(request));
  if (!added) return added.error();
  if (auto done = change->commit(); !done) return done.error();
  return json_answer(as_json(*added), 201);
}

Result<ApiAnswer> download(const Registry& registry, const ApiRequest& request) {
  auto anchor = trusted_anchor(registry, in_path(request, "hash"));
  if (!anchor) return anchor.error();
  return file_answer(anchor->document, file_name(*anchor), "application/xml");
}

Result<ApiAnswer> remove(Change& change, const ApiRequest& request) {
  if (auto done = delete_trusted_anchor(change, in_path(request, "hash")); !done) return done.error();
  return no_content();
}

}  // namespace

void add_trusted_anchor_operations(OperationsOf& api, const AnchorTrial& try_anchor) {
  api.look("getTrustedAnchors", &list);
  api.look("previewTrustedAnchor", &preview);
  api.look("uploadTrustedAnchor", [try_anchor](const Registry& registry, const ApiRequest& request) {
    return upload(try_anchor, registry, request);
  });
  api.look("downloadTrustedAnchor", &download);
  api.alter("deleteTrustedAnchor", &remove);
}

}  // namespace causeway::centralserver
