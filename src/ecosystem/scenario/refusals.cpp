// SPDX-License-Identifier: MIT
#include "ecosystem/scenario/refusals.hpp"

#include <fmt/format.h>

#include "ecosystem/samples.hpp"
#include "ecosystem/scenario/forger.hpp"
#include "ecosystem/trust_services.hpp"

namespace causeway::ecosystem {
namespace {

StepOutcome refused(Kit& kit, const PlannedInstance& from, const ClientId& client, const PlannedInstance& to,
                    const ClientId& provider, std::string_view service_code, const RestInput& input,
                    std::string_view error, std::string_view reason = {}) {
  const auto reply = kit.rest(from, client, to, provider, service_code, input);
  if (!reply) return reply.error();
  return expect_error(*reply, error, reason);
}

RestInput get(std::string path) { return {.path = std::move(path), .json = {}, .object = {}}; }

// The provider's server refuses under `reason`.
StepOutcome expect_refusal(const Result<Verdict>& verdict, std::string_view reason) {
  if (!verdict) return verdict.error();
  if (verdict->accepted) return unexpected("the message was accepted");
  if (verdict->code.find(reason) == std::string::npos) {
    return unexpected(fmt::format("refused for another reason: {}: {}", verdict->code, verdict->text));
  }
  return fmt::format("{}: {}", verdict->code, verdict->text);
}

// Without the forgery the same message passes: nothing but the forgery is refused.
Result<void> expect_acceptance(const Result<Verdict>& verdict) {
  if (!verdict) return verdict.error();
  if (verdict->accepted) return {};
  return unexpected(fmt::format("an honest message was refused: {}: {}", verdict->code, verdict->text));
}

}  // namespace

StepOutcome no_right(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  return refused(kit, from, from.visitor, to, to.population, service::kPopulation,
                 get("/persons/" + sample_person(to.country)), "server.serverproxy.access_denied",
                 service::kPopulation);
}

StepOutcome no_right_on_endpoint(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  RestInput input = get("/companies/" + sample_company(to.country) + "/board-members");
  input.method = "POST";
  input.json = "{}";
  // May read there, but not write.
  return refused(kit, from, from.app, to, to.business, service::kBusiness, input, "server.serverproxy.access_denied");
}

StepOutcome disabled_service(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  return refused(kit, from, from.app, to, to.lab, service::kArchive, get("/1"), "server.serverproxy.service_disabled",
                 kArchiveNotice);
}

StepOutcome unknown_service(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  return refused(kit, from, from.app, to, to.lab, "horoscope", get(""), "server.serverproxy.unknown_service",
                 "horoscope");
}

StepOutcome unregistered_client(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  return refused(kit, from, from.newcomer, to, to.population, service::kPopulation,
                 get("/persons/" + sample_person(to.country)), "server.clientproxy.unknown_member",
                 from.newcomer.subsystem());
}

StepOutcome no_client_certificate(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  RestInput input = get("/companies/" + sample_company(to.country));
  constexpr std::string_view error = "server.clientproxy.ssl_authentication_failed";
  auto outcome = refused(kit, from, from.secure_app, to, to.business, service::kBusiness, input, error);
  if (!outcome) return outcome.error().while_doing("over HTTP");
  input.tls = true;
  outcome = refused(kit, from, from.secure_app, to, to.business, service::kBusiness, input, error);
  return outcome ? outcome : outcome.error().while_doing("over HTTPS");
}

StepOutcome tampered_message(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  auto forger = Forger::make(kit, from);
  if (!forger) return forger.error();
  if (auto honest = expect_acceptance(forger->send(to, {})); !honest) return honest.error();
  return expect_refusal(forger->send(to, {.change_octet = true}), "signature_verification");
}

StepOutcome revoked_certificate(Kit& kit, const PlannedInstance& from, const PlannedInstance& to) {
  auto forger = Forger::make(kit, from);
  if (!forger) return forger.error();
  // Once revoked, always revoked: on a second run there is nothing honest to try first.
  const auto before = forger->send(to, {.spare_key = true});
  if (!before) return before.error();
  if (before->accepted) {
    auto revoked = revoke(kit.caller(), kit.ports_of(from), forger->spare_certificate());
    if (!revoked) return revoked.error();
  }
  return expect_refusal(forger->send(to, {.spare_key = true}), "cert_validation");
}

}  // namespace causeway::ecosystem
