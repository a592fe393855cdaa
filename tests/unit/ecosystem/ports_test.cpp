// SPDX-License-Identifier: MIT
#include "ecosystem/ports.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace causeway::ecosystem {
namespace {

// Listens on an address and port while it lives.
class Occupied {
 public:
  Occupied(const std::string& address, std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &to.sin_addr);
    listening = ::bind(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0 && ::listen(socket_, 1) == 0;
  }
  ~Occupied() { ::close(socket_); }
  bool listening = false;

 private:
  int socket_;
};

TEST(Ports, AreChosenFreeAndKeptForTheNextTime) {
  const Plan plan = make_plan(true);
  const auto base = choose_ports(0, 0, plan);
  ASSERT_TRUE(base);
  EXPECT_EQ(*choose_ports(0, *base, plan), *base);
  EXPECT_EQ(*choose_ports(*base, 0, plan), *base);
}

TEST(Ports, OfLastTimeGiveWayWhenTaken) {
  const Plan plan = make_plan(true);
  const auto base = choose_ports(0, 0, plan);
  ASSERT_TRUE(base);
  const Occupied taken(plan.instances[1].consumer.address, ports_from(*base, plan).consumer_http);
  ASSERT_TRUE(taken.listening);
  EXPECT_NE(*choose_ports(0, *base, plan), *base);
  const auto wanted = choose_ports(*base, 0, plan);
  ASSERT_FALSE(wanted);
  EXPECT_NE(wanted.error().text.find(plan.instances[1].consumer.address), std::string::npos);
}

TEST(Ports, DoNotRunBeyondTheLast) { EXPECT_FALSE(choose_ports(65530, 0, make_plan(false))); }

}  // namespace
}  // namespace causeway::ecosystem
