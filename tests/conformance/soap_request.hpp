// SPDX-License-Identifier: MIT
// SOAP requests of an information system, with a service that answers honestly.
#pragma once

#include <gtest/gtest.h>

#include <functional>

#include "base/bytes.hpp"
#include "case.hpp"
#include "pki/digest.hpp"
#include "requests.hpp"

namespace causeway::conformance {

class SoapRequest : public ::testing::Test {
 protected:
  void SetUp() override {
    Country::shared().services().answer_with([](const ServiceRequest& request) {
      const auto from = request.body.find("<?xml");
      const auto to = request.body.find("Envelope>", from);
      return http_answer("text/xml; charset=UTF-8", soap_answer(request.body.substr(from, to + 9 - from)));
    });
  }
  // The answer of an honest service in which `change` was made to the text.
  static void answer_changed(const std::function<std::string(std::string)>& change) {
    Country::shared().services().answer_with([change](const ServiceRequest& request) {
      return http_answer("text/xml; charset=UTF-8", change(soap_answer(request.body)));
    });
  }
  static std::string seen_body() {
    const auto requests = Country::shared().services().requests();
    return requests.empty() ? "" : requests.back().body;
  }
  // Base64 of SHA-512 as it stands in the answer's header.
  static std::string request_hash(const std::string& answer) {
    const auto open = answer.find("requestHash ");
    const auto from = answer.find('>', open) + 1;
    return answer.substr(from, answer.find('<', from) - from);
  }
  static std::string hash_of(const std::string& octets) {
    return to_base64(pki::digest(pki::DigestAlgorithm::sha512, as_bytes(octets)));
  }
  static SoapParts parts(const std::string& id) {
    return soap_parts(Country::shared().app(), Country::shared().service(), "getState", id);
  }
  static std::string without(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    return text.erase(at, text.find(to, at) + to.size() - at);
  }
  static std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    return at == std::string::npos ? text : text.replace(at, what.size(), with);
  }
  static void accepts(const std::string& soap) {
    const Answer answer = post_soap(soap);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.fault_code(), "") << answer.body << answer.problem;
    ASSERT_EQ(Country::shared().services().requests().size(), 1u);
    EXPECT_EQ(Country::shared().services().requests()[0].body, soap)
        << "request bytes must reach the service unchanged";
  }
  static void refuses(const Answer& answer, const std::string& code) {
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.fault_code(), code) << answer.body << answer.problem;
    EXPECT_NE(answer.body.find("<faultDetail xmlns=\"\">"), std::string::npos);
    EXPECT_TRUE(Country::shared().services().requests().empty());
  }
};

}  // namespace causeway::conformance
