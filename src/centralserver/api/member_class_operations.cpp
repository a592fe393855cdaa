// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/registry/member_classes.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

json::object as_json(const MemberClass& one) { return {{"code", one.code}, {"description", one.description}}; }

Result<ApiAnswer> list(const Registry& registry, const ApiRequest&) {
  auto all = member_classes(registry);
  if (!all) return all.error();
  json::array out;
  for (const MemberClass& each : *all) out.push_back(as_json(each));
  return json_answer(out);
}

Result<ApiAnswer> add(Change& change, const ApiRequest& request) {
  const json::object body = body_of(request);
  const MemberClass added{text_in(body, "code"), text_in(body, "description")};
  if (auto done = add_member_class(change, added); !done) return done.error();
  return json_answer(as_json(added), 201);
}

Result<ApiAnswer> describe(Change& change, const ApiRequest& request) {
  const MemberClass changed{in_path(request, "code"), text_in(body_of(request), "description")};
  if (auto done = describe_member_class(change, changed.code, changed.description); !done) return done.error();
  return json_answer(as_json(changed));
}

Result<ApiAnswer> remove(Change& change, const ApiRequest& request) {
  if (auto done = delete_member_class(change, in_path(request, "code")); !done) return done.error();
  return no_content();
}

}  // namespace

void add_member_class_operations(OperationsOf& api) {
  api.look("getMemberClasses", &list);
  api.alter("addMemberClass", &add);
  api.alter("updateMemberClass", &describe);
  api.alter("deleteMemberClass", &remove);
}

}  // namespace causeway::centralserver
