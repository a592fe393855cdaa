// SPDX-License-Identifier: MIT
// Published configurations, fetched without a network: hosts with document roots, and
// whatever a test puts in the way.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "globalconf/fetcher.hpp"
#include "globalconf/publisher.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::globalconf {

// One Central Server: its publisher and what it serves at http://<host>/. The newest
// version alone, unless an older one is asked for.
struct Site {
  Site(const std::string& instance, const std::string& host, int oldest_version = kNewestVersion);
  testing::TemporaryDirectory docroot;
  std::string host;
  Publisher publisher;
};

class SiteFetcher : public Fetcher {
 public:
  void add(const Site& site) { docroots_[site.host] = site.docroot.path(); }
  // Asked first; what it gives is the answer.
  std::function<std::optional<Result<FetchedDocument>>(const std::string& url)> intercept;
  std::vector<std::string> requests;  // addresses, in order
  // By how much the clock of the sites is ahead; without it they do not say what time it is.
  std::optional<std::chrono::seconds> clock_ahead;
  std::optional<TimePoint> date = {};  // or that it is this

  net::Task<Result<FetchedDocument>> get(std::string url, std::size_t limit) override;

 private:
  Result<FetchedDocument> serve(const std::string& url, std::size_t limit) const;
  std::map<std::string, std::filesystem::path> docroots_;
};

}  // namespace causeway::globalconf
