// SPDX-License-Identifier: MIT
#include "hostile_kit.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "base/files.hpp"

namespace causeway::conformance {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kMemoryIsTelling = false;
#else
constexpr bool kMemoryIsTelling = true;
#endif
#endif

// Short, so that what waits for them does not take minutes.
const bool kImpatient = [] {
  Country::more_parameters() =
      "[proxy]\nclient-timeout = 5000\nclient-connector-initial-idle-time = 3000\n"
      "server-connector-initial-idle-time = 3000\nclient-httpclient-timeout = 10000\n"
      "ocsp-responder-client-read-timeout = 3000\nmax-message-memory = 67108864\n";
  return true;
}();

// Nothing here is about speed: much longer than any limit of the servers.
constexpr std::chrono::seconds kPatience{60};
constexpr std::size_t kHandlesOfHonestTraffic = 12;

sockaddr_in address_of(const net::Endpoint& endpoint) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(endpoint.port);
  ::inet_pton(AF_INET, endpoint.host.c_str(), &address.sin_addr);
  return address;
}

void use(SSL_CTX* context, const Identity& identity) {
  SSL_CTX_use_certificate(context, identity.certificate.handle());
  SSL_CTX_use_PrivateKey(context, identity.key.handle());
}

std::string between(const std::string& text, const std::string& open, const std::string& close) {
  const auto from = text.find(open);
  if (from == std::string::npos) return "";
  return text.substr(from + open.size(), text.find(close, from + open.size()) - from - open.size());
}

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

RawConnection::RawConnection(const net::Endpoint& endpoint)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_in address = address_of(endpoint);
  set_patience();
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect to " + endpoint.host + ":" + std::to_string(endpoint.port));
}

RawConnection::RawConnection(const std::filesystem::path& path)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  set_patience();
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect to " + path.native());
}

RawConnection::~RawConnection() {
  if (ssl_) SSL_free(ssl_);
  if (socket_ >= 0) ::close(socket_);
}

void RawConnection::set_patience() {
  std::signal(SIGPIPE, SIG_IGN);
  const timeval patience{kPatience.count(), 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

bool RawConnection::start_tls(const Identity* identity, int version) {
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
  if (version != 0) {
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
  }
  if (identity) use(context, *identity);
  ssl_ = SSL_new(context);
  SSL_CTX_free(context);
  SSL_set_fd(ssl_, socket_);
  return SSL_connect(ssl_) == 1;
}

bool RawConnection::accept_tls(const Identity& identity) {
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  use(context, identity);
  ssl_ = SSL_new(context);
  SSL_CTX_free(context);
  SSL_set_fd(ssl_, socket_);
  return SSL_accept(ssl_) == 1;
}

bool RawConnection::renegotiate() { return SSL_renegotiate(ssl_) == 1 && SSL_do_handshake(ssl_) == 1; }

bool RawConnection::send(std::string_view octets) {
  while (!octets.empty()) {
    const long sent =
        ssl_ ? SSL_write(ssl_, octets.data(), static_cast<int>(std::min<std::size_t>(octets.size(), 1 << 20)))
             : ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawConnection::trickle(std::string_view octets, std::chrono::milliseconds pause) {
  for (const char octet : octets) {
    if (!send({&octet, 1})) return true;
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(pause.count())) > 0) return true;
  }
  return false;
}

bool RawConnection::flood(std::string_view piece, std::size_t limit) {
  for (std::size_t sent = 0; sent < limit; sent += piece.size()) {
    if (!send(piece)) return true;
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, 0) > 0) return true;
  }
  return false;
}

void RawConnection::end_sending() {
  if (ssl_) SSL_shutdown(ssl_);
  ::shutdown(socket_, SHUT_WR);
}

void RawConnection::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(socket_, -1));
}

long RawConnection::receive(char* into, std::size_t size) {
  return ssl_ ? SSL_read(ssl_, into, static_cast<int>(size)) : ::recv(socket_, into, size, 0);
}

std::string RawConnection::read_all() {
  std::string all;
  char buffer[65536];
  for (;;) {
    const long size = receive(buffer, sizeof buffer);
    if (size <= 0) return all;
    all.append(buffer, static_cast<std::size_t>(size));
  }
}

std::string RawConnection::read_some() {
  char buffer[65536];
  const long size = receive(buffer, sizeof buffer);
  return size <= 0 ? std::string() : std::string(buffer, static_cast<std::size_t>(size));
}

bool RawConnection::ended(std::chrono::seconds within) {
  const auto until = Clock::now() + within;
  char buffer[4096];
  while (Clock::now() < until) {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, 200) <= 0) continue;
    if (::recv(socket_, buffer, sizeof buffer, 0) <= 0) return true;
  }
  return false;
}

std::string outcome_of(const std::string& answer) {
  if (const auto code = between(answer, "<faultcode>", "</faultcode>"); !code.empty()) return code;
  for (const std::string name : {"X-Road-Error: ", "x-road-error: "})
    if (const auto code = between(answer, name, "\r\n"); !code.empty()) return code;
  if (answer.starts_with("HTTP/1.1 ")) return "HTTP " + answer.substr(9, 3);
  return answer;
}

RawServer::RawServer(const net::Endpoint& endpoint, Play play)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), play_(std::move(play)) {
  const sockaddr_in address = address_of(endpoint);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_, 64) != 0)
    throw std::runtime_error("cannot listen on " + endpoint.host);
  acceptor_ = std::thread([this] {
    for (;;) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      players_.emplace_back([this, socket] {
        RawConnection connection(socket);
        play_(connection);
      });
    }
  });
}

RawServer::~RawServer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  for (auto& player : players_) player.join();
}

Watched::Watched(const std::filesystem::path& server)
    : process_(std::stoi(contents(server / "run" / "proxy.ready"))),
      log_(server.parent_path() / (server.filename().string() + "-proxy.log")) {}

void Watched::mark() {
  std::ofstream("/proc/" + std::to_string(process_) + "/clear_refs") << "5";
  resident_before_ = status("VmRSS:");
  handles_before_ = handles();
  std::error_code absent;
  log_before_ = std::filesystem::file_size(log_, absent);
}

std::size_t Watched::status(std::string_view field) const {
  std::istringstream lines(contents("/proc/" + std::to_string(process_) + "/status"));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(field)) return std::stoul(line.substr(field.size())) * 1024;
  return 0;
}

std::size_t Watched::growth() const {
  const std::size_t peak = status("VmHWM:");
  return peak > resident_before_ ? peak - resident_before_ : 0;
}

std::size_t Watched::handles() const {
  std::error_code gone;
  const std::filesystem::directory_iterator open("/proc/" + std::to_string(process_) + "/fd", gone);
  return gone ? 0 : static_cast<std::size_t>(std::distance(begin(open), end(open)));
}

std::string Watched::log() const { return contents(log_).substr(log_before_); }

Hostile::Hostile(std::filesystem::path server) : watched_(server) {}

void Hostile::SetUp() {
  Country::shared().services().answer_with([](const ServiceRequest& request) {
    return request.target.starts_with("/soap") ? http_answer("text/xml", soap_answer(request.body))
                                               : http_answer("application/json", "{}");
  });
  // Once before, so that what honest traffic needs is there already.
  ASSERT_EQ(send_rest("GET", "/r1/DEV/COM/provider/service/rest/honest", {}, "").status, 200);
  watched_.mark();
  honest_ = std::thread([this] { ask_honestly(); });
}

void Hostile::ask_honestly() {
  do {
    const Answer answer = send_rest("GET", "/r1/DEV/COM/provider/service/rest/honest", {}, "");
    ++(answer.status == 200 ? served_ : failed_);
    std::this_thread::sleep_for(200ms);
  } while (!over_);
}

void Hostile::expect(Expected expected) {
  expected_ = std::move(expected);
  RecordProperty("who", expected_.who);
  RecordProperty("message", expected_.message);
  RecordProperty("outcome", expected_.outcome);
  RecordProperty("until", expected_.until);
  RecordProperty("megabytes", static_cast<int>(expected_.megabytes));
}

void Hostile::TearDown() {
  over_ = true;
  if (honest_.joinable()) honest_.join();
  EXPECT_GT(served_, 0);
  EXPECT_EQ(failed_, 0) << "honest requests that were not served meanwhile";
  const std::size_t growth = watched_.growth();
  RecordProperty("growth", static_cast<int>(growth >> 20));
  if (kMemoryIsTelling) EXPECT_LE(growth, expected_.megabytes << 20) << (growth >> 20) << " MiB";
  if (!expected_.log.empty()) EXPECT_NE(watched_.log().find(expected_.log), std::string::npos) << watched_.log();
  const auto until = Clock::now() + kPatience;
  const std::size_t allowed = watched_.handles_before() + kHandlesOfHonestTraffic;
  while (watched_.handles() > allowed && Clock::now() < until) std::this_thread::sleep_for(100ms);
  EXPECT_LE(watched_.handles(), allowed);
}

std::string soap_head(const std::string& more, const std::string& content_type) {
  return "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + content_type + "\r\n" + more + "\r\n";
}

std::string rest_head(const std::string& method, const std::string& more) {
  return method + " /r1/DEV/COM/provider/service/rest/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Road-Client: " +
         Country::shared().app().to_rest() + "\r\n" + more + "\r\n";
}

std::string chunk(std::string_view data) {
  char size[32];
  std::snprintf(size, sizeof size, "%zx\r\n", data.size());
  return size + std::string(data) + "\r\n";
}

}  // namespace causeway::conformance
