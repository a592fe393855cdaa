// SPDX-License-Identifier: MIT
#include "centralserver/backup/backups.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "backup/tar_header.hpp"
#include "base/files.hpp"
#include "centralserver/backup/daily_backups.hpp"
#include "centralserver/backup/server_archive.hpp"
#include "centralserver/registry/initialization.hpp"
#include "centralserver/registry/member_classes.hpp"
#include "openpgp/encryption.hpp"
#include "store/sqlite.hpp"
#include "support/key_ring.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::centralserver {
namespace {

namespace fs = std::filesystem;
using testing::TestKeyRing;

class BackupsTest : public ::testing::Test {
 protected:
  BackupsTest() : ring_(path("gpghome"), "server@example.org") {
    ::signal(SIGPIPE, SIG_IGN);
    change([](Change& each) { return initialize(each, "EX", "cs.example.org"); });
    add_class("GOV");
    for (const char* folder : {"conf.d", "signer/softtoken", "ssl"}) EXPECT_TRUE(make_directories(path(folder)));
    put("conf.d/local.ini", "[center]\n");
    put("signer/keyconf.xml", "<keys/>");
    put("signer/softtoken/A.p12", "key A");
    put("signer/autologin", "1234");
    put("ssl/a.crt", "certificate");
    put("users", "anna");
  }

  fs::path path(const std::string& name) const { return directory_.path() / name; }
  void put(const std::string& name, const std::string& content) const {
    ASSERT_TRUE(write_file_atomically(path(name), content));
  }
  // "-" for one that is not there.
  std::string content(const std::string& name) const {
    auto text = read_file(path(name));
    return text ? *text : "-";
  }
  Registry open() const { return *Registry::open(*store::open_sqlite(path("x.db").string())); }
  template <class Operation>
  void change(Operation operation) const {
    const Registry registry = open();
    auto change = Change::begin(registry, "admin");
    ASSERT_TRUE(change && operation(*change) && change->commit());
  }
  void add_class(const std::string& code) const {
    change([&](Change& each) { return add_member_class(each, {code, "Some class"}); });
  }
  std::string classes() const {
    std::string out;
    for (const auto& each : *member_classes(open())) out += each.code + " ";
    return out;
  }
  RestorePlace place(std::string node = kOnlyNode) const {
    return {.directory = directory_.path(),
            .open_database = [this](const fs::path&) { return store::open_sqlite(path("x.db").string()); },
            .node = std::move(node)};
  }
  // A backup of now, then everything is changed.
  std::string made_and_changed() {
    const auto made = backups_.make(open(), "a.gpg");
    EXPECT_TRUE(made) << made.error().text;
    add_class("COM");
    put("conf.d/local.ini", "[center]\nchanged = true\n");
    put("signer/softtoken/B.p12", "key B");
    fs::remove(path("signer/softtoken/A.p12"));
    put("users", "eve");
    return made ? *made : "";
  }
  std::string state() const {
    return classes() + content("signer/softtoken/A.p12") + " " + content("signer/softtoken/B.p12") + " " +
           content("users") + " " + content("conf.d/local.ini").substr(9);
  }
  // Of what is signed by the server itself: a code, or "decided".
  std::string decided(const std::string& tar, const RestoreOptions& options = {}) const {
    auto gpg = openpgp::start_signing(path("gpghome"), path("forged.gpg").string(), [] { return true; });
    EXPECT_TRUE(gpg && gpg->write(as_bytes(tar)) && gpg->wait());
    const auto done = decide_restore(place(), path("forged.gpg"), options);
    EXPECT_EQ(done.ok(), restore_is_decided(directory_.path()));
    EXPECT_FALSE(fs::exists(path("restore.prepared")));
    last_ = done ? "" : done.error().text;
    return done ? "decided" : done.error().code;
  }
  static std::string file(const std::string& name, const std::string& content) {
    return *backup::tar_header({name, content.size(), 0600}, now()) + content + backup::tar_padding(content.size());
  }
  // The parts of an archive of the present state.
  std::string whole() const {
    std::string out;
    EXPECT_TRUE(write_server_archive(open(), directory_.path(), [&out](ByteView octets) -> Result<void> {
      out.append(reinterpret_cast<const char*>(octets.data()), octets.size());
      return {};
    }));
    return out;
  }

  testing::TemporaryDirectory directory_;
  TestKeyRing ring_;
  Backups backups_{place(), {}};
  mutable std::string last_;
};

TEST_F(BackupsTest, BringBackWhatWas) {
  const std::string before = state();
  const std::string name = made_and_changed();
  const std::string changed = state();
  EXPECT_NE(changed, before);
  EXPECT_EQ(fs::status(path("backup/a.gpg")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const auto restored = backups_.restore(name);
  ASSERT_TRUE(restored) << restored.error().text;
  EXPECT_EQ(state(), changed) << "nothing changes while the server runs";
  const auto finished = finish_restore(place());
  ASSERT_TRUE(finished) << finished.error().text;
  EXPECT_EQ(state(), before);
  EXPECT_FALSE(restore_is_decided(directory_.path()));
  EXPECT_EQ(content("signer/autologin"), "-") << "whoever restores enters the PIN";
  // What was there before is kept, and can be restored too.
  ASSERT_TRUE(fs::exists(path("conf_prerestore_backup.tar")));
  EXPECT_EQ(decided(content("conf_prerestore_backup.tar")), "decided") << last_;
  ASSERT_TRUE(finish_restore(place()));
  EXPECT_EQ(state(), changed);
  EXPECT_TRUE(finish_restore(place())) << "nothing was decided";
}

TEST_F(BackupsTest, WhatBackupHasNotGoes) {
  fs::remove(path("users"));
  const std::string before = state();
  backups_.restore(made_and_changed()).ok();
  ASSERT_TRUE(finish_restore(place()));
  EXPECT_EQ(state(), before);
}

// Killed at whatever rename: the next start goes on.
TEST_F(BackupsTest, ARestoreThatWasInterruptedIsFinished) {
  const std::string before = state();
  ASSERT_TRUE(backups_.restore(made_and_changed()));
  ASSERT_TRUE(make_directories(path("restore/old")));
  fs::rename(path("conf.d"), path("restore/old/conf.d"));
  fs::rename(path("restore/new/conf.d"), path("conf.d"));
  fs::rename(path("signer"), path("restore/old/signer"));
  ASSERT_TRUE(finish_restore(place()));
  EXPECT_EQ(state(), before);
  // Before it was decided there is nothing to be finished.
  ASSERT_TRUE(make_directories(path("restore.prepared/new")));
  ASSERT_TRUE(finish_restore(place()));
  EXPECT_EQ(state(), before);
  EXPECT_FALSE(fs::exists(path("restore.prepared")));
}

TEST_F(BackupsTest, ADatabaseThatIsAwayIsWaitedForAnyOtherFaultLeavesTheOldState) {
  const std::string name = made_and_changed(), changed = state();
  ASSERT_TRUE(backups_.restore(name));
  RestorePlace away = place();
  away.open_database = [](const fs::path&) -> Result<std::unique_ptr<store::Database>> {
    return Fault{"database_error.unavailable", "it is away"};
  };
  EXPECT_TRUE(store::is_temporary(finish_restore(away).error()));
  EXPECT_TRUE(restore_is_decided(directory_.path()));
  away.open_database = [](const fs::path&) -> Result<std::unique_ptr<store::Database>> {
    return Fault{"database_error", "it is another"};
  };
  EXPECT_EQ(finish_restore(away).error().code, "database_error");
  EXPECT_FALSE(restore_is_decided(directory_.path()));
  EXPECT_EQ(state(), changed);
}

TEST_F(BackupsTest, OfOtherInstancesAndNodesAreRefused) {
  const std::string name = made_and_changed();
  const auto other = decide_restore(place("node2"), path("backup/a.gpg"), {});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, "wrong_instance") << other.error().text;
  EXPECT_TRUE(decide_restore(place("node2"), path("backup/a.gpg"), {.of_any_instance = true}));
  fs::remove_all(path("restore"));
  // Of an empty directory nothing is known.
  fs::remove(path("x.db"));
  EXPECT_TRUE(decide_restore(place(), path("backup/a.gpg"), {}));
}

TEST_F(BackupsTest, SignaturesOfOthersAreRefused) {
  made_and_changed();
  const TestKeyRing stranger(path("stranger"), "stranger@example.org");
  RestorePlace there = place();
  fs::rename(path("gpghome"), path("gpghome.old"));
  fs::rename(path("stranger"), path("gpghome"));
  const auto done = decide_restore(there, path("backup/a.gpg"), {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "invalid_signature") << done.error().text;
  EXPECT_TRUE(decide_restore(there, path("backup/a.gpg"), {.by_any_signer = true}));
  EXPECT_EQ(backups_.restore("absent.gpg").error().code, "backup_file_not_found");
  EXPECT_EQ(backups_.restore("../a.gpg").error().code, "backup_file_not_found");
}

TEST_F(BackupsTest, KeepsTheSettingsWhenAsked) {
  made_and_changed();
  ASSERT_TRUE(decide_restore(place(), path("backup/a.gpg"), {.keeps_settings = true}));
  ASSERT_TRUE(finish_restore(place()));
  EXPECT_EQ(classes(), "GOV ");
  EXPECT_EQ(content("conf.d/local.ini"), "[center]\nchanged = true\n");
}

// Signed by us or not: what they say is not believed.
TEST_F(BackupsTest, HostileArchivesAreRefused) {
  const std::string good = whole(), before = state();
  const std::string label = file("label", archive_label("EX", kOnlyNode));
  ASSERT_TRUE(good.starts_with(label.substr(0, 100)));
  const std::string rest = good.substr(label.size());
  for (const char* name : {"/etc/passwd", "../x", "conf.d/../../x", "conf.d/./x", "conf.d//x", "conf.d/", "conf.d",
                           "signer/a/b/c/d", "run/x", "gpghome/x", "conf.d\\x", "conf.d/a b", "conf.d/a\nb", "x.db"})
    EXPECT_EQ(decided(label + file(name, "evil") + rest), "invalid_archive") << name << last_;
  EXPECT_EQ(decided(rest), "invalid_archive");
  EXPECT_EQ(decided("no tar at all"), "invalid_archive");
  EXPECT_EQ(decided(file("label", "security_CAUSEWAY_1_EX") + rest), "invalid_archive");
  EXPECT_EQ(decided(file("label", archive_label("FI", kOnlyNode)) + rest), "invalid_archive");
  EXPECT_EQ(decided(label + backup::tar_end()), "invalid_archive");
  EXPECT_EQ(decided(label + file("registry.dump", "") + backup::tar_end()), "invalid_archive");
  EXPECT_EQ(decided(label + label + rest), "invalid_archive");
  EXPECT_EQ(decided(good + "more"), "invalid_archive");
  EXPECT_EQ(decided(good.substr(0, good.size() - 1024)), "invalid_archive");
  EXPECT_EQ(decided(label + file("conf.d/large", std::string((16 << 20) + 1, 'x')) + rest), "invalid_archive");
  EXPECT_EQ(state(), before);
  EXPECT_EQ(decided(good), "decided") << last_;
}

TEST_F(BackupsTest, AreEncryptedWhenAsked) {
  Backups encrypting(place(), {.encrypts = true});
  const auto made = encrypting.make(open(), "e.gpg");
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(ring_.run("--list-only --list-packets '" + path("backup/e.gpg").string() + "' | grep -q 'pubkey enc'"), 0);
  EXPECT_NE(ring_.run("--list-only --list-packets '" + path("backup/a.gpg").string() + "' | grep -q 'pubkey enc'"), 0);
  EXPECT_TRUE(encrypting.restore("e.gpg"));
}

TEST_F(BackupsTest, AreMadeEveryNight) {
  const TimePoint quarter_past = next_time_of_day(now(), 3, 15);
  EXPECT_GT(quarter_past, now());
  EXPECT_LE(quarter_past - now(), std::chrono::hours(25));
  EXPECT_EQ(next_time_of_day(quarter_past - std::chrono::seconds(1), 3, 15), quarter_past);
  EXPECT_GT(next_time_of_day(quarter_past, 3, 15), quarter_past + std::chrono::hours(20));
  std::atomic<std::int64_t> clock = to_unix_millis(quarter_past - std::chrono::seconds(5));
  const DailyBackups daily(
      backups_, [this]() -> Result<std::unique_ptr<Registry>> { return std::make_unique<Registry>(open()); },
      [&clock] { return from_unix_millis(clock); }, std::chrono::milliseconds(5));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(backups_.kept().list().empty());
  clock += 6000;
  while (backups_.kept().list().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_TRUE(backups_.kept().list()[0].name.starts_with("cs-automatic-backup-"));
  EXPECT_EQ(backups_.kept().list().size(), 1U);
}

}  // namespace
}  // namespace causeway::centralserver
