// SPDX-License-Identifier: MIT
// On what a measurement was made.
#pragma once

#include <string>

namespace causeway::bench {

struct Machine {
  std::string cpu;  // model name
  unsigned cores = 0;
  std::string kernel;   // "Linux 6.1.0"
  std::string openssl;  // "OpenSSL 3.0.19 27 Jan 2026"
  std::string nginx;    // "nginx/1.22.1"; empty: there is none
  double memory_gb = 0;

  std::string to_string() const;
};

// `nginx`: its program, or empty.
Machine this_machine(const std::string& nginx);

}  // namespace causeway::bench
