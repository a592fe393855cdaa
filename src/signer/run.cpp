// SPDX-License-Identifier: MIT
#include "signer/run.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>

#include "base/exclusive_lock.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "signer/autologin.hpp"
#include "signer/faults.hpp"
#include "signer/server.hpp"

namespace causeway::signer {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kAutologinPause{3};
constexpr std::chrono::seconds kStopGrace{5};

// Keys are in this memory: no core files, no tracing by other processes.
void keep_memory_private() {
  ::umask(077);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

// Enters the PINs that are kept for it, until each token was logged in once: who logs a
// token out later means it. A PIN that was wrong is not tried again; a hardware token
// would lock itself.
class Autologin {
 public:
  Autologin(TokenManager& manager, AutologinOptions options) : manager_(manager), options_(std::move(options)) {}

  void tick(Clock::time_point at) {
    if (done_ || at < next_) return;
    next_ = at + kAutologinPause;
    Result<AutologinAnswer> answer = fetch_pins(options_);
    if (!answer) {
      if (answer.error().text != last_problem_) log::error("autologin: {}", answer.error().text);
      last_problem_ = answer.error().text;
      return;
    }
    done_ = true;
    for (const TokenPin& entry : answer->pins) done_ = enter(entry) && done_;
  }

 private:
  // False when it is to be tried again.
  bool enter(const TokenPin& entry) {
    const bool refused = std::ranges::any_of(wrong_, [&](const TokenPin& known) {
      return known.token_id == entry.token_id && known.pin.view() == entry.pin.view();
    });
    if (refused) return false;
    Result<void> entered = manager_.login(entry.token_id, entry.pin.view());
    if (entered) {
      log::info("autologin: token {} is logged in", entry.token_id);
      return true;
    }
    if (entered.error().code == kPinIncorrect) wrong_.push_back(entry);
    if (entered.error().text != last_problem_)
      log::warn("autologin: token {}: {}", entry.token_id, entered.error().text);
    last_problem_ = entered.error().text;
    return false;
  }

  TokenManager& manager_;
  const AutologinOptions options_;
  Clock::time_point next_{};
  std::vector<TokenPin> wrong_;
  std::string last_problem_;
  bool done_ = false;
};

// The signals of this process, taken in turn instead of interrupting it. Blocked in
// every thread that is started after this.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set_, signal);
    ::pthread_sigmask(SIG_BLOCK, &set_, &earlier_);
  }
  ~Signals() { ::pthread_sigmask(SIG_SETMASK, &earlier_, nullptr); }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // The next one, or 0 after `time`.
  int wait(std::chrono::seconds time) const {
    const timespec limit{static_cast<time_t>(time.count()), 0};
    const int signal = ::sigtimedwait(&set_, nullptr, &limit);
    return signal > 0 ? signal : 0;
  }

 private:
  sigset_t set_{}, earlier_{};
};

}  // namespace

Result<void> run_signer(const RunOptions& options) {
  keep_memory_private();
  const Signals signals;
  if (auto made = make_directories(options.directory); !made) return made;
  const auto lock = ExclusiveLock::take(options.directory);
  if (!lock) return lock.error();
  if (!*lock) return fault(FaultCode::io_error, "another signer works on " + options.directory.string());
  Result<std::unique_ptr<TokenManager>> manager = TokenManager::open({.directory = options.directory,
                                                                      .parameters = options.parameters,
                                                                      .check_chain = options.check_chain,
                                                                      .check_revocation = options.check_revocation});
  if (!manager) return manager.error();
  const std::string script =
      options.parameters.text("signer.autologin-script", (options.directory / "custom-fetch-pin.sh").string());
  Autologin autologin(**manager, {.file = options.directory / "autologin", .script = script});
  // Before the socket appears, so that a client that connects at once can sign at once.
  autologin.tick(Clock::now());
  Result<std::unique_ptr<SignerServer>> server = SignerServer::start(**manager, {.socket_path = options.socket_path});
  if (!server) return server.error();
  log::info("signer: {} tokens, socket {}", (*manager)->tokens()->size(), options.socket_path);

  for (int signal = 0; signal == 0 || signal == SIGHUP; signal = signals.wait(std::chrono::seconds(1))) {
    (*manager)->reload_if_changed();
    autologin.tick(Clock::now());
  }
  log::info("signer: stopping");
  (*server)->stop(kStopGrace);
  return {};
}

}  // namespace causeway::signer
