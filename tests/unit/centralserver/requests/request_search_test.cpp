// SPDX-License-Identifier: MIT
#include "centralserver/requests/request_search.hpp"

#include "unit/centralserver/requests/requests_fixture.hpp"

namespace causeway::centralserver {
namespace {

class RequestSearchTest : public RequestsTest {
 protected:
  void SetUp() override {
    RequestsTest::SetUp();
    ASSERT_EQ(add(asked_to_register("DEV/GOV/7/SS7", certificate("7"))), "WAITING");
    first = latest;
    ASSERT_EQ(add(by_centre(asked(CLIENT_REGISTRATION, "DEV/GOV/100/SS1", "DEV/COM/200/client"))), "WAITING");
    ASSERT_EQ(approve(latest), "APPROVED");
    ASSERT_EQ(add(asked(CLIENT_DISABLE, "DEV/GOV/100/SS1", "DEV/COM/200/client")), kDone);
    ASSERT_EQ(add(asked(CLIENT_REGISTRATION, "DEV/COM/200/SS2", "DEV/COM/9")), "WAITING");
    ASSERT_EQ(revoke(latest), "DECLINED");
  }
  // Places in the order they came, as "1 2".
  std::string found(const RequestSearch& search, RequestOrder order = RequestOrder::number, const Paging& paging = {}) {
    const auto page = find_requests(registry, search, order, paging);
    if (!page) return page.error().code + ": " + page.error().text;
    total = page->total;
    std::string out;
    for (const FoundRequest& each : page->rows)
      out += (out.empty() ? "" : " ") + std::to_string(each.request.number - first + 1);
    return out;
  }
  std::string with(const std::string& text) { return found({.any = text}); }

  std::int64_t first = 0, total = 0;
};
CAUSEWAY_ON_BOTH_ENGINES(RequestSearchTest);

TEST_P(RequestSearchTest, ByEveryField) {
  EXPECT_EQ(found({}), "1 2 3 4");
  EXPECT_EQ(found({.origin = RequestOrigin::center}), "2");
  EXPECT_EQ(found({.types = {CLIENT_DISABLE, CLIENT_REGISTRATION}}), "2 3 4");
  EXPECT_EQ(found({.status = RequestStatus::declined}), "4");
  EXPECT_EQ(found({.server = server_id("DEV/GOV/100/SS1")}), "2 3");
  EXPECT_EQ(found({.server = server_id("FI/GOV/100/SS1")}), "");
  EXPECT_EQ(found({.any = "ss1", .types = {CLIENT_DISABLE}}), "3");
}

TEST_P(RequestSearchTest, ByAText) {
  EXPECT_EQ(with("ss2"), "4");
  EXPECT_EQ(with("gov"), "1 2 3");
  EXPECT_EQ(with("ÖKO"), "2 3 4") << "the name of the owner, in any case";
  EXPECT_EQ(with("dev"), "1 2 3 4") << "the instance";
  EXPECT_EQ(with(std::to_string(first)).substr(0, 1), "1") << "the number; times have such digits too";
  const auto created = management_request(registry, first)->created;
  std::string day = to_iso_seconds(created).substr(0, 13);
  day[10] = ' ';
  EXPECT_EQ(with(day + ":"), "1 2 3 4") << day;
  EXPECT_EQ(with("%"), "");
  EXPECT_EQ(with(std::string("\0", 1)), "");
  EXPECT_EQ(with("\xff"), "");
}

TEST_P(RequestSearchTest, InOrderAndByPages) {
  EXPECT_EQ(found({}, RequestOrder::number, {.descending = true}), "4 3 2 1");
  EXPECT_EQ(found({}, RequestOrder::created), "1 2 3 4");
  EXPECT_EQ(found({}, RequestOrder::type), "1 3 2 4");
  EXPECT_EQ(found({}, RequestOrder::server), "4 2 3 1");
  EXPECT_EQ(found({}, RequestOrder::owner_name), "2 3 4 1") << "unknown ones last";
  EXPECT_EQ(found({}, RequestOrder::status), "2 4 1 3");
  EXPECT_EQ(found({}, RequestOrder::status, {.descending = true}), "3 1 4 2");
  EXPECT_EQ(found({}, RequestOrder::number, {.limit = 3, .page = 1}), "4");
  EXPECT_EQ(total, 4);
  EXPECT_EQ(found({}, RequestOrder::number, {.limit = 3, .page = 9}), "");
}

TEST_P(RequestSearchTest, OneIsShownWithTheNamesOfMembers) {
  const auto one = find_request(registry, first + 1);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->owner_name, "Öko & Söhne");
  EXPECT_EQ(one->client_member_name, "Öko & Söhne");
  const auto unknown = find_request(registry, first);
  EXPECT_FALSE(unknown->owner_name);
  EXPECT_FALSE(unknown->client_member_name);
  EXPECT_EQ(code_of(find_request(registry, first + 9)), "management_request_not_found");
}

}  // namespace
}  // namespace causeway::centralserver
