// SPDX-License-Identifier: MIT
// For those who mean no good: connections that send any octets at any pace, and a watch on
// what it costs the server that they are sent to.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "country.hpp"
#include "peer_double.hpp"
#include "requests.hpp"

typedef struct ssl_st SSL;

namespace causeway::conformance {

// A blocking connection that knows nothing of HTTP; over TLS after start_tls() or accept_tls().
class RawConnection {
 public:
  explicit RawConnection(const net::Endpoint& endpoint);
  explicit RawConnection(const std::filesystem::path& socket);
  explicit RawConnection(int accepted) : socket_(accepted) { set_patience(); }
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  // False when the other side refuses. `identity` null: without a certificate. `version` of
  // TLS: at most that one; 0: any.
  bool start_tls(const Identity* identity, int version = 0);
  bool accept_tls(const Identity& identity);
  bool renegotiate();

  // False once the other side is gone.
  bool send(std::string_view octets);
  // One octet at a time; ends early when the other side ends, of which it tells.
  bool trickle(std::string_view octets, std::chrono::milliseconds pause);
  // The same piece again and again until the other side ends, or `limit` octets went out.
  // True when it was the other side that ended.
  bool flood(std::string_view piece, std::size_t limit);
  void end_sending();
  void reset();

  // What comes until the other side ends, or for as long as it stays silent for a minute.
  std::string read_all();
  // The first octets that come.
  std::string read_some();
  // Whether the other side has ended or reset the connection, after that long at most.
  bool ended(std::chrono::seconds within = std::chrono::seconds(60));

 private:
  void set_patience();
  long receive(char* into, std::size_t size);

  int socket_ = -1;
  SSL* ssl_ = nullptr;
};

// The code of the SOAP Fault or REST error in an answer, or "HTTP 400" for any other.
std::string outcome_of(const std::string& answer);

// Plays any part of TCP on the port of a server that the test plays.
class RawServer {
 public:
  using Play = std::function<void(RawConnection&)>;
  RawServer(const net::Endpoint& endpoint, Play play);
  ~RawServer();

 private:
  int listener_ = -1;
  Play play_;
  std::thread acceptor_;
  std::vector<std::thread> players_;
};

// What a process of the country costs, as the kernel tells.
class Watched {
 public:
  // The proxy of the server in this directory, or any process with a log.
  explicit Watched(const std::filesystem::path& server);
  Watched(pid_t process, std::filesystem::path log) : process_(process), log_(std::move(log)) {}

  // Measures from now on.
  void mark();
  std::size_t growth() const;  // of the peak of resident memory, octets
  std::size_t handles() const;
  std::size_t handles_before() const { return handles_before_; }
  std::string log() const;  // since the mark

 private:
  std::size_t status(std::string_view field) const;  // octets

  pid_t process_;
  std::filesystem::path log_;
  std::size_t resident_before_ = 0, handles_before_ = 0;
  std::uintmax_t log_before_ = 0;
};

// One row of docs/hostile-input.md, and what is checked of it.
struct Expected {
  std::string who, message, outcome;
  std::string until;      // it ends
  std::size_t megabytes;  // of memory, at most
  std::string log;        // stands in the server's log; empty: nothing is to be logged
};

// Honest requests go on while each case runs, and are answered.
class Hostile : public ::testing::Test {
 protected:
  explicit Hostile(std::filesystem::path server);
  void SetUp() override;
  void TearDown() override;
  // Says what the case is about, and checks it in the end.
  void expect(Expected expected);

  Watched watched_;

 private:
  void ask_honestly();

  Expected expected_;
  std::atomic<bool> over_{false};
  std::atomic<int> served_{0}, failed_{0};
  std::thread honest_;
};

// The first lines of a request to the consumer's server.
std::string soap_head(const std::string& more = "Transfer-Encoding: chunked\r\n",
                      const std::string& content_type = "text/xml; charset=UTF-8");
std::string rest_head(const std::string& method, const std::string& more);
std::string chunk(std::string_view data);

}  // namespace causeway::conformance
