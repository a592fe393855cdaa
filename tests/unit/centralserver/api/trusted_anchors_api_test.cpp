// SPDX-License-Identifier: MIT
#include "centralserver/registry/trusted_anchors.hpp"
#include "unit/centralserver/api/upload.hpp"

namespace causeway::centralserver {
namespace {

// What is tried out leads to a configuration, but of one instance.
class TrustedAnchorsApi : public UploadingApi {
 protected:
  TrustedAnchorsApi() {
    try_anchor_ = [](const globalconf::Anchor& anchor) -> Result<void> {
      if (anchor.instance == "GONE") return Fault{"network_error", "nobody is there"};
      return {};
    };
  }
  static std::string document(const std::string& instance, const char* time = "2026-03-02T09:30:00Z") {
    globalconf::Anchor anchor{
        .generated_at = globalconf::time_of(time),
        .instance = instance,
        .sources = {{"http://cs.example.org/externalconf", {globalconf::sample_pki().external_certificate.der()}}}};
    return globalconf::write_anchor(anchor);
  }
  Reply send(const std::string& path, const std::string& content, const std::string& name = "anchor.xml",
             const std::string& role = "SECURITY_OFFICER") const {
    return upload(role, "POST", "/trusted-anchors" + path, {}, {{"anchor", name, content}});
  }
};

TEST_F(TrustedAnchorsApi, APreviewStoresNothing) {
  const Reply shown = send("/preview", document("EY"));
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.body, R"({"instance_identifier":"EY","hash":")" + globalconf::anchor_hash(document("EY")) +
                            R"(","generated_at":"2026-03-02T09:30:00.000Z"})");
  for (const char* path : {"", "/preview"}) {
    EXPECT_EQ(code_in(send(path, "<a/>")), "400 malformed_anchor");
    EXPECT_EQ(code_in(send(path, document("EY"), "script.sh")), "400 invalid_file_extension");
    EXPECT_EQ(code_in(send(path, document("EY"), "script.sh.xml")), "400 double_file_extension");
    EXPECT_EQ(code_in(send(path, "#!/bin/sh\n")), "400 invalid_file_content_type");
    EXPECT_EQ(upload("SECURITY_OFFICER", "POST", "/trusted-anchors" + std::string(path), {{"x", "y"}}).body,
              R"({"status":400})");
  }
  EXPECT_EQ(code_in(send("", document("GONE"))), "400 trusted_anchor_verification_failed");
  EXPECT_EQ(security("GET", "/trusted-anchors").body, "[]");
}

TEST_F(TrustedAnchorsApi, AreUploadedDownloadedReplacedAndDeleted) {
  const Reply added = send("", document("EY"));
  EXPECT_EQ(added.status, 201) << added.body;
  EXPECT_EQ(added.body, send("/preview", document("EY")).body);
  const std::string path = "/trusted-anchors/" + globalconf::anchor_hash(document("EY"));
  EXPECT_EQ(security("GET", path + "/download").body, document("EY"));
  EXPECT_NE(ask_with("SECURITY_OFFICER", "GET", path + "/download", "-i ")
                .body.find("filename=\"configuration_anchor_EY_EXTERNAL_2026-03-02_09_30_00.xml\""),
            std::string::npos);
  EXPECT_EQ(send("", document("EZ")).status, 201);
  EXPECT_EQ(send("", document("EY", "2026-04-02T09:30:00Z")).status, 201) << "in place of the other one";
  EXPECT_EQ(code_in(security("GET", path + "/download")), "404 trusted_anchor_not_found");
  const boost::json::value list = boost::json::parse(security("GET", "/trusted-anchors").body);
  EXPECT_EQ(list.as_array().size(), 2U);
  EXPECT_EQ(security("DELETE", "/trusted-anchors/" + globalconf::anchor_hash(document("EZ"))).status, 204);
  EXPECT_EQ(boost::json::parse(security("GET", "/trusted-anchors").body).as_array().size(), 1U);
  EXPECT_EQ(code_in(security("DELETE", "/trusted-anchors/non:existing")), "404 trusted_anchor_not_found");
}

TEST_F(TrustedAnchorsApi, OnlyWhoMay) {
  ASSERT_EQ(send("", document("EY")).status, 201);
  const std::string path = "/trusted-anchors/" + globalconf::anchor_hash(document("EY"));
  for (const char* role : {"SYSTEM_ADMINISTRATOR", "REGISTRATION_OFFICER"}) {
    EXPECT_EQ(send("/preview", document("EY"), "a.xml", role).status, 403);
    EXPECT_EQ(send("", document("EY"), "a.xml", role).status, 403);
    EXPECT_EQ(ask(role, "DELETE", path).status, 403);
  }
  EXPECT_EQ(administrator("GET", "/trusted-anchors").status, 200);
  EXPECT_EQ(administrator("GET", path + "/download").status, 200);
  EXPECT_EQ(officer("GET", "/trusted-anchors").status, 403);
  EXPECT_EQ(officer("GET", path + "/download").status, 403);
}

TEST(AnchorDownload, FailsWhereNobodyIs) {
  globalconf::Anchor anchor{.generated_at = {}, .instance = "EY", .sources = {{"http://127.0.0.1:1/externalconf", {}}}};
  EXPECT_FALSE(anchor_download()(anchor));
}

}  // namespace
}  // namespace causeway::centralserver
