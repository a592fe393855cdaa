// SPDX-License-Identifier: MIT
// The information systems of one country behind one HTTP port on loopback:
//   /population/v1, /business/v1, /objects, /echo   REST
//   /openapi/<name>.yaml                            their descriptions
//   /soap/population, /soap/business, /soap/echo    SOAP; with "?wsdl" their descriptions
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "ecosystem/registers/registers.hpp"
#include "net/http_server.hpp"
#include "net/io_threads.hpp"

namespace causeway::ecosystem {

struct RegistersOptions {
  Country country = Country::estonia;
  std::string directory;  // of the registers' files
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: a free one
  RegisterSizes sizes;
};

class RegisterService {
 public:
  // Serves until it is destroyed. The registers are made when they are not there yet.
  static Result<std::unique_ptr<RegisterService>> start(net::IoThreads& threads, const RegistersOptions& options);
  ~RegisterService();

  std::uint16_t port() const;

 private:
  struct State;
  explicit RegisterService(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Until SIGINT or SIGTERM.
Result<void> run_registers(const RegistersOptions& options);

}  // namespace causeway::ecosystem
