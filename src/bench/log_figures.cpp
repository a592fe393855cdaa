// SPDX-License-Identifier: MIT
#include "bench/log_figures.hpp"

#include <chrono>
#include <string>
#include <vector>

#include "domain/fault_code.hpp"
#include "securityserver/messagelog/index_status.hpp"
#include "securityserver/messagelog/message_log.hpp"

namespace causeway::bench {
namespace {

constexpr std::size_t kFinds = 1000;

std::uint64_t size_of(const std::filesystem::path& directory) {
  std::uint64_t octets = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const std::uint64_t size = entry.is_regular_file(error) ? entry.file_size(error) : 0;
    if (!error) octets += size;
  }
  return octets;
}

// Ids of messages from all over the log.
Result<std::vector<std::string>> some_ids(const securityserver::LogPlace& place, std::uint64_t records) {
  std::vector<std::string> ids;
  constexpr std::uint64_t kPlaces = 20;
  for (std::uint64_t i = 0; i < kPlaces; ++i) {
    const auto page = find_records(place, {.after = records / kPlaces * i, .limit = kFinds / kPlaces});
    if (!page) return page.error();
    for (const auto& record : *page) ids.push_back(record.query_id);
  }
  return ids;
}

}  // namespace

Result<LogFigures> log_figures(const std::filesystem::path& directory) {
  const securityserver::LogPlace place{.directory = directory.string()};
  const auto status = securityserver::index_status(place);
  if (!status) return status.error();
  if (status->last_logged == 0) return fault(FaultCode::not_found, "an empty log: " + directory.string());
  LogFigures figures{
      .records = status->last_logged,
      .octets_per_record = static_cast<double>(size_of(directory)) / static_cast<double>(status->last_logged),
      .find = {}};
  const auto ids = some_ids(place, figures.records);
  if (!ids) return ids.error();
  for (const std::string& id : *ids) {
    const auto begin = std::chrono::steady_clock::now();
    const auto found = find_records(place, {.query_id = id});
    if (!found) return found.error();
    figures.find.add(std::chrono::steady_clock::now() - begin);
    if (found->empty()) return fault(FaultCode::not_found, "a logged message is not found: " + id);
  }
  return figures;
}

}  // namespace causeway::bench
