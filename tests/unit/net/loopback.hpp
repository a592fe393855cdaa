// SPDX-License-Identifier: MIT
// Real sockets of one process: a server, our client, and a peer that sends raw octets.
#pragma once

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "net/coroutines.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/io_threads.hpp"

namespace causeway::net {

// A blocking TCP connection to loopback that knows nothing of HTTP.
class RawPeer {
 public:
  explicit RawPeer(std::uint16_t port);
  ~RawPeer();
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  bool send(std::string_view text);
  void end_sending();
  // Everything until the other side ends.
  std::string read_all();
  // Until what came ends with `suffix`, or the other side ended.
  std::string read_until(std::string_view suffix);
  // Nothing more comes because the other side ended or reset.
  bool ended();

 private:
  int socket_;
};

// A listener that answers each connection with fixed octets, for clients.
class RawServer {
 public:
  // Once a connection has sent an empty line (or more than that), it gets the next of
  // `answers` and is kept for the one after it; "<close>" ends it.
  explicit RawServer(std::vector<std::string> answers);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  void serve();
  std::vector<std::string> answers_;
  int listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

Task<Result<std::string>> read_text(BodyReader& body);

// What a client gets for one message, opened anew or kept.
struct Answer {
  int status = 0;
  std::string body;
  bool reused = false;
};
Task<Result<Answer>> call(HttpClient& client, Endpoint endpoint, std::shared_ptr<const TlsClientContext> tls,
                          RequestHead head, std::string body);

// The answer of the command, with what it wrote to standard error; loopback tools only.
std::string run_command(const std::string& line);

RequestHead post(std::string target);
RequestHead get(std::string target);

}  // namespace causeway::net
