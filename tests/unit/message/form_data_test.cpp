// SPDX-License-Identifier: MIT
#include "message/form_data.hpp"

#include <gtest/gtest.h>

namespace causeway::message {
namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=x";

std::string field(const std::string& parameters, const std::string& value) {
  return "--x\r\nContent-Disposition: form-data; " + parameters + "\r\n\r\n" + value + "\r\n";
}

std::string refusal(const std::string& body, std::string_view type = kType) {
  const auto form = read_form_data(type, body);
  return form ? "" : form.error().code;
}

TEST(FormData, HasTextsAndFiles) {
  const std::string octets("\0\xff\r\n--y\r\n", 10);
  const auto form = read_form_data(kType, field("name=url", "http://a.example") + field("name=\"cost_type\"", "") +
                                              field("name=\"certificate\"; filename=\"a \\\"b\\\".pem\"", octets) +
                                              field("name=x; filename=", "") + "--x--\r\n");
  ASSERT_TRUE(form) << form.error().text;
  ASSERT_EQ(form->fields().size(), 4U);
  EXPECT_EQ(*form->text("url"), "http://a.example");
  EXPECT_EQ(*form->text("cost_type"), "");
  ASSERT_NE(form->file("certificate"), nullptr);
  EXPECT_EQ(form->file("certificate")->filename, "a \"b\".pem");
  EXPECT_EQ(form->file("certificate")->value, octets);
  EXPECT_NE(form->file("x"), nullptr);
  EXPECT_EQ(form->text("certificate"), nullptr) << "a file is no text";
  EXPECT_EQ(form->file("url"), nullptr);
  EXPECT_EQ(form->text("none"), nullptr);
  EXPECT_TRUE(read_form_data(kType, "--x--"));
}

TEST(FormData, RefusesWhatIsNone) {
  EXPECT_EQ(refusal(field("name=a", "b") + "--x--", "multipart/mixed; boundary=x"), "invalid_content_type");
  EXPECT_EQ(refusal("", ""), "invalid_content_type");
  for (const std::string& body : {std::string(), field("name=a", "b"), std::string("a=b"),
                                  std::string("--x\r\n\r\nb\r\n--x--"), field("filename=a", "b") + "--x--",
                                  std::string("--x\r\nContent-Disposition: attachment; name=a\r\n\r\nb\r\n--x--")})
    EXPECT_EQ(refusal(body), "mime_parsing_failed") << body;
  EXPECT_EQ(refusal(field("name=a", "b") + "--x--", "multipart/form-data"), "mime_parsing_failed") << "no boundary";
}

TEST(FormData, RefusesWhatPassesALimit) {
  const auto closed = [](std::string body) { return refusal(body + "--x--"); };
  std::string many;
  for (int i = 0; i < 21; ++i) many += field("name=f" + std::to_string(i), "b");
  EXPECT_EQ(closed(many), "mime_parsing_failed");
  EXPECT_EQ(closed(field("name=a", "b") + field("name=a", "b")), "mime_parsing_failed") << "twice";
  EXPECT_EQ(closed(field("name=" + std::string(256, 'n'), "b")), "mime_parsing_failed");
  EXPECT_EQ(closed(field("name=a; filename=" + std::string(256, 'n'), "b")), "mime_parsing_failed");
  EXPECT_EQ(closed(field("name=a; filename=\"\xff\"", "b")), "mime_parsing_failed");
  EXPECT_EQ(closed(field("name=a", std::string(17 * 1024, 'v'))), "mime_parsing_failed");
  EXPECT_EQ(closed(field("name=a", "\xff")), "mime_parsing_failed");
  EXPECT_EQ(closed("--x\r\nA: " + std::string(3000, 'v') + "\r\n\r\nb\r\n"), "mime_parsing_failed");
  EXPECT_EQ(closed(field("name=a", std::string(16 * 1024, 'v'))), "");
  EXPECT_EQ(closed(field("name=a; filename=b", std::string(1024 * 1024, 'v'))), "") << "of a file the body decides";
}

}  // namespace
}  // namespace causeway::message
