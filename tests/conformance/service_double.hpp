// SPDX-License-Identifier: MIT
// An information system's service as a case wants it: reads a whole HTTP request and
// answers with the octets the case gives, well-formed or not.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace causeway::conformance {

struct ServiceRequest {
  std::string method, target;
  std::string head;  // request line and headers as they came
  std::string body;  // de-chunked
  // The first header of that name, ignoring case; empty when absent.
  std::string header(const std::string& name) const;
};

// Octets of a whole HTTP answer; an empty one closes the connection without a word,
// kReset resets it.
inline constexpr const char* kReset = "\x01reset";
using ServiceAnswer = std::function<std::string(const ServiceRequest&)>;

// Answers by itself, on the socket, those requests that it returns true for.
using ServicePlay = std::function<bool(const ServiceRequest&, int socket)>;

class ServiceDouble {
 public:
  ServiceDouble();
  ~ServiceDouble();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  void answer_with(ServiceAnswer answer);
  // Until the next answer_with().
  void play(ServicePlay play);
  // What came since the last answer_with().
  std::vector<ServiceRequest> requests() const;

 private:
  void accept();
  void serve(int socket);

  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  ServiceAnswer answer_;
  ServicePlay play_;
  std::vector<ServiceRequest> requests_;
  std::atomic<bool> stopping_{false};
  std::thread acceptor_;
  std::vector<std::thread> connections_;
};

// A complete HTTP answer.
std::string http_answer(const std::string& content_type, const std::string& body, int status = 200);

}  // namespace causeway::conformance
