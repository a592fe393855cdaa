// SPDX-License-Identifier: MIT
// What the logs of the two servers hold of an exchange: its failures by the id that the
// caller is shown, and the signed messages (design.md section 8; messages.md section 5).
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "base/uuid.hpp"
#include "case.hpp"
#include "requests.hpp"
#include "securityserver/messagelog/message_log.hpp"

namespace causeway::conformance {
namespace {

using namespace std::chrono_literals;

// Requests and answers in a message log.
struct Logged {
  int requests = 0, answers = 0;
  bool operator==(const Logged&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Logged& logged) {
  return out << logged.requests << " requests, " << logged.answers << " answers";
}

class Logs : public ::testing::Test {
 protected:
  void SetUp() override {
    id_ = "log-" + random_uuid();
    Country::shared().services().answer_with(
        [](const ServiceRequest& request) { return http_answer("text/xml", soap_answer(request.body)); });
  }
  std::string soap(const std::string& service) const {
    return soap_request(Country::shared().app(), Country::shared().service(), service, id_);
  }
  Logged logged(const std::filesystem::path& server) const {
    securityserver::LogQuery query;
    query.query_id = id_;
    const auto found = securityserver::find_records({(server / "messagelog").string()}, query);
    if (!found) throw std::runtime_error(found.error().text);
    Logged counted;
    for (const auto& record : *found) ++(record.response ? counted.answers : counted.requests);
    return counted;
  }
  Logged consumer_logged() const { return logged(Country::shared().consumer_directory()); }
  Logged provider_logged() const { return logged(Country::shared().provider_directory()); }

  // The id that a fault shows to the caller.
  static std::string detail(const Answer& answer) {
    const bool rest = answer.headers.find("x-road-error") != nullptr;
    const std::string open = rest ? "\"detail\":\"" : "<faultDetail xmlns=\"\">";
    const auto from = answer.body.find(open) + open.size();
    return answer.body.substr(from, answer.body.find(rest ? '"' : '<', from) - from);
  }
  // With the fault's code on the same line.
  static bool in_log(const std::filesystem::path& server, const Answer& answer) {
    const std::string wanted = "[" + detail(answer) + "] " + answer.fault_code();
    for (const auto end = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < end;) {
      if (Country::shared().log_of(server).find(wanted) != std::string::npos) return true;
      std::this_thread::sleep_for(20ms);
    }
    return false;
  }
  static bool in_log_of_consumer(const Answer& answer) {
    return in_log(Country::shared().consumer_directory(), answer);
  }
  static bool in_log_of_provider(const Answer& answer) {
    return in_log(Country::shared().provider_directory(), answer);
  }

  std::string id_;
};

TEST_F(Logs, ServedMessage) {
  describes("both servers have logged request and answer");
  EXPECT_EQ(post_soap(soap("getState")).fault_code(), "");
  EXPECT_EQ(consumer_logged(), (Logged{1, 1}));
  EXPECT_EQ(provider_logged(), (Logged{1, 1}));
}

TEST_F(Logs, RefusedByConsumersServer) {
  const auto code = expects("the id of the fault is in the log of the consumer's server; nothing was logged as message",
                            "server.clientproxy.unknown_member");
  const auto nowhere = *ClientId::make("DEV", "COM", "provider", "nowhere");
  const Answer answer = post_soap(soap_request(Country::shared().app(), nowhere, "getState", id_));
  EXPECT_EQ(answer.fault_code(), code);
  EXPECT_TRUE(in_log_of_consumer(answer)) << detail(answer);
  EXPECT_EQ(consumer_logged(), Logged());
  EXPECT_EQ(provider_logged(), Logged());
}

TEST_F(Logs, RefusedMessageOfClient) {
  const auto code = expects("the same of a message that cannot be read", "client.invalid_body");
  std::string malformed = soap("getState");
  const auto from = malformed.find("<soap:Body>") + 11;
  malformed.erase(from, malformed.find("</soap:Body>") - from);
  const Answer answer = post_soap(malformed);
  EXPECT_EQ(answer.fault_code(), code);
  EXPECT_TRUE(in_log_of_consumer(answer)) << detail(answer);
  EXPECT_EQ(consumer_logged(), Logged());
}

TEST_F(Logs, RefusedByProvidersServer) {
  const auto code = expects(
      "the id of the fault is in the logs of both servers; only the consumer's has logged the "
      "request, which it had signed",
      "server.serverproxy.access_denied");
  const Answer answer = post_soap(soap("denied"));
  EXPECT_EQ(answer.fault_code(), code);
  EXPECT_TRUE(in_log_of_consumer(answer)) << detail(answer);
  EXPECT_TRUE(in_log_of_provider(answer)) << detail(answer);
  EXPECT_EQ(consumer_logged(), (Logged{1, 0}));
  EXPECT_EQ(provider_logged(), Logged());
}

TEST_F(Logs, RestRefusedByProvidersServer) {
  const auto code = expects("the same in REST", "server.serverproxy.access_denied");
  const Answer answer = send_rest("POST", "/r1/DEV/COM/provider/service/restDenied", {{"X-Road-Id", id_}}, "x");
  EXPECT_EQ(answer.fault_code(), code);
  EXPECT_TRUE(in_log_of_consumer(answer)) << detail(answer);
  EXPECT_TRUE(in_log_of_provider(answer)) << detail(answer);
  EXPECT_EQ(consumer_logged(), (Logged{1, 0}));
  EXPECT_EQ(provider_logged(), Logged());
}

TEST_F(Logs, FailedService) {
  const auto code = expects("a service that fails: both servers have logged the request, and no answer",
                            "server.serverproxy.service_failed.invalid_soap");
  Country::shared().services().answer_with([](const ServiceRequest&) { return http_answer("text/xml", ""); });
  const Answer answer = post_soap(soap("getState"));
  EXPECT_EQ(answer.fault_code(), code);
  EXPECT_TRUE(in_log_of_consumer(answer)) << detail(answer);
  EXPECT_TRUE(in_log_of_provider(answer)) << detail(answer);
  EXPECT_EQ(consumer_logged(), (Logged{1, 0}));
  EXPECT_EQ(provider_logged(), (Logged{1, 0}));
}

TEST_F(Logs, FaultOfService) {
  expects("a service's own fault: both servers have logged the request, and no answer", "the service's fault");
  Country::shared().services().answer_with([](const ServiceRequest&) {
    return http_answer("text/xml",
                       "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body><e:Fault>"
                       "<faultcode>Oops</faultcode><faultstring>no</faultstring></e:Fault></e:Body></e:Envelope>");
  });
  EXPECT_EQ(post_soap(soap("getState")).fault_code(), "Oops");
  EXPECT_EQ(consumer_logged(), (Logged{1, 0}));
  EXPECT_EQ(provider_logged(), (Logged{1, 0}));
}

}  // namespace
}  // namespace causeway::conformance
