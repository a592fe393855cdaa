// SPDX-License-Identifier: MIT
// The trust services on a port.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "net/http_server.hpp"
#include "testca/test_ca.hpp"

namespace causeway::testca {

// All services on one port; see testca/services.hpp for the paths. `ca` must outlive
// the server, and `threads` both.
Result<std::unique_ptr<net::HttpServer>> serve(net::IoThreads& threads, TestCa& ca, const std::string& address,
                                               std::uint16_t port);

struct TestCaUrls {
  std::string ca, ocsp, tsa;
};
TestCaUrls urls_of(const std::string& address, std::uint16_t port);

struct RunOptions {
  std::filesystem::path folder;
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  TestCaOptions init;  // for a folder that has no CA yet
};

// Opens the CA of the folder, or makes it, and serves until a signal comes. Writes the
// addresses to standard output.
Result<void> run_test_ca(const RunOptions& options);

}  // namespace causeway::testca
