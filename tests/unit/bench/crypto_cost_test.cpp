// SPDX-License-Identifier: MIT
#include "bench/crypto_cost.hpp"

#include <gtest/gtest.h>

#include "ecosystem/keys.hpp"

namespace causeway::bench {
namespace {

TEST(CryptoMeter, MeasuresEveryKindOfKey) {
  for (const SigningKeys keys : {SigningKeys::rsa2048, SigningKeys::rsa3072, SigningKeys::p256}) {
    const auto meter = CryptoMeter::make(keys);
    ASSERT_TRUE(meter) << meter.error().text;
    const auto cost = meter->measure();
    ASSERT_TRUE(cost) << cost.error().text;
    EXPECT_GT(cost->sign, 0) << to_string(keys);
    EXPECT_GT(cost->verify, 0) << to_string(keys);
    EXPECT_DOUBLE_EQ(cost->of_exchange(), 2 * (cost->sign + cost->verify));
    EXPECT_TRUE(ecosystem::key_kind_from(option_of(keys))) << option_of(keys);
  }
}

}  // namespace
}  // namespace causeway::bench
