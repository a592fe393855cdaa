// SPDX-License-Identifier: MIT
#include "securityserver/proxy_upkeep.hpp"

#include "base/log.hpp"

namespace causeway::securityserver {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRound{250};
// While what there is is about to expire, or has: a message must not be refused for long
// when there is something good on the disk.
constexpr std::chrono::milliseconds kHastyRound{25};
constexpr std::chrono::seconds kAboutToExpire{1};
// Keys are judged anew at least so often: certificates and OCSP responses age.
constexpr std::chrono::seconds kKeyPeriod{30};

// What the next message is judged by.
void tell_of(const globalconf::View& view) {
  std::string text;
  for (const std::string& instance : view.instances()) {
    const auto expires = view.expires(instance);
    text += (text.empty() ? "" : ", ") + instance + (expires ? " until " + to_iso_seconds(*expires) : "");
  }
  log::info("global configuration in force: {}", text);
}

}  // namespace

ProxyUpkeep::ProxyUpkeep(net::IoThreads& threads, globalconf::ViewHolder& view,
                         const ConfigurationHolder& configuration, OcspCache& ocsp, TimestampingGate& timestamping,
                         KeyRing& keys, signer::SignerClient& signer, std::function<void()> keys_changed,
                         std::function<void()> each_round)
    : view_(view),
      configuration_(configuration),
      ocsp_(ocsp),
      timestamping_(timestamping),
      keys_(keys),
      signer_(signer),
      keys_changed_(std::move(keys_changed)),
      each_round_(std::move(each_round)),
      tasks_(threads.at(0)),
      thread_([this] {
        round();
        const bool good = view_.current()->check_valid(now() + kAboutToExpire).ok();
        return good ? kRound : kHastyRound;
      }) {}

void ProxyUpkeep::round() {
  each_round_();
  timestamping_.refresh();
  auto refreshed = view_.refresh();
  const std::string problem = refreshed ? std::string() : refreshed.error().text;
  if (problem != configuration_fault_ && !problem.empty()) log::warn("global configuration not loaded: {}", problem);
  configuration_fault_ = problem;
  if (refreshed && *refreshed) tell_of(*view_.current());
  const bool changed = ocsp_.reload() || (refreshed && *refreshed) || Clock::now() >= keys_due_;
  if (changed) keys_due_ = Clock::now() + kKeyPeriod;
  tasks_.spawn("keys", [this, changed]() -> net::Task<void> { return renew_keys(changed); });
}

net::Task<void> ProxyUpkeep::renew_keys(bool files_changed) {
  again_ = again_ || files_changed;
  if (renewing_) co_return;
  renewing_ = true;
  auto version = co_await signer_.version();
  const ServerId own = configuration_.current()->id;
  if (version && (again_ || *version != signer_version_ || own != judged_for_)) {
    again_ = false;
    signer_version_ = *version;
    judged_for_ = own;
    co_await keys_.refresh(view_.current(), own);
    keys_changed_();
    if (std::string summary = keys_.summary(); summary != keys_summary_) {
      log::info("keys usable: {}", summary);
      keys_summary_ = std::move(summary);
    }
  }
  renewing_ = false;
}

}  // namespace causeway::securityserver
