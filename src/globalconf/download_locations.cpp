// SPDX-License-Identifier: MIT
#include "globalconf/download_locations.hpp"

#include <algorithm>
#include <memory>
#include <random>

namespace causeway::globalconf {
namespace {

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";

bool is_web_address(std::string_view url) { return url.starts_with(kHttp) || url.starts_with(kHttps); }

std::string as_https(std::string_view url) {
  return url.starts_with(kHttp) ? std::string(kHttps).append(url.substr(kHttp.size())) : std::string(url);
}

// Appends the https forms of a group, then the http ones; what is there already is left out.
void append_group(std::vector<DownloadLocation>& locations, const std::vector<DownloadLocation>& group,
                  const Shuffle& shuffle) {
  std::vector<DownloadLocation> secure, plain;
  const auto add = [](std::vector<DownloadLocation>& to, DownloadLocation location) {
    const auto same = [&](const DownloadLocation& known) {
      return known.url == location.url && known.verification_certificates == location.verification_certificates;
    };
    if (std::none_of(to.begin(), to.end(), same)) to.push_back(std::move(location));
  };
  for (const DownloadLocation& location : group) {
    if (!is_web_address(location.url)) continue;
    add(secure, {as_https(location.url), location.verification_certificates});
    if (location.url.starts_with(kHttp)) add(plain, location);
  }
  shuffle(secure);
  shuffle(plain);
  for (DownloadLocation& location : secure) add(locations, std::move(location));
  for (DownloadLocation& location : plain) add(locations, std::move(location));
}

std::vector<Bytes> certificates_for(std::string_view path, const ConfigurationSource& source) {
  if (path == "internalconf") return source.internal_verification_certificates;
  if (path == "externalconf") return source.external_verification_certificates;
  std::vector<Bytes> both = source.internal_verification_certificates;
  both.insert(both.end(), source.external_verification_certificates.begin(),
              source.external_verification_certificates.end());
  return both;
}

}  // namespace

Shuffle random_shuffle() {
  auto generator = std::make_shared<std::mt19937>(std::random_device{}());
  return [generator](std::span<DownloadLocation> locations) {
    std::shuffle(locations.begin(), locations.end(), *generator);
  };
}

std::optional<std::string> configuration_path(const Anchor& anchor) {
  for (const std::string_view scheme : {kHttp, kHttps}) {
    for (const AnchorSource& source : anchor.sources) {
      if (!source.download_url.starts_with(scheme)) continue;
      const std::size_t slash = source.download_url.find('/', scheme.size());
      if (slash == std::string::npos) continue;
      return source.download_url.substr(slash + 1);
    }
  }
  return std::nullopt;
}

std::vector<DownloadLocation> download_locations(const Anchor& anchor, std::span<const ConfigurationSource> stored,
                                                 const Shuffle& shuffle) {
  std::vector<DownloadLocation> locations;
  if (const auto path = configuration_path(anchor)) {
    std::vector<DownloadLocation> group;
    for (const ConfigurationSource& source : stored)
      group.push_back({std::string(kHttp) + source.address + "/" + *path, certificates_for(*path, source)});
    append_group(locations, group, shuffle);
  }
  std::vector<DownloadLocation> anchored;
  for (const AnchorSource& source : anchor.sources)
    anchored.push_back({source.download_url, source.verification_certificates});
  append_group(locations, anchored, shuffle);
  return locations;
}

bool has_version(std::string_view url) {
  url = url.substr(0, url.find('#'));
  std::size_t at = url.find('?');
  while (at != std::string_view::npos) {
    const std::string_view rest = url.substr(at + 1);
    if (rest.starts_with("version=") || rest == "version" || rest.starts_with("version&")) return true;
    const std::size_t next = rest.find('&');
    at = next == std::string_view::npos ? next : at + 1 + next;
  }
  return false;
}

std::string with_version(std::string_view url, int version) {
  std::string out(url.substr(0, url.find('#')));
  out += out.find('?') == std::string::npos ? '?' : '&';
  return out + "version=" + std::to_string(version);
}

std::optional<std::string> resolve_location(std::string_view directory_url, std::string_view reference) {
  // A line end or a blank would change the request that is made of it.
  const auto forbidden = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; };
  if (!is_web_address(directory_url) || reference.empty() || std::any_of(reference.begin(), reference.end(), forbidden))
    return std::nullopt;
  if (is_web_address(reference)) return std::string(reference);
  const std::size_t host = directory_url.find("//") + 2;
  const std::size_t path = std::min(directory_url.find_first_of("/?#", host), directory_url.size());
  const std::string_view scheme = directory_url.substr(0, host - 2);
  if (reference.starts_with("//")) return std::string(scheme).append(reference);
  const std::string_view origin = directory_url.substr(0, path);
  if (reference.starts_with('/')) return std::string(origin).append(reference);
  if (reference.find(':') < reference.find_first_of("/?#")) return std::nullopt;  // another scheme
  const std::string_view whole = directory_url.substr(0, directory_url.find_first_of("?#", host));
  const std::size_t folder = whole.find_last_of('/');
  if (folder == std::string_view::npos || folder < path) return std::string(origin) + "/" + std::string(reference);
  return std::string(whole.substr(0, folder + 1)).append(reference);
}

}  // namespace causeway::globalconf
