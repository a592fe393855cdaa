// SPDX-License-Identifier: MIT
#include "base/fault.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "base/result.hpp"

namespace causeway {
namespace {

TEST(Fault, TakesAPrefixOnce) {
  const Fault fault{"access_denied", "no"};
  const Fault outer = fault.under("server.serverproxy");
  EXPECT_EQ(outer.code, "server.serverproxy.access_denied");
  EXPECT_EQ(outer.under("server.serverproxy").code, outer.code);
  EXPECT_EQ(outer.under("server").code, outer.code);
  EXPECT_EQ((Fault{"server", ""}.under("server").code), "server");
  EXPECT_EQ((Fault{"servers", ""}.under("server").code), "server.servers");
}

TEST(Fault, OfAPeerPassesWithoutAPrefix) {
  Fault relayed{"Server.ServerProxy.AccessDenied", "no"};
  relayed.relayed = true;
  EXPECT_EQ(relayed.under("server.clientproxy").code, "Server.ServerProxy.AccessDenied");
}

TEST(Fault, TellsWhatWasBeingDone) {
  const Fault fuller = Fault{"io_error", "disk full", "id-1"}.while_doing("cannot save");
  EXPECT_EQ(fuller.text, "cannot save: disk full");
  EXPECT_EQ(fuller.code, "io_error");
  EXPECT_EQ(fuller.detail, "id-1");
}

TEST(Result, HoldsAValueOrAFault) {
  Result<std::unique_ptr<int>> value = std::make_unique<int>(7);
  ASSERT_TRUE(value.ok());
  const std::unique_ptr<int> taken = *std::move(value);
  EXPECT_EQ(*taken, 7);
  const Result<std::string> none = Fault{"not_found", "x"};
  EXPECT_FALSE(none);
  EXPECT_EQ(none.error().code, "not_found");
  EXPECT_TRUE(Result<void>().ok());
  EXPECT_EQ(Result<void>(Fault{"io_error", ""}).error().code, "io_error");
}

}  // namespace
}  // namespace causeway
