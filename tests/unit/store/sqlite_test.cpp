// SPDX-License-Identifier: MIT
#include "store/sqlite.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::store {
namespace {

using testing::TemporaryDirectory;

std::unique_ptr<Database> opened(const std::string& path, SqliteOptions options = {}) {
  auto database = open_sqlite(path, options);
  EXPECT_TRUE(database.ok()) << (database.ok() ? "" : database.error().text);
  return database.ok() ? *std::move(database) : nullptr;
}

TEST(Sqlite, KeepsATextWithANul) {
  auto database = opened(":memory:");
  auto select = database->prepare("SELECT $1");
  const std::string text("a\0b", 3);
  ASSERT_TRUE((*select)->start(text).ok());
  ASSERT_TRUE(*(*select)->next());
  EXPECT_EQ((*select)->text(0), text);
}

TEST(Sqlite, TellsEmptyFromNull) {
  auto database = opened(":memory:");
  auto select = database->prepare("SELECT $1, $2, $3");
  ASSERT_TRUE((*select)->start("", Bytes{}, nullptr).ok());
  ASSERT_TRUE(*(*select)->next());
  EXPECT_FALSE((*select)->is_null(0));
  EXPECT_FALSE((*select)->is_null(1));
  EXPECT_TRUE((*select)->is_null(2));
}

TEST(Sqlite, RefusesAFileThatIsNoDatabase) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file_atomically(directory / "x.db", std::string(4096, 'x')).ok());
  EXPECT_FALSE(open_sqlite(directory / "x.db").ok());
  EXPECT_FALSE(open_sqlite(directory / "absent/x.db").ok());
}

// Whether somebody, as another process sees it, keeps the file from being closed for good.
bool is_locked_for_another_process(const std::string& path) {
  const pid_t child = ::fork();
  if (child == 0) {
    struct flock whole{};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    const int file = ::open(path.c_str(), O_RDWR);
    ::_exit(file >= 0 && ::fcntl(file, F_GETLK, &whole) == 0 && whole.l_type == F_UNLCK ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// POSIX takes all locks on a file from a process that closes any descriptor of it. Without them
// another process that closes the database deletes the log into which this one goes on writing.
TEST(Sqlite, KeepsItsLocksWhenItIsOpenedAgain) {
  const TemporaryDirectory directory;
  auto database = opened(directory / "x.db");
  ASSERT_TRUE(database->execute("CREATE TABLE t (a)").ok());
  ASSERT_TRUE(is_locked_for_another_process(directory / "x.db"));
  const auto another = opened(directory / "x.db");
  EXPECT_TRUE(is_locked_for_another_process(directory / "x.db"));
}

TEST(Sqlite, KeepsTheFileFromOthers) {
  const TemporaryDirectory directory;
  auto database = opened(directory / "x.db");
  ASSERT_TRUE(database->execute("CREATE TABLE t (a)").ok());
  for (const char* name : {"x.db", "x.db-wal"}) {
    struct stat info{};
    ASSERT_EQ(::stat((directory / name).c_str(), &info), 0) << name;
    EXPECT_EQ(info.st_mode & 0777, 0600U) << name;
  }
}

TEST(Sqlite, SecondWriterIsToldThatTheDatabaseIsLocked) {
  const TemporaryDirectory directory;
  auto first = opened(directory / "x.db");
  auto second = opened(directory / "x.db", {.busy_timeout = std::chrono::milliseconds{1}});
  auto transaction = Transaction::begin(*first);
  ASSERT_TRUE(transaction.ok());
  auto refused = Transaction::begin(*second);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().text.find("locked"), std::string::npos);
  EXPECT_EQ(refused.error().code, "database_error.busy");
  transaction->roll_back();
  EXPECT_TRUE(Transaction::begin(*second).ok());
}

}  // namespace
}  // namespace causeway::store
