// SPDX-License-Identifier: MIT
// Keeps what the exchange looks at current: global configuration, OCSP responses, keys,
// how time-stamping fares.
// Files are read on a thread of its own; the network threads only see the result.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "base/round_thread.hpp"
#include "globalconf/view_holder.hpp"
#include "net/io_threads.hpp"
#include "net/task_group.hpp"
#include "securityserver/configuration/configuration_holder.hpp"
#include "securityserver/timestamping/timestamping_gate.hpp"
#include "securityserver/transport/key_ring.hpp"
#include "securityserver/transport/ocsp_cache.hpp"

namespace causeway::securityserver {

class ProxyUpkeep {
 public:
  // `keys_changed` runs on a network thread after each judging of the keys, `each_round` on
  // a thread of its own a few times a second.
  ProxyUpkeep(
      net::IoThreads& threads, globalconf::ViewHolder& view, const ConfigurationHolder& configuration, OcspCache& ocsp,
      TimestampingGate& timestamping, KeyRing& keys, signer::SignerClient& signer, std::function<void()> keys_changed,
      std::function<void()> each_round = [] {});

 private:
  void round();
  net::Task<void> renew_keys(bool files_changed);

  globalconf::ViewHolder& view_;
  const ConfigurationHolder& configuration_;
  OcspCache& ocsp_;
  TimestampingGate& timestamping_;
  KeyRing& keys_;
  signer::SignerClient& signer_;
  std::function<void()> keys_changed_, each_round_;

  std::uint64_t signer_version_ = 0;    // thread 0
  std::optional<ServerId> judged_for_;  // thread 0: which server this was
  bool renewing_ = false;               // thread 0
  bool again_ = false;                  // thread 0: something changed meanwhile
  std::string keys_summary_;            // thread 0: as last logged
  net::TaskGroup tasks_;                // on thread 0

  std::string configuration_fault_;                   // of the thread: as last logged
  std::chrono::steady_clock::time_point keys_due_{};  // of the thread: whatever is done to the clock
  RoundThread thread_;                                // last: it uses all the others
};

}  // namespace causeway::securityserver
