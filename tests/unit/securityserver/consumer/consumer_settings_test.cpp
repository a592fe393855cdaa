// SPDX-License-Identifier: MIT
#include "securityserver/consumer/consumer_settings.hpp"

#include <gtest/gtest.h>

namespace causeway::securityserver {
namespace {

TEST(ConsumerSettingsTest, TheOwnMachineReachesTheHttpsPortWhereItListens) {
  ConsumerSettings settings;
  settings.https_port = 18443;
  for (const auto& [listens, reached] : {std::pair<std::string, std::string>{"0.0.0.0", "localhost"},
                                         {"::", "localhost"},
                                         {"127.78.1.2", "127.78.1.2"},
                                         {"ss.example.org", "ss.example.org"}}) {
    settings.address = listens;
    EXPECT_EQ(settings.own_https_endpoint().host, reached);
    EXPECT_EQ(settings.own_https_endpoint().port, 18443);
  }
}

}  // namespace
}  // namespace causeway::securityserver
