// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "country/api_answer.hpp"
#include "country/plan_draft.hpp"

namespace causeway::country {
namespace {

namespace json = boost::json;

// What is in both, in the file only, on the server only; by what tells two of a kind apart. Of several
// alike, as a server may have, the first counts.
template <class T>
struct Pairs {
  std::vector<std::pair<const T*, const T*>> both;  // wanted, there
  std::vector<const T*> missing, surplus;

  template <class Key>
  Pairs(const std::vector<T>& wanted, const std::vector<T>& there, Key key) {
    std::map<std::string, const T*> by_key;
    for (const T& each : there)
      if (!by_key.emplace(key(each), &each).second) surplus.push_back(&each);
    for (const T& each : wanted) {
      const auto found = by_key.find(key(each));
      if (found == by_key.end()) {
        missing.push_back(&each);
        continue;
      }
      both.emplace_back(&each, found->second);
      by_key.erase(found);
    }
    for (const auto& [name, each] : by_key) surplus.push_back(each);
  }
};

const std::string& digest_of(const CertificateAuthority& authority) { return authority.certificate.sha256; }

std::string name_of(const NamedCertificate& named) {
  const std::string digest = named.sha256.substr(0, 16);
  return named.certificate ? named.certificate->subject_rfc2253() + " (" + digest + "...)" : digest + "...";
}

FormFile upload(const NamedCertificate& named, const std::string& what) {
  if (!named.certificate)
    throw NotPlannable{
        {"malformed_country", fmt::format("the certificate of the {} has to be added, but the file knows "
                                          "its digest only: {}; give the certificate itself",
                                          what, named.sha256)}};
  return {.field = "certificate", .name = "certificate.pem", .content = named.certificate->to_pem()};
}

// "/certification-services/17", or with the number that an earlier step will give.
struct Owner {
  std::string path, needs = {}, name;
};

class TrustPlanner {
 public:
  TrustPlanner(PlanDraft& draft, const Country& wanted, const Country& there)
      : draft_(draft), wanted_(wanted), there_(there) {}

  void plan() {
    if (wanted_.certification_services) plan_services();
    if (wanted_.timestamping_services) plan_timestamping();
    if (wanted_.trusted_anchors) plan_anchors();
    if (wanted_.configuration_parts) plan_parts();
  }

 private:
  void plan_services() {
    const auto key = [](const CertificationService& service) { return digest_of(service.top); };
    const Pairs<CertificationService> pairs(*wanted_.certification_services, *there_.certification_services, key);
    for (const CertificationService* const each : pairs.missing) add_service(*each);
    for (const auto& [wanted, there] : pairs.both) change_service(*wanted, *there);
    for (const CertificationService* const each : pairs.surplus)
      draft_.surplus(Removal::service, "certification service", name_of(each->top.certificate),
                     service_path(each->top.number));
  }

  static std::string service_path(std::int64_t number) { return fmt::format("/certification-services/{}", number); }

  static FormTexts form_of(const CertificationSettings& settings) {
    FormTexts texts{{"certificate_profile_info", settings.profile},
                    {"tls_auth", settings.authentication_only ? "true" : "false"},
                    {"default_csr_format", settings.csr_format}};
    for (const auto& [name, value] : acme_of(settings))
      if (!value.empty()) texts.emplace_back(name, value);
    return texts;
  }
  static FormTexts acme_of(const CertificationSettings& settings) {
    return {{"acme_server_directory_url", settings.acme_directory_url},
            {"acme_server_ip_address", settings.acme_ip_addresses},
            {"authentication_certificate_profile_id", settings.acme_authentication_profile},
            {"signing_certificate_profile_id", settings.acme_signing_profile}};
  }

  void add_service(const CertificationService& service) {
    const std::string name = name_of(service.top.certificate);
    const std::string number = "service " + service.top.certificate.sha256;
    draft_.step({.action = Action::add,
                 .kind = "certification service",
                 .subject = name,
                 .detail = service.settings.profile,
                 .call = form_call("POST", "/certification-services", form_of(service.settings),
                                   upload(service.top.certificate, "certification service")),
                 .gives = number});
    const Owner owner{.path = "/certification-services/{number}", .needs = number, .name = name};
    plan_responders(owner, service.top.ocsp_responders, {});
    plan_intermediates(owner, service.intermediates, {});
  }

  void change_service(const CertificationService& wanted, const CertificationService& there) {
    const std::string name = name_of(wanted.top.certificate);
    const Owner owner{.path = service_path(there.top.number), .name = name};
    if (wanted.settings != there.settings) {
      // All of them: what is left out would stay, but one, which would not.
      json::object body;
      for (const auto& [field, value] : form_of(wanted.settings)) body[field] = value;
      for (const auto& [field, value] : acme_of(wanted.settings)) body[field] = value;
      draft_.step({.action = Action::change,
                   .kind = "certification service",
                   .subject = name,
                   .detail = differences(there.settings, wanted.settings),
                   .call = json_call("PATCH", owner.path, body)});
    }
    plan_responders(owner, wanted.top.ocsp_responders, there.top.ocsp_responders);
    plan_intermediates(owner, wanted.intermediates, there.intermediates);
  }

  static std::string differences(const CertificationSettings& before, const CertificationSettings& after) {
    FormTexts old_texts = form_of(before), new_texts = form_of(after);
    std::string out;
    const auto compare = [&](const FormTexts& olds, const FormTexts& news) {
      for (std::size_t i = 0; i < news.size(); ++i)
        if (olds[i].second != news[i].second)
          out += (out.empty() ? "" : "; ") + changed(news[i].first, olds[i].second, news[i].second);
    };
    old_texts.resize(3);
    new_texts.resize(3);
    compare(old_texts, new_texts);
    compare(acme_of(before), acme_of(after));
    return out;
  }

  void plan_intermediates(const Owner& service, const std::vector<CertificateAuthority>& wanted,
                          const std::vector<CertificateAuthority>& there) {
    const Pairs<CertificateAuthority> pairs(wanted, there, &digest_of);
    for (const CertificateAuthority* const each : pairs.missing) {
      const std::string number = "intermediate " + each->certificate.sha256 + " of " + service.needs + service.path;
      draft_.step({.action = Action::add,
                   .kind = "intermediate CA",
                   .subject = name_of(each->certificate),
                   .detail = "of " + service.name,
                   .call = form_call("POST", service.path + "/intermediate-cas", {},
                                     upload(each->certificate, "intermediate CA")),
                   .needs = service.needs,
                   .gives = number});
      plan_responders({.path = "/intermediate-cas/{number}", .needs = number, .name = name_of(each->certificate)},
                      each->ocsp_responders, {});
    }
    for (const auto& [wanted_one, there_one] : pairs.both)
      plan_responders({.path = intermediate_path(there_one->number), .name = name_of(wanted_one->certificate)},
                      wanted_one->ocsp_responders, there_one->ocsp_responders);
    for (const CertificateAuthority* const each : pairs.surplus)
      draft_.surplus(Removal::intermediate, "intermediate CA", name_of(each->certificate),
                     intermediate_path(each->number));
  }

  static std::string intermediate_path(std::int64_t number) { return fmt::format("/intermediate-cas/{}", number); }
  static std::string responder_path(std::int64_t number) { return fmt::format("/ocsp-responders/{}", number); }

  void plan_responders(const Owner& owner, const std::vector<OcspResponder>& wanted,
                       const std::vector<OcspResponder>& there) {
    const Pairs<OcspResponder> pairs(wanted, there, [](const OcspResponder& each) { return each.url; });
    for (const OcspResponder* const each : pairs.missing) add_responder(owner, *each);
    for (const auto& [wanted_one, there_one] : pairs.both) change_responder(owner, *wanted_one, *there_one);
    for (const OcspResponder* const each : pairs.surplus)
      draft_.surplus(Removal::responder, "OCSP responder", each->url, responder_path(each->number));
  }

  void add_responder(const Owner& owner, const OcspResponder& responder) {
    std::optional<FormFile> certificate;
    if (responder.certificate) certificate = upload(*responder.certificate, "OCSP responder " + responder.url);
    draft_.step({.action = Action::add,
                 .kind = "OCSP responder",
                 .subject = responder.url,
                 .detail = "of " + owner.name,
                 .call = form_call("POST", owner.path + "/ocsp-responders",
                                   {{"url", responder.url}, {"cost_type", responder.cost}}, std::move(certificate)),
                 .needs = owner.needs});
  }

  void change_responder(const Owner& owner, const OcspResponder& wanted, const OcspResponder& there) {
    if (!wanted.certificate && there.certificate) {
      // A change cannot take a certificate away. Killed in between, the next run adds it.
      draft_.step({.action = Action::remove,
                   .kind = "OCSP responder",
                   .subject = wanted.url,
                   .detail = "to add it without its certificate",
                   .call = {.method = "DELETE", .path = responder_path(there.number)}});
      add_responder(owner, wanted);
      return;
    }
    std::string detail;
    if (wanted.cost != there.cost) detail = changed("cost", there.cost, wanted.cost);
    std::optional<FormFile> certificate;
    if (wanted.certificate != there.certificate) {
      certificate = upload(*wanted.certificate, "OCSP responder " + wanted.url);
      detail += (detail.empty() ? "" : "; ") + std::string("another certificate");
    }
    if (detail.empty()) return;
    draft_.step({.action = Action::change,
                 .kind = "OCSP responder",
                 .subject = wanted.url,
                 .detail = detail,
                 .call = form_call("PATCH", responder_path(there.number),
                                   {{"url", wanted.url}, {"cost_type", wanted.cost}}, std::move(certificate))});
  }

  void plan_timestamping() {
    const Pairs<TimestampingService> pairs(*wanted_.timestamping_services, *there_.timestamping_services,
                                           [](const TimestampingService& each) { return each.url; });
    const auto path = [](const TimestampingService& each) {
      return fmt::format("/timestamping-services/{}", each.number);
    };
    for (const TimestampingService* const each : pairs.missing)
      draft_.step({.action = Action::add,
                   .kind = "time-stamping service",
                   .subject = each->url,
                   .detail = name_of(each->certificate),
                   .call = form_call("POST", "/timestamping-services", {{"url", each->url}, {"cost_type", each->cost}},
                                     upload(each->certificate, "time-stamping service " + each->url))});
    for (const auto& [wanted, there] : pairs.both) change_timestamping(*wanted, *there, path(*there));
    for (const TimestampingService* const each : pairs.surplus)
      draft_.surplus(Removal::timestamping, "time-stamping service", each->url, path(*each));
  }

  void change_timestamping(const TimestampingService& wanted, const TimestampingService& there,
                           const std::string& path) {
    std::string detail;
    if (wanted.cost != there.cost) detail = changed("cost", there.cost, wanted.cost);
    std::optional<FormFile> certificate;
    if (wanted.certificate != there.certificate) {
      certificate = upload(wanted.certificate, "time-stamping service " + wanted.url);
      detail += (detail.empty() ? "" : "; ") + std::string("another certificate");
    }
    if (detail.empty()) return;
    draft_.step(
        {.action = Action::change,
         .kind = "time-stamping service",
         .subject = wanted.url,
         .detail = detail,
         .call = form_call("PATCH", path, {{"url", wanted.url}, {"cost_type", wanted.cost}}, std::move(certificate))});
  }

  // An anchor takes the place of the one of its instance.
  void plan_anchors() {
    for (const auto& [instance, anchor] : *wanted_.trusted_anchors) {
      const auto there = there_.trusted_anchors->find(instance);
      const bool is_new = there == there_.trusted_anchors->end();
      if (!is_new && there->second.hash == anchor.hash) continue;
      draft_.step(
          {.action = is_new ? Action::add : Action::change,
           .kind = "trusted anchor",
           .subject = instance,
           .detail = is_new ? anchor.hash : changed("hash", there->second.hash, anchor.hash),
           .call = form_call("POST", "/trusted-anchors", {}, FormFile{"anchor", "anchor.xml", anchor.document})});
    }
    for (const auto& [instance, anchor] : *there_.trusted_anchors)
      if (!wanted_.trusted_anchors->contains(instance))
        draft_.surplus(Removal::anchor, "trusted anchor", instance, "/trusted-anchors/" + in_path(anchor.hash));
  }

  void plan_parts() {
    for (const auto& [identifier, content] : *wanted_.configuration_parts) {
      const auto there = there_.configuration_parts->find(identifier);
      const bool is_new = there == there_.configuration_parts->end();
      if (!is_new && there->second == content) continue;
      draft_.step({.action = is_new ? Action::add : Action::change,
                   .kind = "configuration part",
                   .subject = identifier,
                   .detail = fmt::format("{} octets", content.size()),
                   .call = form_call("POST", "/configuration-sources/INTERNAL/configuration-parts",
                                     {{"content_identifier", identifier}}, FormFile{"file", "part.xml", content})});
    }
    for (const auto& [identifier, content] : *there_.configuration_parts)
      if (!wanted_.configuration_parts->contains(identifier))
        draft_.keep({"configuration part", identifier, "is not in the file; the admin API cannot delete parts"});
  }

  PlanDraft& draft_;
  const Country& wanted_;
  const Country& there_;
};

}  // namespace

void plan_trust(PlanDraft& draft, const Country& wanted, const Country& there) {
  TrustPlanner(draft, wanted, there).plan();
}

}  // namespace causeway::country
