// SPDX-License-Identifier: MIT
#include "unit/net/loopback.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>

namespace causeway::net {

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

std::string receive(int socket) {
  std::array<char, 16384> buffer;
  const ssize_t size = ::recv(socket, buffer.data(), buffer.size(), 0);
  return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

RawPeer::RawPeer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_in address = loopback(port);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to loopback");
  }
  const timeval patience{30, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

RawPeer::~RawPeer() { ::close(socket_); }

bool RawPeer::send(std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

void RawPeer::end_sending() { ::shutdown(socket_, SHUT_WR); }

std::string RawPeer::read_all() {
  std::string all;
  for (;;) {
    const std::string more = receive(socket_);
    if (more.empty()) return all;
    all += more;
  }
}

std::string RawPeer::read_until(std::string_view suffix) {
  std::string all;
  while (!all.ends_with(suffix)) {
    const std::string more = receive(socket_);
    if (more.empty()) break;
    all += more;
  }
  return all;
}

bool RawPeer::ended() {
  char octet = 0;
  return ::recv(socket_, &octet, 1, 0) == 0 || errno == ECONNRESET;
}

RawServer::RawServer(std::vector<std::string> answers)
    : answers_(std::move(answers)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
  ::listen(listener_, 16);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

RawServer::~RawServer() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void RawServer::serve() {
  std::size_t next = 0;
  while (next < answers_.size()) {
    const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (peer < 0) return;
    std::string seen;
    while (next < answers_.size()) {
      if (answers_[next] == "<close>") {
        ++next;
        break;
      }
      const std::string more = receive(peer);
      if (more.empty()) break;
      seen += more;
      if (seen.find("\r\n\r\n") == std::string::npos) continue;
      seen.clear();
      const std::string& answer = answers_[next++];
      ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
    ::close(peer);
  }
}

Task<Result<std::string>> read_text(BodyReader& body) {
  std::string all;
  for (;;) {
    const auto piece = co_await body.read_some();
    if (!piece) co_return piece.error();
    if (piece->empty()) co_return all;
    all.append(as_text(*piece));
  }
}

Task<Result<Answer>> call(HttpClient& client, Endpoint endpoint, std::shared_ptr<const TlsClientContext> tls,
                          RequestHead head, std::string body) {
  auto opened = co_await client.open(std::move(endpoint), std::move(tls), ClientTimeouts{});
  if (!opened) co_return std::move(opened).error();
  auto writer = co_await (*opened)->request(std::move(head));
  if (!writer) co_return std::move(writer).error();
  if (auto sent = co_await (*writer)->finish_with(as_bytes(body)); !sent) co_return std::move(sent).error();
  auto response = co_await (*opened)->response();
  if (!response) co_return std::move(response).error();
  auto text = co_await read_text((*opened)->body());
  if (!text) co_return std::move(text).error();
  co_return Answer{response->status, *std::move(text), (*opened)->reused()};
}

std::string run_command(const std::string& line) {
  std::string output;
  FILE* pipe = ::popen((line + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return output;
  std::array<char, 4096> buffer;
  for (std::size_t size = 0; (size = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    output.append(buffer.data(), size);
  }
  ::pclose(pipe);
  return output;
}

RequestHead post(std::string target) { return {"POST", std::move(target), {}}; }
RequestHead get(std::string target) { return {"GET", std::move(target), {}}; }

}  // namespace causeway::net
