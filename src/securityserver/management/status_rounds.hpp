// SPDX-License-Identifier: MIT
// The statuses of certificates, kept up with the global configuration by the administration: on a
// thread of its own, because the signer may be slow.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/round_thread.hpp"
#include "globalconf/view_holder.hpp"
#include "securityserver/configuration/configuration_holder.hpp"

namespace causeway::securityserver {

class StatusRounds {
 public:
  struct Files {
    std::string configuration = "server.yaml";  // says which server this is
    std::string signer = "run/signer.sock";
  };
  // Begins: a round every `interval`, and when the global configuration has changed. `view` must
  // live longer; somebody else keeps it current.
  StatusRounds(const globalconf::ViewHolder& view, Files files,
               std::chrono::seconds interval = std::chrono::seconds(30));

 private:
  using Clock = std::chrono::steady_clock;
  std::chrono::milliseconds look();
  Result<int> round();

  const globalconf::ViewHolder& view_;
  const Files files_;
  const std::chrono::seconds interval_;
  std::unique_ptr<ConfigurationHolder> configuration_;  // of the thread
  std::string told_;                                    // of the thread: the latest trouble
  std::uint64_t seen_ = 0;                              // of the thread: the version of the view
  Clock::time_point due_{};                             // of the thread
  RoundThread thread_;                                  // last: it uses all the others
};

}  // namespace causeway::securityserver
