// SPDX-License-Identifier: MIT
#include "centralserver/registry/client_search.hpp"
#include "centralserver/registry/global_groups.hpp"
#include "centralserver/registry/group_member_search.hpp"
#include "centralserver/registry/server_search.hpp"
#include "unit/centralserver/registry/registry_fixture.hpp"

namespace causeway::centralserver {
namespace {

class SearchTest : public RegistryTest {
 protected:
  // "total: id id".
  template <class Row, class Id>
  static std::string shown(const Result<Page<Row>>& page, Id id) {
    if (!page) return page.error().code;
    std::string text = std::to_string(page->total) + ":";
    for (const Row& row : page->rows) text += " " + id(row);
    return text;
  }
  std::string clients(const ClientSearch& search, ClientOrder order = ClientOrder::number, Paging paging = {}) {
    return shown(find_clients(registry, search, order, paging), [](const FoundClient& each) {
      return each.id.is_subsystem() ? each.id.subsystem() : each.id.member_code();
    });
  }
};
CAUSEWAY_ON_BOTH_ENGINES(SearchTest);

TEST_P(SearchTest, FindsClients) {
  fill();
  EXPECT_EQ(clients({}), "5: 100 200 MGMT registry client");
  EXPECT_EQ(clients({.any = "öKO"}), "5: 100 200 MGMT registry client");
  EXPECT_EQ(clients({.any = "REG"}), "1: registry");
  EXPECT_EQ(clients({.any = std::string("\xff", 1)}), "0:");
  EXPECT_EQ(clients({.any = std::string("\0", 1)}), "0:");
  EXPECT_EQ(clients({.member_class = "com", .subsystems = true}), "1: client");
  EXPECT_EQ(clients({.server = server_id("DEV/GOV/100/SS9")}), "security_server_not_found");
  EXPECT_EQ(clients({.excluding_group = "security-server-owners"}), "3: MGMT registry client");
  EXPECT_EQ(clients({}, ClientOrder::type, {.limit = 4}), "5: MGMT registry client 100");
  EXPECT_EQ(clients({}, ClientOrder::member_class, {.limit = 2, .page = 1}), "5: 100 MGMT");
  EXPECT_EQ(clients({}, ClientOrder::member_name, {.limit = 1, .page = 9'000'000'000'000'000'000}), "5:");
  // Few among many are sorted, many are walked.
  EXPECT_EQ(clients({.any = "o"}, ClientOrder::member_code, {.descending = true}), "5: client 200 registry MGMT 100");
}

// Those that are many are walked to from either end, those that are few are sorted.
TEST_P(SearchTest, FindsTheSameRowsPageByPage) {
  fill();
  ASSERT_EQ(in_change([](Change& change) -> Result<void> {
              for (int number = 1000; number < 1150; ++number) {
                const std::string code = std::to_string(number);
                auto added = add_member(change, client_id(number % 3 == 0 ? "DEV/GOV/" + code : "DEV/COM/" + code),
                                        number % 10 == 0 ? "Ökologie" : "Verein " + std::to_string(number * 7 % 150));
                if (!added) return added;
              }
              return {};
            }),
            kDone);
  const std::vector<std::pair<ClientSearch, std::int64_t>> searches{
      {{}, 155},
      {{.any = "EIN"}, 135},
      {{.any = "öKOLOGIE"}, 15},
      {{.any = "nobody"}, 0},
      {{.subsystems = false, .excluding_group = "security-server-owners"}, 150},
      {{.any = "öko", .excluding_group = "security-server-owners"}, 18}};
  for (const auto& [search, total] : searches) {
    for (const ClientOrder order : {ClientOrder::number, ClientOrder::member_name, ClientOrder::member_class,
                                    ClientOrder::member_code, ClientOrder::type}) {
      const auto rows = [&](Paging paging) {
        std::vector<std::string> ids;
        auto page = find_clients(registry, search, order, paging);
        EXPECT_TRUE(page);
        EXPECT_EQ(page->total, total) << search.any;
        for (const FoundClient& each : page->rows) ids.push_back(each.id.to_string() + " " + each.member_name);
        return ids;
      };
      const auto all = rows({.limit = 1000});
      ASSERT_EQ(static_cast<std::int64_t>(all.size()), total) << search.any;
      auto downwards = rows({.limit = 1000, .descending = true});
      EXPECT_EQ(all, std::vector(downwards.rbegin(), downwards.rend()));
      for (const bool descending : {false, true}) {
        std::vector<std::string> pages;
        for (std::int64_t number = 0; number * 40 <= total; ++number)
          for (std::string& row : rows({.limit = 40, .page = number, .descending = descending}))
            pages.push_back(std::move(row));
        EXPECT_EQ(pages, descending ? downwards : all) << search.any << " in order " << static_cast<int>(order);
      }
    }
  }
}

// Of a member's new name all its subsystems are told.
TEST_P(SearchTest, FindsWhatAMemberIsCalledNow) {
  fill();
  ASSERT_EQ(in_change([](Change& change) { return rename_member(change, client_id("DEV/GOV/100"), "ÄRZTE"); }), kDone);
  EXPECT_EQ(clients({.any = "ärzte"}), "3: 100 MGMT registry");
  EXPECT_EQ(clients({.any = "söhne"}), "2: 200 client");
  EXPECT_EQ(clients({.member_name = "Ärzte", .subsystems = true}), "2: MGMT registry");
}

TEST_P(SearchTest, FindsServersAndMembersOfGroups) {
  fill();
  const auto servers = [&](const std::string& text, ServerOrder order) {
    return shown(find_security_servers(registry, text, order, {.descending = true}),
                 [](const FoundServer& each) { return each.server.id.code() + " of " + each.owner_name; });
  };
  EXPECT_EQ(servers("", ServerOrder::code), "2: SS2 of Öko & Söhne SS1 of Öko & Söhne");
  EXPECT_EQ(servers("ss1", ServerOrder::owner_name), "1: SS1 of Öko & Söhne");
  EXPECT_EQ(servers("%", ServerOrder::number), "0:");
  const auto owners = [&](const GroupMemberSearch& search) {
    return shown(find_group_members(registry, "security-server-owners", search, GroupMemberOrder::subsystem_code, {}),
                 [](const FoundGroupMember& each) { return each.id.member_code(); });
  };
  EXPECT_EQ(owners({}), "2: 100 200");
  EXPECT_EQ(owners({.member_codes = {"200", "x", "y"}}), "1: 200");
  EXPECT_EQ(owners({.member_codes = {std::string("\xff", 1)}}), "0:");
  EXPECT_EQ(owners({.members = false}), "0:");
  const auto values = group_member_values(registry, "security-server-owners");
  ASSERT_TRUE(values);
  EXPECT_EQ(values->member_codes, (std::vector<std::string>{"100", "200"}));
}

}  // namespace
}  // namespace causeway::centralserver
