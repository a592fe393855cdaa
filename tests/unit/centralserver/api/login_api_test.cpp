// SPDX-License-Identifier: MIT
#include <regex>

#include "admin/api_definition.hpp"
#include "centralserver/api/documents.hpp"
#include "unit/centralserver/api/api_fixture.hpp"

namespace causeway::centralserver {
namespace {

class LoginApi : public CentralServerApi {};

TEST_F(LoginApi, WithoutOneEveryOperationAnswers401) {
  const auto definition = admin::ApiDefinition::parse(api_description());
  int asked = 0;
  for (const std::string& id : definition->operation_ids()) {
    if (id == "downloadOpenApi") continue;  // for everybody
    const admin::Operation operation = definition->operation(id, {});
    const std::string path = std::regex_replace(operation.path, std::regex(R"(\{[^}]*\})"), "1");
    const std::string text =
        net::run_command("curl -s -o /dev/null -w '%{http_code}' --max-time 20 -X " + operation.method +
                         " 'http://127.0.0.1:" + std::to_string(http_->port()) + path + "'");
    EXPECT_EQ(text, "401") << id;
    ++asked;
  }
  EXPECT_GE(asked, 109);
}

}  // namespace
}  // namespace causeway::centralserver
