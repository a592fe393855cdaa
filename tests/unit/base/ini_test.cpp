// SPDX-License-Identifier: MIT
#include "base/ini.hpp"

#include <gtest/gtest.h>

namespace causeway {
namespace {

TEST(Ini, ReadsSectionsKeysAndComments) {
  auto values = parse_ini(
      "; a comment\r\n"
      "# another\n"
      "free = 1\n"
      "[proxy]\n"
      "  client-http-port =  8080  \n"
      "empty =\n"
      "url = http://x/?a=b ; stays\n"
      "[ message-log ]\n"
      "client-http-port=1\n"
      "client-http-port=2");
  ASSERT_TRUE(values.ok());
  EXPECT_EQ(*values, (std::map<std::string, std::string>{{"free", "1"},
                                                         {"proxy.client-http-port", "8080"},
                                                         {"proxy.empty", ""},
                                                         {"proxy.url", "http://x/?a=b ; stays"},
                                                         {"message-log.client-http-port", "2"}}));
  EXPECT_TRUE(parse_ini("")->empty());
}

TEST(Ini, NamesTheLineThatIsNeither) {
  for (const char* text : {"a = 1\nnonsense\n", "a = 1\n[open\n"}) {
    auto values = parse_ini(text);
    ASSERT_FALSE(values.ok());
    EXPECT_EQ(values.error().code, "malformed_configuration");
    EXPECT_NE(values.error().text.find("line 2"), std::string::npos);
  }
}

}  // namespace
}  // namespace causeway
