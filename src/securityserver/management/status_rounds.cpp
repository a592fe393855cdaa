// SPDX-License-Identifier: MIT
#include "securityserver/management/status_rounds.hpp"

#include "base/log.hpp"
#include "securityserver/management/certificate_statuses.hpp"
#include "securityserver/management/client_statuses.hpp"
#include "securityserver/management/owner_change.hpp"
#include "securityserver/management/registration_file.hpp"
#include "securityserver/management/server_requests.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::chrono::milliseconds kSlice{500};  // how soon a new configuration is noticed

}  // namespace

StatusRounds::StatusRounds(const globalconf::ViewHolder& view, Settings settings)
    : view_(view), settings_(std::move(settings)), thread_([this] { return look(); }) {}

std::chrono::milliseconds StatusRounds::look() {
  if (!configuration_changed() && Clock::now() < due_ && view_.version() == seen_) return kSlice;
  seen_ = view_.version();
  due_ = Clock::now() + settings_.interval;
  const auto done = round();
  const std::string trouble = done ? std::string() : done.error().text;
  if (!trouble.empty() && trouble != told_) log::warn("registrations are not kept up: {}", trouble);
  told_ = trouble;
  return kSlice;
}

bool StatusRounds::configuration_changed() { return configuration_ && configuration_->reload_if_changed(); }

Result<void> StatusRounds::round() {
  const auto view = view_.current();
  // Without a configuration that counts there is nothing to be told.
  if (!view->check_valid(now())) return {};
  if (!configuration_) {
    auto opened = ConfigurationHolder::open(settings_.configuration, std::chrono::milliseconds(0));
    if (!opened) return opened.error();
    configuration_ = *std::move(opened);
  }
  auto signer = signer::SignerConnection::open(settings_.signer);
  // While the server itself is not known, only the signer can tell whether it is by another owner.
  if (!signer && view->server(configuration_->current()->id) == nullptr) return signer.error();
  if (signer)
    if (auto followed = follow_owner(*view, *signer); !followed) return followed;
  if (auto followed = follow_clients(*view); !followed) return followed;
  if (!signer) return signer.error();
  const auto changed =
      update_certificate_statuses(*signer, *view, configuration_->current()->id, settings_.activate_certificates);
  return changed ? Result<void>() : changed.error();
}

Result<void> StatusRounds::follow_owner(const globalconf::View& view, signer::SignerConnection& signer) {
  const auto configuration = configuration_->current();
  if (view.server(configuration->id) != nullptr) return {};
  const auto tokens = signer.list_tokens();
  if (!tokens) return tokens.error();
  const auto owner = owner_by_configuration(*configuration, view, *tokens);
  if (!owner) return {};
  const auto noted = RegistrationFile(settings_.configuration).change([&](Registrations& registrations) {
    note_owner(registrations, *configuration, *owner);
  });
  if (!noted) return noted;
  log::info("the owner of this server is {} now, and was {}", owner->to_string(),
            configuration->id.owner().to_string());
  return configuration_->keep_up();
}

Result<void> StatusRounds::follow_clients(const globalconf::View& view) {
  Result<void> read;
  std::vector<StatusChange> changes;
  const auto noted = RegistrationFile(settings_.configuration).change([&](Registrations& registrations) {
    // A client that was added a moment ago may be noted already: only what stands there now counts.
    read = configuration_->keep_up();
    if (!read) return;
    const auto configuration = configuration_->current();
    changes = follow_configuration(registrations, *configuration, view);
    follow_server(registrations, configuration->id, view);
  });
  if (!noted) return noted;
  for (const StatusChange& change : changes)
    log::info("client {} is {} now, and was {}", change.client.to_string(), to_string(change.to),
              to_string(change.from));
  return read ? configuration_->keep_up() : read;
}

}  // namespace causeway::securityserver
