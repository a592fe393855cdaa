// SPDX-License-Identifier: MIT
#include "net/local_socket.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "net/coroutines.hpp"
#include "net/io_threads.hpp"

namespace causeway::net {
namespace {

std::string socket_path(const char* name) {
  return testing::TempDir() + "causeway-" + std::to_string(::getpid()) + "-" + name;
}

// Sends back what it gets, four octets at a time, until the peer ends.
Task<void> echo(Stream& stream, LocalPeer peer) {
  EXPECT_EQ(peer.process, ::getpid());
  EXPECT_EQ(peer.user, ::getuid());
  std::array<std::uint8_t, 4> word;
  while (co_await read_exactly(stream, word)) {
    if (auto sent = co_await stream.write(word); !sent) co_return;
  }
}

Task<std::string> say(std::string path, std::string text) {
  auto stream = co_await connect_local(path);
  if (!stream) co_return stream.error().code;
  if (auto sent = co_await (*stream)->write(as_bytes(text)); !sent) co_return sent.error().code;
  Bytes answer(text.size());
  if (auto read = co_await read_exactly(**stream, answer); !read) co_return read.error().code;
  co_return to_text(answer);
}

TEST(LocalSocket, CarriesOctetsBothWays) {
  IoThreads threads(2);
  const std::string path = socket_path("echo");
  auto server = LocalServer::start(threads.at(1), path, 0600, echo);
  ASSERT_TRUE(server) << server.error().text;
  EXPECT_EQ(block_on(threads.at(0), say(path, "abcdefgh")), "abcdefgh");
  struct stat found{};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600U);
  server->reset();
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(block_on(threads.at(0), say(path, "abcd")), "network_error");
}

TEST(LocalSocket, ReplacesWhatADeadProcessLeftButNotALivingOne) {
  IoThreads threads(1);
  const std::string path = socket_path("taken");
  auto first = LocalServer::start(threads.at(0), path, 0600, echo);
  ASSERT_TRUE(first);
  EXPECT_FALSE(LocalServer::start(threads.at(0), path, 0600, echo));
  const std::string left = socket_path("left");
  std::filesystem::create_hard_link(path, left);
  first->reset();
  const auto second = LocalServer::start(threads.at(0), left, 0600, echo);
  ASSERT_TRUE(second) << second.error().text;
  EXPECT_EQ(block_on(threads.at(0), say(left, "1234")), "1234");
}

TEST(LocalSocket, AFileInItsPlaceIsNotTouched) {
  IoThreads threads(1);
  const std::string path = socket_path("file");
  std::ofstream(path) << "precious";
  EXPECT_FALSE(LocalServer::start(threads.at(0), path, 0600, echo));
  EXPECT_TRUE(std::filesystem::exists(path));
  std::filesystem::remove(path);
  EXPECT_FALSE(LocalServer::start(threads.at(0), std::string(200, 'x'), 0600, echo));
}

TEST(LocalSocket, EndsConnectionsThatWaitWhenItEnds) {
  IoThreads threads(2);
  const std::string path = socket_path("waits");
  auto server = LocalServer::start(threads.at(0), path, 0600, echo);
  ASSERT_TRUE(server);
  auto stream = block_on(threads.at(1), connect_local(path));
  ASSERT_TRUE(stream);
  server->reset();
  std::array<std::uint8_t, 4> word;
  EXPECT_FALSE(block_on(threads.at(1), read_exactly(**stream, word)));
}

}  // namespace
}  // namespace causeway::net
