// SPDX-License-Identifier: MIT
#include "securityserver/configuration/client_status.hpp"

#include <gtest/gtest.h>

namespace causeway::securityserver {
namespace {

using enum ClientStatus;

TEST(ClientStatuses, AreWhatXRoadStores) {
  for (const std::string_view text : {"saved", "registration in progress", "registered", "deletion in progress",
                                      "global error", "disabled", "enabling in progress", "disabling in progress"}) {
    const auto status = client_status(text);
    ASSERT_TRUE(status) << text;
    EXPECT_EQ(to_string(*status), text);
  }
  EXPECT_EQ(client_statuses().size(), 8U);
  EXPECT_FALSE(client_status("Registered"));
  EXPECT_FALSE(client_status(""));
}

struct Row {
  ClientStatus before, listed, not_listed;
};

class ByConfiguration : public ::testing::TestWithParam<Row> {};

TEST_P(ByConfiguration, FollowsXRoadsTable) {
  EXPECT_EQ(status_by_configuration(GetParam().before, true), GetParam().listed);
  EXPECT_EQ(status_by_configuration(GetParam().before, false), GetParam().not_listed);
}

INSTANTIATE_TEST_SUITE_P(ClientStatuses, ByConfiguration,
                         ::testing::Values(Row{saved, registered, saved},
                                           Row{registration_in_progress, registered, registration_in_progress},
                                           Row{registered, registered, global_error},
                                           Row{global_error, registered, global_error},
                                           Row{deletion_in_progress, deletion_in_progress, deletion_in_progress},
                                           Row{disabling_in_progress, disabling_in_progress, disabled},
                                           Row{disabled, disabled, disabled},
                                           Row{enabling_in_progress, registered, enabling_in_progress}));

}  // namespace
}  // namespace causeway::securityserver
