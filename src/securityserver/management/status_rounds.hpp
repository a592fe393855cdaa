// SPDX-License-Identifier: MIT
// The owner of the server and the statuses of its clients and certificates, kept up with the global
// configuration by the administration: on a thread of its own, because the signer may be slow.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/round_thread.hpp"
#include "globalconf/view_holder.hpp"
#include "securityserver/configuration/configuration_holder.hpp"
#include "signer/management.hpp"

namespace causeway::securityserver {

class StatusRounds {
 public:
  struct Settings {
    std::string configuration = "server.yaml";  // what is noted stands beside it
    std::string signer = "run/signer.sock";
    bool activate_certificates = false;  // proxy-ui-api.automatic-activate-auth-certificate
    std::chrono::seconds interval{30};
  };
  // Begins: a round every interval, and when the global configuration or that of the server has
  // changed. `view` must live longer; somebody else keeps it current.
  StatusRounds(const globalconf::ViewHolder& view, Settings settings);

 private:
  using Clock = std::chrono::steady_clock;
  std::chrono::milliseconds look();
  // True once for every change of the server's configuration.
  bool configuration_changed();
  Result<void> round();
  Result<void> follow_owner(const globalconf::View& view, signer::SignerConnection& signer);
  Result<void> follow_clients(const globalconf::View& view);

  const globalconf::ViewHolder& view_;
  const Settings settings_;
  std::unique_ptr<ConfigurationHolder> configuration_;  // of the thread
  std::string told_;                                    // of the thread: the latest trouble
  std::uint64_t seen_ = 0;                              // of the thread: the version of the view
  Clock::time_point due_{};                             // of the thread
  RoundThread thread_;                                  // last: it uses all the others
};

}  // namespace causeway::securityserver
