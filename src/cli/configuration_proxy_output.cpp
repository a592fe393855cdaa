// SPDX-License-Identifier: MIT
#include "cli/configuration_proxy_output.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "configurationproxy/proxy_anchor.hpp"
#include "configurationproxy/publication.hpp"

namespace causeway::cli {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value, const char* otherwise) {
  return value.is_string() ? std::string(value.as_string()) : otherwise;
}

std::string outcome_of(const configurationproxy::VersionReport& version) {
  std::string text = version.expires ? "valid until " + to_iso_seconds(*version.expires) : "not published";
  if (!version.given) text += "; the source does not have it";
  if (version.fault) text += "; " + version.fault->code + ": " + version.fault->text;
  return text;
}

}  // namespace

json::object describe_instance(const configurationproxy::ProxySettings& settings,
                               const configurationproxy::InstanceConfiguration& instance) {
  const auto told = [](const auto& result) -> json::value {
    return result ? json::value(nullptr) : json::value(result.error().text);
  };
  json::object out{{"instance", instance.name()}};
  const auto validity = instance.validity();
  out["validity_seconds"] = validity ? json::value(validity->count()) : json::value(nullptr);
  out["validity_fault"] = told(validity);
  const auto anchor = instance.source_anchor();
  const auto hash = instance.source_anchor_hash();
  out["anchor"] = {{"instance", anchor ? json::value(anchor->instance) : json::value(nullptr)},
                   {"generated_at", anchor && anchor->generated_at ? json::value(to_iso_seconds(*anchor->generated_at))
                                                                   : json::value(nullptr)},
                   {"hash", hash ? json::value(*hash) : json::value(nullptr)},
                   {"fault", told(anchor)}};
  json::array urls, keys, published;
  for (const auto& url : configurationproxy::configuration_urls(settings, instance.name())) urls.emplace_back(url);
  for (const auto& key : instance.keys())
    keys.push_back({{"key", key},
                    {"active", key == instance.active_key()},
                    {"certificate", instance.certificate_file(key).string()},
                    {"fault", told(instance.certificate(key))}});
  const configurationproxy::Publication publication(settings.published / instance.name());
  for (const int version : globalconf::kVersions)
    if (const auto expires = publication.expires(version))
      published.push_back({{"version", version}, {"expires", to_iso_seconds(*expires)}, {"valid", *expires > now()}});
  out["urls"] = std::move(urls);
  out["keys"] = std::move(keys);
  out["published"] = std::move(published);
  return out;
}

void print_instance(const json::object& told) {
  const json::object& anchor = told.at("anchor").as_object();
  fmt::print("Configuration proxy instance {}\n", text_of(told.at("instance"), ""));
  if (told.at("validity_seconds").is_null())
    fmt::print("  validity   {}\n", text_of(told.at("validity_fault"), ""));
  else
    fmt::print("  validity   {} s\n", told.at("validity_seconds").as_int64());
  if (anchor.at("fault").is_null())
    fmt::print("  source     {}, anchor of {}\n             hash {}\n", text_of(anchor.at("instance"), ""),
               text_of(anchor.at("generated_at"), "unknown time"), text_of(anchor.at("hash"), ""));
  else
    fmt::print("  source     {}\n", text_of(anchor.at("fault"), ""));
  for (const json::value& url : told.at("urls").as_array()) fmt::print("  url        {}\n", text_of(url, ""));
  if (told.at("urls").as_array().empty())
    fmt::print("  url        none: set configuration-proxy.address in conf.d/local.ini\n");
  for (const json::value& value : told.at("keys").as_array()) {
    const json::object& key = value.as_object();
    fmt::print("  key        {}{}  {}\n", text_of(key.at("key"), ""), key.at("active").as_bool() ? "  active" : "",
               text_of(key.at("fault"), text_of(key.at("certificate"), "").c_str()));
  }
  if (told.at("keys").as_array().empty()) fmt::print("  key        none: add one with add-signing-key\n");
  for (const json::value& value : told.at("published").as_array()) {
    const json::object& version = value.as_object();
    fmt::print("  published  version {}, {} {}\n", version.at("version").as_int64(),
               version.at("valid").as_bool() ? "valid until" : "EXPIRED at", text_of(version.at("expires"), ""));
  }
}

void print_status(const configurationproxy::ProxyStatus& status) {
  for (const auto& instance : status.instances) {
    const bool good = instance.good(now());
    fmt::print("{}  {}, round of {}\n", instance.name, good ? "good" : "AT FAULT", to_iso_seconds(instance.attempted));
    if (instance.fault) fmt::print("  {}: {}\n", instance.fault->code, instance.fault->text);
    for (const auto& version : instance.versions)
      fmt::print("  version {}: {}\n", version.version, outcome_of(version));
  }
}

}  // namespace causeway::cli
