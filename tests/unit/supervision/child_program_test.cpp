// SPDX-License-Identifier: MIT
#include "supervision/child_program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::supervision {
namespace {

using namespace std::chrono_literals;

bool always() { return true; }

class ChildProgramTest : public ::testing::Test {
 protected:
  ChildProgramTest() { ::signal(SIGPIPE, SIG_IGN); }
  static Result<ChildProgram> shell(const std::string& command, std::chrono::seconds time = 60s) {
    return ChildProgram::start({"/bin/bash", "-c", command}, time, always);
  }
  testing::TemporaryDirectory directory_;
};

TEST_F(ChildProgramTest, TakesMoreThanAPipeHolds) {
  const std::string file = directory_ / "taken";
  auto program = shell("sleep 0.2; cat > '" + file + "'");
  ASSERT_TRUE(program.ok());
  std::string expected;
  for (int i = 0; i < 40; ++i) {
    const std::string piece(50000, static_cast<char>('a' + i % 26));
    ASSERT_TRUE(program->write(as_bytes(piece)).ok());
    expected += piece;
  }
  ASSERT_TRUE(program->wait().ok());
  EXPECT_EQ(*read_file(file), expected);
}

TEST_F(ChildProgramTest, TellsHowAProgramFailed) {
  auto program = shell("echo the disk is gone >&2; exit 3");
  const auto ended = program->wait();
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code, "io_error");
  EXPECT_NE(ended.error().text.find("ended with 3: the disk is gone"), std::string::npos) << ended.error().text;
  EXPECT_FALSE(ChildProgram::start({"/absent"}, 1s, always).ok());
}

TEST_F(ChildProgramTest, EndsAProgramThatTakesTooLong) {
  auto program = shell("exec >&- 2>&-; sleep 1000", 1s);
  const auto ended = program->wait();
  ASSERT_FALSE(ended.ok());
  EXPECT_NE(ended.error().text.find("did not end in time"), std::string::npos);
  auto full = shell("sleep 1000", 1s);
  EXPECT_FALSE(full->write(Bytes(1 << 20)).ok());
}

TEST_F(ChildProgramTest, IsGivenUpWhenItsOwnerStops) {
  bool wanted = true;
  auto program = ChildProgram::start({"/bin/bash", "-c", "sleep 1000"}, 1000s, [&] { return wanted; });
  wanted = false;
  const auto written = program->write(Bytes(1 << 20));
  ASSERT_FALSE(written.ok());
  EXPECT_NE(written.error().text.find("was given up"), std::string::npos) << written.error().text;
  EXPECT_NE(program->wait().error().text.find("was given up"), std::string::npos);
}

TEST_F(ChildProgramTest, InheritsNoFileOfThisProcess) {
  const int own = ::open(directory_.path().c_str(), O_RDONLY | O_DIRECTORY);  // without O_CLOEXEC
  ASSERT_GE(own, 3);
  auto program = shell("if [ -e /proc/$$/fd/" + std::to_string(own) + " ]; then exit 1; fi");
  const auto ended = program->wait();
  EXPECT_TRUE(ended.ok()) << ended.error().text;
  ::close(own);
}

TEST_F(ChildProgramTest, FailsToWriteToAProgramThatHasEnded) {
  auto program = shell("exit 0");
  Result<void> written;
  for (int i = 0; written && i < 1000; ++i) written = program->write(Bytes(100000));
  EXPECT_FALSE(written.ok());
}

}  // namespace
}  // namespace causeway::supervision
