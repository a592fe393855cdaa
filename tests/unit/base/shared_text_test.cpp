// SPDX-License-Identifier: MIT
#include "base/shared_text.hpp"

#include <gtest/gtest.h>

namespace causeway {
namespace {

TEST(SharedText, IsTheTextItWasMadeOf) {
  const SharedText text = "a text";
  EXPECT_EQ(text.str(), "a text");
  EXPECT_EQ(std::string_view(text), "a text");
  EXPECT_EQ(text.size(), 6U);
  EXPECT_FALSE(text.empty());
}

TEST(SharedText, CopiesShareItsOctets) {
  const SharedText text = std::string(100, 'x');
  const SharedText copy = text;  // NOLINT(performance-unnecessary-copy-initialization)
  EXPECT_EQ(copy.str().data(), text.str().data());
}

TEST(SharedText, IsEqualByItsOctets) {
  const SharedText text = std::string(100, 'x');
  EXPECT_EQ(text, SharedText(std::string(100, 'x')));
  EXPECT_FALSE(text == SharedText(std::string(99, 'x')));
  EXPECT_FALSE(text == SharedText());
  EXPECT_EQ(SharedText(), SharedText(""));
}

TEST(SharedText, MayBeEmpty) {
  const SharedText nothing;
  EXPECT_TRUE(nothing.empty());
  EXPECT_EQ(nothing.size(), 0U);
  EXPECT_EQ(nothing.str(), "");
}

}  // namespace
}  // namespace causeway
