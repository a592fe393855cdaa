// SPDX-License-Identifier: MIT
// A local ecosystem of two countries, started for a measurement by `causeway up` and
// stopped after it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/children.hpp"

namespace causeway::bench {

struct RunningServer {
  std::string id;  // "EE/COM/16990016/ss2"
  std::filesystem::path directory;
  std::string consumer_url;           // http://
  std::map<std::string, pid_t> pids;  // "supervisor", "signer", "admin", "proxy"

  std::vector<pid_t> processes() const;
};

struct EcosystemOptions {
  std::filesystem::path directory;
  std::vector<std::string> more = {};  // arguments of `causeway up`
  std::chrono::seconds patience{180};  // until it is ready
};

class RunningEcosystem {
 public:
  // Returns when signed calls are answered. io_error with the end of its log.
  static Result<std::unique_ptr<RunningEcosystem>> start(const EcosystemOptions& options);
  ~RunningEcosystem();  // stops it
  RunningEcosystem(const RunningEcosystem&) = delete;
  RunningEcosystem& operator=(const RunningEcosystem&) = delete;

  // The pair: a consumer's server in the first country, the provider's in the second.
  const RunningServer& consumer() const { return consumer_; }
  const RunningServer& provider() const { return provider_; }
  std::vector<pid_t> pair() const;  // processes of both

  // A client on the consumer's server with the right to use the services of the second country.
  const std::string& client() const { return client_; }
  // "FI/GOV/9001234-6/lab/objects"; of SOAP with its version at the end.
  const std::string& object_service() const { return object_service_; }
  const std::string& soap_service() const { return soap_service_; }
  // The services of the second country, called directly.
  const std::string& registers_url() const { return registers_url_; }

  // io_error, naming it, when a process of the pair, or `causeway up`, has ended since the start.
  Result<void> check_alive();

 private:
  RunningEcosystem() = default;
  Result<void> read(const std::string& description);

  ecosystem::Children up_;
  RunningServer consumer_, provider_;
  std::string client_, object_service_, soap_service_, registers_url_;
};

}  // namespace causeway::bench
