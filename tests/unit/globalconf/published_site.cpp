// SPDX-License-Identifier: MIT
#include "unit/globalconf/published_site.hpp"

#include "base/files.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::globalconf {

namespace {

PublisherOptions options_for(const std::string& instance, const std::filesystem::path& docroot, const std::string& host,
                             int oldest_version) {
  PublisherOptions options;
  options.instance = instance;
  options.docroot = docroot;
  options.addresses = {host};
  options.oldest_version = oldest_version;
  return options;
}

}  // namespace

Site::Site(const std::string& instance, const std::string& on_host, int oldest_version)
    : host(on_host),
      publisher(options_for(instance, docroot.path(), on_host, oldest_version), sample_pki().internal(),
                sample_pki().external()) {}

net::Task<Result<FetchedDocument>> SiteFetcher::get(std::string url, std::size_t limit) {
  requests.push_back(url);
  if (intercept)
    if (auto answer = intercept(url)) co_return *std::move(answer);
  auto answer = serve(url, limit);
  if (answer && clock_ahead) answer->date = now() + *clock_ahead;
  if (answer && date) answer->date = date;
  co_return answer;
}

Result<FetchedDocument> SiteFetcher::serve(const std::string& url, std::size_t limit) const {
  const std::string scheme = "http://";
  if (!url.starts_with(scheme)) return Fault{"network_error", "no TLS here"};
  const std::size_t slash = url.find('/', scheme.size());
  const auto docroot = docroots_.find(url.substr(scheme.size(), slash - scheme.size()));
  if (docroot == docroots_.end()) return Fault{"unknown_host", "unknown host"};
  std::string path = url.substr(slash);
  const std::size_t query = path.find("?version=");
  if (query != std::string::npos) path = "/V" + path.substr(query + 9) + path.substr(0, query);
  auto content = read_file(docroot->second.string() + path, limit);
  if (!content) return FetchedDocument{404, {}};
  return FetchedDocument{200, to_bytes(*content)};
}

}  // namespace causeway::globalconf
