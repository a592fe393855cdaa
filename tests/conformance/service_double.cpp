// SPDX-License-Identifier: MIT
#include "service_double.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <stdexcept>

#include "net/http_message.hpp"

namespace causeway::conformance {
namespace {

// Reads from a socket until a text is complete.
class Input {
 public:
  explicit Input(int socket) : socket_(socket) {}

  bool fill() {
    char buffer[65536];
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    held_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }
  std::optional<std::string> until(const std::string& end) {
    std::size_t at = 0;
    while ((at = held_.find(end)) == std::string::npos)
      if (!fill()) return std::nullopt;
    return take(at + end.size());
  }
  std::optional<std::string> exactly(std::size_t count) {
    while (held_.size() < count)
      if (!fill()) return std::nullopt;
    return take(count);
  }

 private:
  std::string take(std::size_t count) {
    std::string text = held_.substr(0, count);
    held_.erase(0, count);
    return text;
  }
  int socket_;
  std::string held_;
};

std::optional<std::string> read_chunks(Input& input) {
  std::string body;
  for (;;) {
    const auto line = input.until("\r\n");
    if (!line) return std::nullopt;
    const std::size_t size = std::stoul(*line, nullptr, 16);
    const auto chunk = input.exactly(size + 2);
    if (!chunk) return std::nullopt;
    if (size == 0) return body;
    body += chunk->substr(0, size);
  }
}

std::optional<ServiceRequest> read_request(Input& input) {
  const auto head = input.until("\r\n\r\n");
  if (!head) return std::nullopt;
  ServiceRequest request;
  request.head = *head;
  request.method = head->substr(0, head->find(' '));
  const auto start = request.method.size() + 1;
  request.target = head->substr(start, head->find(' ', start) - start);
  std::optional<std::string> body = std::string();
  if (request.header("transfer-encoding") == "chunked")
    body = read_chunks(input);
  else if (const auto length = request.header("content-length"); !length.empty())
    body = input.exactly(std::stoul(length));
  if (!body) return std::nullopt;
  request.body = *body;
  return request;
}

void send_all(int socket, const std::string& octets) {
  for (std::size_t sent = 0; sent < octets.size();) {
    const ssize_t count = ::send(socket, octets.data() + sent, octets.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

}  // namespace

std::string ServiceRequest::header(const std::string& name) const {
  std::size_t at = head.find("\r\n") + 2;
  while (at < head.size()) {
    const auto end = head.find("\r\n", at);
    const std::string line = head.substr(at, end - at);
    at = end + 2;
    const auto colon = line.find(':');
    if (colon == std::string::npos || !net::equals_ignoring_case(line.substr(0, colon), name)) continue;
    const auto first = line.find_first_not_of(' ', colon + 1);
    return first == std::string::npos ? "" : line.substr(first);
  }
  return "";
}

ServiceDouble::ServiceDouble() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    throw std::runtime_error("the service double cannot listen");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept(); });
}

ServiceDouble::~ServiceDouble() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  for (auto& connection : connections_) connection.join();
}

void ServiceDouble::answer_with(ServiceAnswer answer) {
  const std::lock_guard lock(mutex_);
  answer_ = std::move(answer);
  play_ = {};
  requests_.clear();
}

void ServiceDouble::play(ServicePlay play) {
  const std::lock_guard lock(mutex_);
  play_ = std::move(play);
}

std::vector<ServiceRequest> ServiceDouble::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void ServiceDouble::accept() {
  while (!stopping_) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    connections_.emplace_back([this, socket] { serve(socket); });
  }
}

// One request a connection: every answer may be broken in its own way.
void ServiceDouble::serve(int socket) {
  const timeval patience{30, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  Input input(socket);
  if (auto request = read_request(input)) {
    ServiceAnswer answer;
    ServicePlay play;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(*request);
      answer = answer_;
      play = play_;
    }
    if (play && play(*request, socket)) answer = {};
    const std::string octets = answer ? answer(*request) : std::string();
    if (octets == kReset) {
      const linger at_once{1, 0};
      ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      ::close(socket);
      return;
    }
    send_all(socket, octets);
  }
  ::shutdown(socket, SHUT_WR);
  ::close(socket);
}

std::string http_answer(const std::string& content_type, const std::string& body, int status) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: " + content_type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

}  // namespace causeway::conformance
