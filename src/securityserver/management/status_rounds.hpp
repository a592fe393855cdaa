// SPDX-License-Identifier: MIT
// The statuses of certificates, kept up with the global configuration by the administration: on a
// thread of its own, because the signer may be slow.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

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
  ~StatusRounds();
  StatusRounds(const StatusRounds&) = delete;
  StatusRounds& operator=(const StatusRounds&) = delete;

 private:
  void run(std::chrono::seconds interval);
  Result<int> round();

  const globalconf::ViewHolder& view_;
  const Files files_;
  std::unique_ptr<ConfigurationHolder> configuration_;  // of the thread
  std::string told_;                                    // of the thread: the latest trouble
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // mutex_
  std::thread thread_;     // last: it uses all the others
};

}  // namespace causeway::securityserver
