// SPDX-License-Identifier: MIT
// Backups over HTTP (administration.md 7), signed by gpg itself.
#include <csignal>

#include "centralserver/api/server_operations.hpp"
#include "centralserver/backup/backups.hpp"
#include "support/key_ring.hpp"
#include "unit/centralserver/api/upload.hpp"
#include "unit/signer/running_signer.hpp"

namespace causeway::centralserver {
namespace {

class BackupsApi : public UploadingApi {
 protected:
  BackupsApi() { ::signal(SIGPIPE, SIG_IGN); }
  void add_more(admin::Router& router) override {
    add_server_operations(router, registries_,
                          {.signer = [this] { return signer::SignerConnection::open(signer_.directory.socket()); },
                           .generation = [] { return GenerationStatus(); },
                           .wake_generation = [] {},
                           .backups = &backups_});
  }
  std::string made() const {
    const Reply added = administrator("POST", "/backups");
    EXPECT_EQ(added.status, 201) << added.body;
    return text_in(added, "/filename");
  }
  static std::string listed(const std::string& name) { return R"([{"filename":")" + name + R"("}])"; }

  signer::RunningSigner signer_;
  testing::TestKeyRing ring_{directory_ / "gpghome", "server@example.org"};
  Backups backups_{{.directory = directory_.path(),
                    .open_database = [this](const auto&) { return store::open_sqlite(directory_ / "x.db"); },
                    .node = kOnlyNode},
                   {}};
};

TEST_F(BackupsApi, AreMadeListedDownloadedAndDeleted) {
  EXPECT_EQ(administrator("GET", "/backups").body, "[]");
  const std::string name = made();
  EXPECT_TRUE(backup::is_backup_name(name) && name.starts_with("conf_backup_")) << name;
  EXPECT_EQ(administrator("GET", "/backups").body, listed(name));
  const Reply downloaded = administrator("GET", "/backups/" + name + "/download");
  EXPECT_EQ(downloaded.status, 200);
  EXPECT_EQ(downloaded.body, *read_file(directory_.path() / "backup" / name));
  EXPECT_EQ(ring_.run("--output /dev/null --decrypt '" + (directory_ / "backup") + "/" + name + "'"), 0);
  EXPECT_EQ(administrator("DELETE", "/backups/" + name).status, 204);
  EXPECT_EQ(administrator("GET", "/backups").body, "[]");
  for (const char* method : {"DELETE", "GET", "PUT"}) {
    const std::string more = method == std::string("GET")   ? "/download"
                             : method == std::string("PUT") ? "/restore"
                                                            : "";
    EXPECT_EQ(code_in(administrator(method, "/backups/" + name + more)), "404 backup_file_not_found") << method;
  }
}

TEST_F(BackupsApi, AreUploaded) {
  const std::string name = made();
  const std::string content = *read_file(directory_.path() / "backup" / name);
  const auto upload_as = [&](const std::string& as, const std::string& what, const std::string& query = "") {
    return upload("SYSTEM_ADMINISTRATOR", "POST", "/backups/upload" + query, {}, {{"file", as, what}});
  };
  EXPECT_EQ(upload_as("new.gpg", content).body, R"({"filename":"new.gpg"})");
  EXPECT_EQ(*read_file(directory_ / "backup/new.gpg"), content);
  const Reply again = upload_as("new.gpg", content);
  EXPECT_EQ(again.body, R"({"status":400,"error":{"code":"warnings_detected"},)"
                        R"("warnings":[{"code":"warning_file_already_exists","metadata":["new.gpg"]}]})");
  EXPECT_EQ(upload_as("new.gpg", content, "?ignore_warnings=true").status, 201);
  for (const char* wrong : {"../new.gpg", "a/new.gpg", "new.tar", ".new.gpg", "n w.gpg"})
    EXPECT_EQ(code_in(upload_as(wrong, content)), "400 invalid_filename") << wrong;
  EXPECT_EQ(code_in(upload_as("x.gpg", "plain text")), "400 invalid_file_content_type");
  EXPECT_EQ(upload_as("x.gpg", content + std::string(11 << 20, 'x')).status, 413);
  EXPECT_EQ(backups_.kept().list().size(), 2U);
}

TEST_F(BackupsApi, AreRestored) {
  const std::string name = made();
  EXPECT_EQ(code_in(administrator("PUT", "/backups/no.tar/restore")), "400 invalid_filename");
  EXPECT_EQ(code_in(administrator("DELETE", "/backups/no.tar")), "400 invalid_filename");
  ASSERT_TRUE(backups_.kept().store("bad.gpg", "\xa3\x01\x02"));
  const Reply bad = administrator("PUT", "/backups/bad.gpg/restore");
  EXPECT_EQ(code_in(bad), "500 restore_process_failed") << bad.body;
  EXPECT_FALSE(restore_is_decided(directory_.path()));
  EXPECT_EQ(administrator("PUT", "/backups/" + name + "/restore").body, R"({"hsm_tokens_logged_out":false})");
  EXPECT_TRUE(restore_is_decided(directory_.path()));
  signer_.stop();
  EXPECT_EQ(code_in(administrator("PUT", "/backups/" + name + "/restore")), "500 token_fetch_failed");
}

TEST_F(BackupsApi, AreForAdministrators) {
  const std::string name = made();
  for (const auto& [method, path] : {std::pair{"GET", std::string("/backups")},
                                     {"POST", "/backups"},
                                     {"DELETE", "/backups/" + name},
                                     {"GET", "/backups/" + name + "/download"},
                                     {"PUT", "/backups/" + name + "/restore"}})
    EXPECT_EQ(security(method, path).status, 403) << method << path;
  EXPECT_EQ(upload("SECURITY_OFFICER", "POST", "/backups/upload", {}, {{"file", "x.gpg", "\xa3"}}).status, 403);
  EXPECT_EQ(administrator("GET", "/backups").body, listed(name));
}

}  // namespace
}  // namespace causeway::centralserver
