// SPDX-License-Identifier: MIT
#include "admin/address_list.hpp"

#include <gtest/gtest.h>

namespace causeway::admin {
namespace {

TEST(AddressList, HoldsAddressesAndNetworksOfBothKinds) {
  const auto list = AddressList::parse(" 127.0.0.0/8, ::1 ,192.168.1.77/25,2001:db8::/33,");
  ASSERT_TRUE(list) << list.error().text;
  for (const char* inside :
       {"127.0.0.1", "127.255.3.4", "::1", "192.168.1.0", "192.168.1.127", "2001:db8:7fff::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(list->contains(inside)) << inside;
  for (const char* outside : {"128.0.0.1", "::2", "192.168.1.128", "2001:db8:8000::1", "::ffff:10.0.0.1", "",
                              "localhost", "127.0.0.1/8", "127.0.0.1 "})
    EXPECT_FALSE(list->contains(outside)) << outside;
}

TEST(AddressList, OfAllAddressesHoldsEveryone) {
  const auto list = AddressList::parse("0.0.0.0/0, ::/0");
  ASSERT_TRUE(list);
  EXPECT_TRUE(list->contains("8.8.8.8"));
  EXPECT_TRUE(list->contains("fe80::1"));
}

TEST(AddressList, AnEmptyOneHoldsNobody) {
  const auto list = AddressList::parse(" , ");
  ASSERT_TRUE(list);
  EXPECT_FALSE(list->contains("127.0.0.1"));
}

TEST(AddressList, NamesTheEntryThatIsNone) {
  for (const char* wrong :
       {"10.0.0.0/33", "::/129", "10.0.0", "10.0.0.0/", "10.0.0.0/8x", "example.org", "10.0.0.0/-1"}) {
    const auto list = AddressList::parse("127.0.0.1," + std::string(wrong));
    ASSERT_FALSE(list) << wrong;
    EXPECT_NE(list.error().text.find(wrong), std::string::npos) << list.error().text;
  }
}

}  // namespace
}  // namespace causeway::admin
