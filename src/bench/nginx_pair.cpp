// SPDX-License-Identifier: MIT
#include "bench/nginx_pair.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "base/files.hpp"
#include "domain/fault_code.hpp"
#include "ecosystem/output.hpp"
#include "pki/certificate_builder.hpp"
#include "pki/key.hpp"

namespace causeway::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kStartLimit{20};
constexpr std::chrono::hours kValidity{48};
constexpr unsigned kRsaBits = 2048;

struct HopPorts {
  std::uint16_t front = 0, back = 0, closing_front = 0, closing_back = 0;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

// Four different ones; nothing keeps them free, but nobody else asks for just these.
Result<HopPorts> free_ports() {
  std::array<std::uint16_t, 4> ports{};
  std::array<int, 4> sockets{};
  bool good = true;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    sockets[i] = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool bound = ::bind(sockets[i], reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                       ::getsockname(sockets[i], reinterpret_cast<sockaddr*>(&address), &size) == 0;
    good = good && bound;
    ports[i] = ntohs(address.sin_port);
  }
  for (const int socket : sockets) ::close(socket);
  if (!good) return fault(FaultCode::io_error, "no free port on loopback for nginx");
  return HopPorts{ports[0], ports[1], ports[2], ports[3]};
}

bool listens(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool connected = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return connected;
}

struct Identity {
  pki::PrivateKey key;
  pki::Certificate certificate;
};

Result<Identity> identity(const std::string& name, const Identity* issuer) {
  auto key = pki::PrivateKey::generate_rsa(kRsaBits);
  if (!key) return key.error();
  auto subject = pki::DistinguishedName::make(std::array<pki::NameAttribute, 1>{{{"CN", name}}});
  if (!subject) return subject.error();
  const pki::CertificateSpec spec{.kind = issuer == nullptr ? pki::CertificateKind::root_ca : pki::CertificateKind::tls,
                                  .subject = *std::move(subject),
                                  .not_before = now() - 1h,
                                  .not_after = now() + kValidity,
                                  .alt_names = issuer == nullptr ? std::vector<std::string>() : std::vector{name}};
  auto certificate = issuer == nullptr
                         ? pki::self_sign_certificate(spec, *key)
                         : pki::issue_certificate(spec, key->public_key(), issuer->certificate, issuer->key);
  if (!certificate) return certificate.error();
  return Identity{*std::move(key), *std::move(certificate)};
}

Result<void> write_certificates(const std::filesystem::path& directory) {
  const auto ca = identity("bench", nullptr);
  if (!ca) return ca.error();
  if (auto written = write_file_atomically(directory / "ca.crt", ca->certificate.to_pem()); !written) return written;
  for (const std::string name : {"front", "back"}) {
    const auto hop = identity(name, &*ca);
    if (!hop) return hop.error();
    auto written = write_file_atomically(directory / (name + ".crt"), hop->certificate.to_pem());
    if (!written) return written;
    written = write_file_atomically(directory / (name + ".key"), hop->key.to_pem(), 0600);
    if (!written) return written;
  }
  return {};
}

// Workers of a master that runs as root would otherwise be somebody who may not read here.
std::string user_line() {
  const passwd* user = ::getuid() == 0 ? ::getpwuid(0) : nullptr;
  return user == nullptr ? std::string() : fmt::format("user {};", user->pw_name);
}

std::string configuration(const HopPorts& ports, const std::string& service) {
  constexpr const char* kText = R"(daemon off; worker_processes 2; pid nginx.pid; {user}
events {{ worker_connections 8192; }}
http {{
  access_log off; client_body_temp_path body; proxy_temp_path proxy;
  fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  keepalive_requests 100000000;
  # Bodies of any size pass through, and none over the disk.
  client_max_body_size 0; proxy_request_buffering off; proxy_max_temp_file_size 0;
  proxy_buffer_size 16k; proxy_buffers 16 32k;
  proxy_ssl_certificate front.crt; proxy_ssl_certificate_key front.key;
  proxy_ssl_verify on; proxy_ssl_trusted_certificate ca.crt; proxy_ssl_name back;
  ssl_certificate back.crt; ssl_certificate_key back.key; ssl_client_certificate ca.crt;
  ssl_session_cache shared:sessions:10m;
  upstream back {{ server 127.0.0.1:{back}; keepalive 512; keepalive_requests 100000000; }}
  upstream service {{ server {service}; keepalive 512; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{front} backlog=4096;
    location / {{
      proxy_pass https://back; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_ssl_protocols TLSv1.3;
    }}
  }}
  server {{
    listen 127.0.0.1:{back} ssl backlog=4096; ssl_protocols TLSv1.3; ssl_verify_client on;
    location / {{ proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
  server {{
    listen 127.0.0.1:{closing_front} backlog=4096;
    location / {{
      proxy_pass https://127.0.0.1:{closing_back}; proxy_http_version 1.1; proxy_set_header Connection close;
      proxy_ssl_protocols TLSv1.2;
    }}
  }}
  server {{
    listen 127.0.0.1:{closing_back} ssl backlog=4096; ssl_protocols TLSv1.2; ssl_verify_client on;
    keepalive_timeout 0;
    location / {{ proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
}}
)";
  return fmt::format(kText, fmt::arg("user", user_line()), fmt::arg("front", ports.front), fmt::arg("back", ports.back),
                     fmt::arg("closing_front", ports.closing_front), fmt::arg("closing_back", ports.closing_back),
                     fmt::arg("service", service));
}

}  // namespace

std::string nginx_program() {
  for (const char* path : {"/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"})
    if (::access(path, X_OK) == 0) return path;
  return {};
}

Result<std::unique_ptr<NginxPair>> NginxPair::start(const NginxOptions& options) {
  const auto directory = std::filesystem::absolute(options.directory);
  if (auto made = make_directories(directory); !made) return made.error();
  if (auto made = write_certificates(directory); !made) return made.error();
  const auto free = free_ports();
  if (!free) return free.error();
  const HopPorts& ports = *free;
  const std::string service = options.service_url.substr(options.service_url.find("://") + 3);
  auto written = write_file_atomically(directory / "nginx.conf", configuration(ports, service));
  if (!written) return written.error();
  std::unique_ptr<NginxPair> pair(new NginxPair(options.program));
  const auto log = directory / "nginx.log";
  const std::vector<std::string> arguments{"-p", directory.string(), "-c", "nginx.conf", "-e", "error.log"};
  if (auto started = pair->nginx_.start("nginx", arguments, log); !started) return started.error();
  const auto until = std::chrono::steady_clock::now() + kStartLimit;
  while (!listens(ports.front) || !listens(ports.closing_front)) {
    if (auto alive = pair->check_alive(); !alive) return alive.error().while_doing(ecosystem::last_lines(log, 5));
    if (std::chrono::steady_clock::now() > until) return fault(FaultCode::io_error, "nginx does not listen");
    std::this_thread::sleep_for(10ms);
  }
  pair->kept_url_ = fmt::format("http://127.0.0.1:{}", ports.front);
  pair->closing_url_ = fmt::format("http://127.0.0.1:{}", ports.closing_front);
  return pair;
}

std::vector<pid_t> NginxPair::processes() const { return ecosystem::process_tree(nginx_.running().front().pid); }

Result<void> NginxPair::check_alive() {
  if (nginx_.reap().empty()) return {};
  return fault(FaultCode::io_error, "nginx has ended");
}

}  // namespace causeway::bench
