// SPDX-License-Identifier: MIT
#include "ecosystem/plan.hpp"

#include <stdexcept>

namespace causeway::ecosystem {
namespace {

// What sets one country apart from the other.
struct Profile {
  std::string id, folder, trust_name, profile;
  Country country;
  std::string network;  // "127.78.1."
  std::string provider_code, provider_name, consumer_code, consumer_name;
  std::string app, app_name;
};

template <class T>
T valid(Result<T> result) {
  // The texts below are constants: a fault here is a mistake of this file.
  if (!result) throw std::logic_error(result.error().text);
  return *std::move(result);
}

PlannedInstance instance_of(const Profile& p) {
  const auto provider = [&](std::string subsystem) {
    return valid(ClientId::make(p.id, "GOV", p.provider_code, std::move(subsystem)));
  };
  const auto consumer = [&](std::string subsystem) {
    return valid(ClientId::make(p.id, "COM", p.consumer_code, std::move(subsystem)));
  };
  const ClientId management = provider("management"), population = provider("population"),
                 business = provider("business"), lab = provider("lab");
  const ClientId app = consumer(p.app), secure_app = consumer("mobile"), visitor = consumer("visitor"),
                 newcomer = consumer("newcomer");
  return {.id = p.id,
          .country = p.country,
          .folder = p.folder,
          .trust_name = p.trust_name,
          .profile = "ee.ria.xroad.common.certificateprofile.impl." + p.profile + "CertificateProfileInfoProvider",
          .provider = {.id = valid(ServerId::make(p.id, "GOV", p.provider_code, "ss1")),
                       .folder = "ss1",
                       .owner_name = p.provider_name,
                       .address = p.network + "1",
                       .clients = {{.id = management, .name = std::string(kManagementName)},
                                   {.id = population, .name = "Population register"},
                                   {.id = business, .name = "Business register"},
                                   {.id = lab, .name = "Services to try things out"}}},
          .consumer = {.id = valid(ServerId::make(p.id, "COM", p.consumer_code, "ss2")),
                       .folder = "ss2",
                       .owner_name = p.consumer_name,
                       .address = p.network + "2",
                       .clients = {{.id = app, .name = p.app_name},
                                   {.id = secure_app, .name = "Mobile application", .tls_required = true},
                                   {.id = visitor, .name = "Visitor without rights"},
                                   {.id = newcomer, .name = "Not registered yet", .registered = false}}},
          .partners = {"partners", "Who may use the lab of every country", {app, secure_app}},
          .management = management,
          .population = population,
          .business = business,
          .lab = lab,
          .app = app,
          .secure_app = secure_app,
          .visitor = visitor,
          .newcomer = newcomer};
}

}  // namespace

const PlannedInstance& Plan::partner_of(const PlannedInstance& instance) const {
  for (const PlannedInstance& other : instances) {
    if (other.id != instance.id) return other;
  }
  return instance;
}

Plan make_plan(bool federation) {
  Plan plan;
  plan.instances.push_back(instance_of({.id = "EE",
                                        .folder = "ee",
                                        .trust_name = "Estonian Test Trust Services",
                                        .profile = "SkKlass3",
                                        .country = Country::estonia,
                                        .network = "127.78.1.",
                                        .provider_code = "70012341",
                                        .provider_name = "Registrite Keskus",
                                        .consumer_code = "16990016",
                                        .consumer_name = "Saare Pank AS",
                                        .app = "bank",
                                        .app_name = "Internet bank"}));
  if (federation) {
    plan.instances.push_back(instance_of({.id = "FI",
                                          .folder = "fi",
                                          .trust_name = "Finnish Test Trust Services",
                                          .profile = "FiVRK",
                                          .country = Country::finland,
                                          .network = "127.78.2.",
                                          .provider_code = "9001234-6",
                                          .provider_name = "Rekisterivirasto",
                                          .consumer_code = "3999001-3",
                                          .consumer_name = "Saimaan Vakuutus Oy",
                                          .app = "insurance",
                                          .app_name = "Insurance portal"}));
  }
  return plan;
}

}  // namespace causeway::ecosystem
