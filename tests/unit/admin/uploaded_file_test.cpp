// SPDX-License-Identifier: MIT
#include "admin/uploaded_file.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace causeway::admin {
namespace {

std::string refusal(std::string_view kind, std::string filename, std::string content) {
  const auto error = check_file(kind, {"file", std::move(filename), std::move(content)});
  return error ? error->error->code : "";
}

TEST(UploadedFile, CertificatesAreDerOrText) {
  const std::string pem = "-----BEGIN CERTIFICATE-----\n", der("\x30\x82\x01\x00\x00", 5);
  for (const char* name : {"ca.der", "ca.crt", "ca.pem", "ca.cer", "some.folder/ca.cer", "C:\\a.b\\ca.cer"}) {
    EXPECT_EQ(refusal("certificate", name, pem), "") << name;
    EXPECT_EQ(refusal("certificate", name, der), "") << name;
  }
  EXPECT_EQ(refusal("certificate", "ca.pem", ""), "") << "that it is none comes out when it is read";
  for (const char* name : {"ca.txt", "ca", "", "ca.PEM", "pem"})
    EXPECT_EQ(refusal("certificate", name, pem), "invalid_file_extension") << name;
  for (const char* name : {"ca.sh.pem", "ca.pem.sh"})
    EXPECT_EQ(refusal("certificate", name, pem), "double_file_extension") << name;
  for (const std::string& content : {std::string("#!/bin/sh\n"), std::string("\x89PNG\r\n\x1a\n\0\0", 10)})
    EXPECT_EQ(refusal("certificate", "ca.pem", content), "invalid_file_content_type") << content;
}

TEST(UploadedFile, XmlIsText) {
  EXPECT_EQ(refusal("xml", "anchor.xml", "\xef\xbb\xbf<?xml version=\"1.0\"?>"), "");
  EXPECT_EQ(refusal("xml", "anchor.xml", "#!/bin/sh\n"), "invalid_file_content_type");
  EXPECT_EQ(refusal("xml", "anchor.xml", std::string("PK\x03\x04\0", 5)), "invalid_file_content_type");
  EXPECT_EQ(refusal("xml", "script.sh", "<a/>"), "invalid_file_extension");
  EXPECT_EQ(refusal("xml", "script.sh.xml", "<a/>"), "double_file_extension");
}

TEST(UploadedFile, BackupsAreOpenPgpOfAnyName) {
  EXPECT_EQ(refusal("backup", "x.y.tar.gpg", "\x85\x01\x0c"), "");
  EXPECT_EQ(refusal("backup", "x", "\xd2\x01"), "");
  EXPECT_EQ(refusal("backup", "x", "\xa3\x01"), "") << "compressed, as signed ones are";
  EXPECT_EQ(refusal("backup", "x", "-----BEGIN PGP MESSAGE-----\n"), "");
  for (const std::string& content :
       {std::string(), std::string("tar"), std::string("\x99\x01"), std::string("\x1f\x8b")})
    EXPECT_EQ(refusal("backup", "x.gpg", content), "invalid_file_content_type") << content;
}

TEST(UploadedFile, SaysWhichNamesItTakes) {
  EXPECT_EQ(to_json(*check_file("xml", {"file", "a.sh", "<a/>"})),
            R"({"status":400,"error":{"code":"invalid_file_extension","metadata":["sh","xml"]}})");
  EXPECT_TRUE(is_known_file_kind("backup"));
  EXPECT_FALSE(is_known_file_kind("picture"));
  EXPECT_THROW(check_file("picture", {}), std::logic_error);
}

}  // namespace
}  // namespace causeway::admin
