// SPDX-License-Identifier: MIT
#include "securityserver/management/status_rounds.hpp"

#include "base/log.hpp"
#include "securityserver/management/certificate_statuses.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::chrono::milliseconds kSlice{500};  // how soon a new configuration is noticed

}  // namespace

StatusRounds::StatusRounds(const globalconf::ViewHolder& view, Files files, std::chrono::seconds interval)
    : view_(view), files_(std::move(files)), interval_(interval), thread_([this] { return look(); }) {}

std::chrono::milliseconds StatusRounds::look() {
  if (Clock::now() < due_ && view_.version() == seen_) return kSlice;
  seen_ = view_.version();
  due_ = Clock::now() + interval_;
  const auto changed = round();
  const std::string trouble = changed ? std::string() : changed.error().text;
  if (!trouble.empty() && trouble != told_) log::warn("statuses of certificates are not updated: {}", trouble);
  told_ = trouble;
  return kSlice;
}

Result<int> StatusRounds::round() {
  const auto view = view_.current();
  // Without a configuration that counts there is nothing to be told.
  if (!view->check_valid(now())) return 0;
  if (configuration_) {
    configuration_->reload_if_changed();
  } else {
    auto opened = ConfigurationHolder::open(files_.configuration, std::chrono::milliseconds(0));
    if (!opened) return opened.error();
    configuration_ = *std::move(opened);
  }
  auto signer = signer::SignerConnection::open(files_.signer);
  if (!signer) return signer.error();
  return update_certificate_statuses(*signer, *view, configuration_->current()->id);
}

}  // namespace causeway::securityserver
