// SPDX-License-Identifier: MIT
#include "bench/machine.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <thread>

namespace causeway::bench {
namespace {

std::string cpu_model() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("model name")) continue;
    const auto colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown CPU";
}

// nginx says "nginx version: nginx/1.22.1" to standard error.
std::string nginx_version(const std::string& program) {
  std::string said;
  if (FILE* pipe = ::popen(("'" + program + "' -v 2>&1").c_str(), "r")) {
    std::array<char, 256> line{};
    while (std::fgets(line.data(), line.size(), pipe) != nullptr) said += line.data();
    ::pclose(pipe);
  }
  const auto begin = said.find("nginx/");
  return begin == std::string::npos ? std::string() : said.substr(begin, said.find_first_of(" \n", begin) - begin);
}

}  // namespace

std::string Machine::to_string() const {
  std::string text = fmt::format("{} cores, {}, {:.0f} GB; {}; {}", cores, cpu, memory_gb, kernel, openssl);
  return nginx.empty() ? text : text + "; " + nginx;
}

Machine this_machine(const std::string& nginx) {
  utsname name{};
  ::uname(&name);
  const double octets = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  return {.cpu = cpu_model(),
          .cores = std::thread::hardware_concurrency(),
          .kernel = fmt::format("{} {}", name.sysname, name.release),
          .openssl = OpenSSL_version(OPENSSL_VERSION),
          .nginx = nginx.empty() ? std::string() : nginx_version(nginx),
          .memory_gb = octets / 1e9};
}

}  // namespace causeway::bench
