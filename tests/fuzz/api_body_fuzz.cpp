// SPDX-License-Identifier: MIT
// Bodies and queries of requests to the Central Server's API, held against its description: each is
// taken or refused, whatever it is. The first octet says which operation, the first line is the
// query. What begins with --B is a form.
#include "admin/api_definition.hpp"
#include "base/files.hpp"
#include "oracle.hpp"

namespace {

using namespace causeway;
using namespace causeway::admin;
using fuzz::require;

std::vector<Operation> operations() {
  const auto yaml = read_file(CAUSEWAY_DESCRIPTION);
  require(yaml.ok());
  const auto definition = ApiDefinition::parse(*yaml);
  std::vector<Operation> all;
  for (const std::string& id : definition->operation_ids()) all.push_back(definition->operation(id, {}));
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const std::vector<Operation> all = operations();
  if (size == 0) return 0;
  const std::string_view text = fuzz::text_of(bytes + 1, size - 1);
  const auto line = std::min(text.find('\n'), text.size());
  auto query = message::QueryParameters::parse(text.substr(0, line));
  const std::string_view body = text.substr(std::min(line + 1, text.size()));
  ApiRequest request{.content_type = body.starts_with("--B") ? "multipart/form-data; boundary=B" : "application/json",
                     .body = std::string(body)};
  if (query) request.query = *std::move(query);
  if (const auto refused = all[bytes[0] % all.size()].check(request)) {
    require(refused->status == 400 || refused->status == 403 || refused->status == 415);
    for (const auto& [field, why] : refused->validation_errors) require(!why.empty());
  }
  return 0;
}
