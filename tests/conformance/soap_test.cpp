// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "country.hpp"
#include "requests.hpp"

namespace causeway::conformance {
namespace {

TEST(Conformance, NormalMessage) {
  Country& country = Country::shared();
  country.services().answer_with(
      [](const ServiceRequest& request) { return http_answer("text/xml", soap_answer(request.body)); });
  const Answer answer = post_soap(soap_request(country.app(), country.service(), "getState", "id-1"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_NE(answer.body.find("getStateResponse"), std::string::npos) << answer.body;
}

TEST(Conformance, RestGet) {
  Country& country = Country::shared();
  country.services().answer_with(
      [](const ServiceRequest&) { return http_answer("application/json", "{\"name\":\"Rex\"}"); });
  const Answer answer = send_rest("GET", "/r1/DEV/COM/provider/service/rest/pets/7?verbose=true", {}, "");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{\"name\":\"Rex\"}");
  ASSERT_EQ(country.services().requests().size(), 1u);
  EXPECT_EQ(country.services().requests()[0].target, "/rest/pets/7?verbose=true");
}

}  // namespace
}  // namespace causeway::conformance
