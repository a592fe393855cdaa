// SPDX-License-Identifier: MIT
// What a pair of Security Servers is measured against: two hops of nginx with mutual TLS
// between them that sign and log nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "ecosystem/children.hpp"

namespace causeway::bench {

// Where nginx is on this machine; empty: nowhere.
std::string nginx_program();

struct NginxOptions {
  std::string program;
  std::filesystem::path directory;
  std::string service_url;  // "http://127.0.0.1:1234": what stands behind the second hop
};

class NginxPair {
 public:
  // Makes certificates, starts nginx, returns when it listens. io_error.
  static Result<std::unique_ptr<NginxPair>> start(const NginxOptions& options);
  NginxPair(const NginxPair&) = delete;
  NginxPair& operator=(const NginxPair&) = delete;

  // "http://127.0.0.1:port": TLS 1.3 between the hops, connections kept.
  const std::string& url() const { return kept_url_; }
  // TLS 1.2, a connection for each request, sessions resumed.
  const std::string& closing_url() const { return closing_url_; }
  // Master and workers of both hops.
  std::vector<pid_t> processes() const;
  // io_error when nginx has ended.
  Result<void> check_alive();

 private:
  explicit NginxPair(const std::string& program) : nginx_(program) {}
  ecosystem::Children nginx_;
  std::string kept_url_, closing_url_;
};

}  // namespace causeway::bench
