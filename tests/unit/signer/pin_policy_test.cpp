// SPDX-License-Identifier: MIT
#include "signer/pin_policy.hpp"

#include <gtest/gtest.h>

namespace causeway::signer {
namespace {

TEST(PinPolicy, AnyPinButAnEmptyOneIsFineWhereItIsNotEnforced) {
  EXPECT_TRUE(check_pin_policy("1", false).ok());
  EXPECT_FALSE(check_pin_policy("", false).ok());
}

TEST(PinPolicy, EnforcedItAsksForTenCharactersOfThreeClasses) {
  EXPECT_TRUE(check_pin_policy("Secret1234", true).ok());
  EXPECT_TRUE(check_pin_policy("secret-1234", true).ok());
  EXPECT_FALSE(check_pin_policy("Secret123", true).ok());
  EXPECT_FALSE(check_pin_policy("secret1234", true).ok());
  EXPECT_FALSE(check_pin_policy("SECRETsecret", true).ok());
}

TEST(PinPolicy, EnforcedItRefusesWhatIsNotPrintableAscii) {
  EXPECT_FALSE(check_pin_policy("Secret1234\t", true).ok());
  EXPECT_FALSE(check_pin_policy("S\xc3\xa9"
                                "cret12345",
                                true)
                   .ok());
  EXPECT_EQ(check_pin_policy("short", true).error().code, "token_pin_policy_failure");
}

}  // namespace
}  // namespace causeway::signer
